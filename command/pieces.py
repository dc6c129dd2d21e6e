"""The pieces that a page shows by the hundred: written here they cost a tenth of a template."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from command.countdown import Countdown
from organization.calendar_words import format_due

KEPT = 1024


@lru_cache(KEPT)
def sign(name: str, css: str = "gc-i") -> SafeString:
    """A sign of the sprite, as decoration."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


@lru_cache(KEPT)
def badge(word: str, tone: str = "", icon: str = "") -> SafeString:
    """A status: word and sign. Tones: "" act done soon late still tough redcard line."""
    css = f"gc-badge gc-badge--{tone}" if tone else "gc-badge"
    return format_html('<span class="{}">{}{}</span>', css, sign(icon) if icon else "", word)


def chip(count: Countdown, label: str = "") -> SafeString:
    """How long is left, after the label, with what countdown.js needs to tick it."""
    return SafeString(f"<span {_ticking(count)}>{_left(count, label)}</span>")


def chip_with_why(count: Countdown, label: str = "") -> SafeString:
    """The chip that tells on a click why; the first sentence is the rule."""
    rule, *reasons = (escape(line) for line in count.why)
    lines = "<br>".join([f"<b>{rule}</b>", *reasons])
    words = escape(_(", why"))
    return SafeString(
        f'<details class="gc-why"><summary {_ticking(count)}>{_left(count, label)}'
        f'<span class="gc-sr">{words}</span></summary>'
        f'<div class="gc-why__box">{lines}</div></details>'
    )


def _left(count: Countdown, label: str) -> str:
    words = f"<span data-count-text>{escape(count.text)}</span>"
    return f"{sign(count.icon)}<span>{escape(label)}{words}</span>"


def _ticking(count: Countdown) -> str:
    """The attributes of a chip; without `left` the page does not tick it."""
    css = f"gc-count gc-count--{count.tone}" if count.tone else "gc-count"
    title = f' title="{format_due(count.due)}"' if count.due else ""
    if count.left is None or count.now is None:
        return f'class="{css}"{title}'
    warn = f' data-warn="{_stamp(count.warn)}"' if count.warn else ""
    return (
        f'class="{css}"{title} data-count data-left="{count.left}" data-hour="{count.hour}"'
        f' data-now="{_stamp(count.now)}"{warn}'
    )


def _stamp(moment: Any) -> str:
    return timezone.localtime(moment).isoformat()


def menu_item(item: Mapping[str, Any]) -> SafeString:
    """A choice of a menu: {label, url, current, count}."""
    count = item.get("count")
    number = "" if count in (None, "") else f' <span class="gc-mute">{escape(str(count))}</span>'
    here, tick = (' aria-current="true"', sign("check")) if item.get("current") else ("", "")
    start = f'<a class="gc-menu__it" href="{escape(item["url"])}"{here}>'
    return SafeString(f"{start}{escape(str(item['label']))}{number}{tick}</a>")
