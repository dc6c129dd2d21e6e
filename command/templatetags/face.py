"""The tags that pages are drawn with: signs, badges, countdowns, times, masks, spark lines."""

import datetime
import json
from typing import Any

from django import forms, template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from command import pieces, signs, wording
from command.countdown import Countdown, countdown_of, tick_words
from organization.calendar_words import format_due, say_amount
from workflow.trace import paper_models

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "gc-i", label: str = "") -> SafeString:
    """A sign of the sprite; with a label it is an image of its own, without one decoration."""
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', css, label, name
        )
    return pieces.sign(name, css)


@register.simple_tag
def badge(thing: Any, tone: str | None = None, icon: str | None = None) -> SafeString:
    """A word in a box. Takes a paper with a status, a dict of word, tone and icon, or a word."""
    found = _badge_of(thing)
    if tone is not None:
        found["tone"] = tone
    if icon is not None:
        found["icon"] = icon
    return pieces.badge(str(found["word"]), found["tone"], found["icon"])


def _badge_of(thing: Any) -> dict[str, str]:
    if isinstance(thing, dict):
        return {"tone": "", "icon": "", **thing}
    status = getattr(thing, "status", None)
    if status is None:
        return {"word": str(thing), "tone": "", "icon": ""}
    tone, icon = signs.status_sign(thing)
    return {"word": thing.get_status_display(), "tone": tone, "icon": icon}


@register.simple_tag
def countdown(clock: Any, label: str = "", why: bool = True) -> SafeString | str:
    """How long a clock still runs. Takes a Clock row, a Countdown or a dict of its fields."""
    if not clock:
        return ""
    if isinstance(clock, dict):
        clock = Countdown(**clock)
    elif not isinstance(clock, Countdown):
        clock = countdown_of(clock)
    draw = pieces.chip_with_why if why and clock.why else pieces.chip
    return draw(clock, str(label))


@register.simple_tag
def menu_items(options: list[dict[str, Any]]) -> SafeString:
    return SafeString("".join(map(pieces.menu_item, options)))


@register.filter
def when(moment: datetime.datetime | None) -> SafeString | str:
    """A time as people say it, the exact one on hover and in print."""
    return _time(moment, wording.say_when)


@register.filter
def ago(moment: datetime.datetime | None) -> SafeString | str:
    return _time(moment, wording.say_ago)


def _time(moment: datetime.datetime | None, say: Any) -> SafeString | str:
    if not moment:
        return "—"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        wording.say_exactly(moment),
        say(moment),
    )


@register.filter
def exactly(due: datetime.datetime) -> str:
    return format_due(due)


@register.simple_tag
def today() -> str:
    return wording.say_date(timezone.localdate())


register.simple_tag(tick_words)


@register.filter
def mask(text: object) -> str:
    return wording.mask(text)


@register.filter
def limit(clock: Any) -> str:
    """The limit of a clock in words."""
    return say_amount(clock.limit, clock.unit)


@register.filter
def amount(count: Any, unit: str) -> str:
    """A length of time in words."""
    return say_amount(count, unit)


@register.filter
def clock_word(what: str) -> str:
    return str(signs.CLOCK_WORDS.get(what, what))


@register.filter
def step_word(notice: Any) -> str:
    """The step that a notice tells of, as its flow calls it."""
    flow = next((m.flow for m in paper_models() if m.flow.name == notice.flow), None)
    return str(flow.label(notice.verb)) if flow and notice.verb in flow.verbs else ""


@register.filter
def day_word(moment: datetime.datetime) -> str:
    """Today, yesterday, or the date."""
    return wording.say_day(timezone.localdate(moment), timezone.localdate())


@register.filter
def verb_icon(verb: str) -> str:
    return signs.VERB_ICONS.get(verb, "right")


@register.filter
def verb_tone(verb: str) -> str:
    return signs.VERB_TONES.get(verb, "")


@register.inclusion_tag("parts/spark.html")
def spark(values: list[float]) -> dict[str, str]:
    """A line of a few figures without axes, 112 × 40."""
    return {"line": "", "area": "", "last": ""} if len(values) < 2 else _spark(list(values))


def _spark(values: list[float]) -> dict[str, str]:
    low, high = min(values), max(values)
    step, height = 108 / (len(values) - 1), (high - low) or 1
    points = [(2 + i * step, 36 - 30 * (v - low) / height) for i, v in enumerate(values)]
    line = "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    return {"line": line, "area": f"{line} 110 40 2 40z", "x": f"{x:.1f}", "y": f"{y:.1f}"}


@register.filter
def percent(value: float) -> str:
    """A share as an SVG length that no language setting can spell with a comma."""
    return f"{float(value):.2f}%"


@register.filter
def plain(value: object) -> str:
    """A number as machines write it, whatever the language."""
    return "" if value is None else str(value)


@register.filter
def as_json(value: object) -> str:
    """For a data attribute: the template escapes the quotes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


@register.filter
def clock_time(moment: object) -> str:
    """Hours and minutes of a moment; words stay as they are."""
    if isinstance(moment, datetime.datetime):
        return f"{timezone.localtime(moment):%H:%M}"
    return str(moment or "")


@register.filter
def any_why(actions: list[Any] | None) -> bool:
    return any(_get(action, "why") for action in actions or [])


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@register.filter
def kind(field: forms.BoundField) -> str:
    """Which look a form field takes: photo, check, or the plain one."""
    widget = field.field.widget
    if isinstance(widget, forms.FileInput) and "image" in widget.attrs.get("accept", ""):
        return "photo"
    return "check" if isinstance(widget, forms.CheckboxInput) else ""
