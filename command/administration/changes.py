"""An edit on its way: what it says, what it would move, how far it is, what it moved."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from command.administration.hours import say_mmdd, say_periods
from command.administration.names import (
    clock_word,
    does_word,
    leg_words,
    rung_when,
    scope_words,
)
from command.administration.silence import kind_word, outcome_word
from command.administration.storms import case_word, effect_word
from organization.calendar_words import listed, say_amount
from organization.models import Unit, User
from organization.models.calendar import CalendarDay
from whistle.filings import limit_on
from whistle.flow import ORDER
from whistle.models import Category, Condition, Whistle, WorkOrder
from workflow.models import PolicyChange, Rung, StormOrder, TimeLimit

State, Kind = PolicyChange.State, PolicyChange.Kind
TONES = {State.ASKED: "", State.SHOWN: "act", State.ORDERED: "", State.DONE: "done"}
ICONS = {State.SHOWN: "pen", State.DONE: "check", State.DROPPED: "x"}
MOST_DAYS = 12


def rules() -> QuerySet[PolicyChange]:
    return PolicyChange.objects.select_related("actor", "ordered_by")


def page(change: PolicyChange, user: User) -> dict[str, Any]:
    return {
        "change": change,
        "title": _("Change: %(what)s") % {"what": change.get_kind_display()},
        "what": what(change),
        "badge": badge_of(change),
        "headline": headline(change),
        "examples": examples(change, user),
        "progress": progress(change),
        "state": State,
    }


def badge_of(change: PolicyChange) -> dict[str, str]:
    state = State(change.state)
    return {
        "word": state.label,
        "tone": TONES.get(state, "still"),
        "icon": ICONS.get(state, "clock"),
    }


def progress(change: PolicyChange) -> dict[str, Any]:
    """Of `parts/progress.html`; the page around it asks for itself again."""
    reckoned = change.state == State.ASKED
    return {
        "label": _("Reckoning what moves …") if reckoned else _("Moving the deadlines …"),
        "percent": change.percent,
        "note": _("%(done)s of %(total)s papers; you may leave this page.")
        % {"done": change.done, "total": change.total},
    }


def headline(change: PolicyChange) -> str:
    """What would move, or has been moved: 312件在办时限将变动，其中41件将立即超期."""
    done = change.state == State.DONE
    if not change.moved:
        if done:
            return _("No running limit was moved.")
        return _("No running limit moves.")
    figures = {"moved": change.moved, "overdue": change.overdue}
    if done:
        words = ngettext(
            "%(moved)s running limit was moved, %(overdue)s of them became overdue.",
            "%(moved)s running limits were moved, %(overdue)s of them became overdue.",
            change.moved,
        )
    else:
        words = ngettext(
            "%(moved)s running limit will move, %(overdue)s of them will be overdue at once.",
            "%(moved)s running limits will move, %(overdue)s of them will be overdue at once.",
            change.moved,
        )
    return words % figures


def what(change: PolicyChange) -> list[dict[str, str]]:
    """The edit itself as words and values, of `parts/facts.html`."""
    said = SAID[change.kind](change.body, named_in([change]))
    if before := BEFORE.get(Kind(change.kind), nothing_before)(change.body):
        limit = next(row for row in said if row["label"] == _("Limit"))
        limit["value"] = _("%(before)s → %(after)s") % {"before": before, "after": limit["value"]}
    return said


def limit_before(body: dict[str, Any]) -> str:
    """The limit whose place a new one takes, if there is one."""
    key = {name: body.get(name, "") for name in ("flow", "clock", "kind", "area")}
    rows = TimeLimit.objects.filter(**key, valid_from__lt=body["valid_from"])
    stands = rows.order_by("-valid_from").first()
    return say_amount(stands.amount, stands.unit) if stands else ""


def filing_before(body: dict[str, Any]) -> str:
    """The limit of the condition on the day before the new one."""
    condition = Condition.objects.get(pk=body["condition"])
    eve = datetime.date.fromisoformat(body["valid_from"]) - datetime.timedelta(days=1)
    stands = limit_on(condition, eve)
    return say_amount(stands.amount, stands.unit)


def nothing_before(body: dict[str, Any]) -> str:
    return ""


BEFORE = {Kind.LIMIT: limit_before, Kind.FILING: filing_before}


@dataclass(frozen=True)
class Named:
    """The units, storm orders, filing conditions and classes that edits name by their keys."""

    units: dict[int, Unit]
    storms: dict[int, StormOrder]
    conditions: dict[int, Condition]
    categories: dict[int, Category]


def named_in(changes: list[PolicyChange]) -> Named:
    """Read with one query each, however many edits there are."""
    units = {change.body.get("unit") or change.body.get("area") for change in changes}
    storms = {change.body.get("storm") for change in changes if change.kind == Kind.CALM}
    numbers = [pk for pk in units if isinstance(pk, int)]
    orders = StormOrder.objects.select_related("area")
    filed = {change.body["condition"] for change in changes if change.kind == Kind.FILING}
    conditions = Condition.objects.select_related("category")
    classes = {change.body.get("category") for change in changes} - {None}
    return Named(
        Unit.objects.in_bulk(numbers) if numbers else {},
        orders.in_bulk(list(storms)) if storms else {},
        conditions.in_bulk(list(filed)) if filed else {},
        Category.objects.in_bulk(list(classes)) if classes else {},
    )


def fact(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def said_limit(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    row = TimeLimit(**{name: body.get(name, "") for name in ("flow", "clock", "kind", "area")})
    limit = say_amount(float(body["amount"]), body["unit"])
    if body.get("sample"):
        limit = _("%(limit)s (sample)") % {"limit": limit}
    return [
        fact(_("Leg"), leg_words(row.flow, row.clock)),
        fact(_("Applies to"), scope_words(row)),
        fact(_("Limit"), limit),
        fact(_("In force from"), body["valid_from"]),
    ]


def said_days(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    facts = [fact(_("Year"), listed(str(year) for year in body.get("years", ())))]
    facts += [fact(_("Notice"), body["notice"])] if body.get("notice") else []
    words = {
        CalendarDay.Kind.HOLIDAY: pgettext("day", "off"),
        CalendarDay.Kind.WORKDAY: pgettext("day", "worked"),
        "": pgettext("day", "by the week"),
    }
    days = sorted(body["days"].items())
    said = [
        " ".join(filter(None, (day, words[kind], _(name) if name else "")))
        for day, (kind, name) in days[:MOST_DAYS]
    ]
    more = len(days) - MOST_DAYS
    said += [_("%(n)s more days") % {"n": more}] if more > 0 else []
    return [row for row in facts if row["value"]] + [fact(_("Days"), listed(said))]


def said_hours(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    unit = named.units.get(body.get("unit") or 0)
    seasons = [
        f"{say_mmdd(first)} – {say_mmdd(last)}: {say_periods(periods)}"
        for first, last, periods in body["seasons"]
    ]
    return [
        fact(_("Unit"), unit.title if unit else pgettext("hours", "Whole district")),
        fact(_("Seasons"), listed(seasons) or _("As the unit above")),
        fact(_("In force from"), body["valid_from"]),
    ]


def said_ladder(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    row = Rung(**{name: body.get(name, "") for name in ("flow", "clock", "kind")})
    rungs = [
        f"{rung_when(percent, float(after or 0), unit)} {does_word(does)}"
        for percent, after, unit, does in body["rungs"]
    ]
    return [
        fact(_("Leg"), leg_words(row.flow, row.clock)),
        fact(_("Applies to"), scope_words(row)),
        fact(_("Ladder"), " → ".join(rungs)),
        fact(_("In force from"), body["valid_from"]),
    ]


def said_storm(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    area = named.units.get(body["area"])
    return [
        fact(_("Area"), area.title if area else ""),
        fact(_("Class of problems"), case_word(body.get("case", ""))),
        fact(_("What happens to limits"), effect_word(body["effect"], body.get("percent"))),
        fact(_("Time"), f"{say_moment(body['starts'])} – {say_moment(body['ends'])}"),
    ]


def said_calm(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    storm = named.storms.get(body["storm"])
    return [
        fact(_("Area"), storm.area.title if storm else ""),
        fact(_("What happens to limits"), _("They run on.")),
        fact(_("Time"), say_moment(body["ended_at"])),
    ]


def said_filing(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    condition = named.conditions.get(body["condition"])
    limit = say_amount(float(body["amount"]), body["unit"])
    if body.get("sample"):
        limit = _("%(limit)s (sample)") % {"limit": limit}
    return [
        fact(_("Category"), condition.category.name if condition else ""),
        fact(_("Filing condition"), condition.text if condition else ""),
        fact(_("Limit"), limit),
        fact(_("In force from"), body["valid_from"]),
    ]


def said_silence(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    outcome = outcome_word(body["outcome"])
    if body.get("sample"):
        outcome = _("%(limit)s (sample)") % {"limit": outcome}
    return [
        fact(_("Applies to"), kind_word(body["kind"])),
        fact(_("Not decided or answered in time"), outcome),
        fact(_("In force from"), body["valid_from"]),
    ]


def said_telling(body: dict[str, Any], named: Named) -> list[dict[str, str]]:
    category = named.categories.get(body.get("category") or 0)
    return [
        fact(_("Step"), ORDER.label(body["verb"])),
        fact(_("Category"), str(category) if category else pgettext("telling", "All classes")),
        fact(_("Text of the message"), body["text"] or pgettext("telling", "Nothing is sent")),
        fact(_("In force from"), body["valid_from"]),
    ]


def say_moment(text: str) -> str:
    return f"{timezone.localtime(datetime.datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"


SAID: dict[str, Callable[[dict[str, Any], Named], list[dict[str, str]]]] = {
    Kind.LIMIT: said_limit,
    Kind.CALENDAR: said_days,
    Kind.HOURS: said_hours,
    Kind.LADDER: said_ladder,
    Kind.STORM: said_storm,
    Kind.CALM: said_calm,
    Kind.FILING: said_filing,
    Kind.SILENCE: said_silence,
    Kind.TELLING: said_telling,
}


def examples(change: PolicyChange, user: User) -> list[dict[str, Any]]:
    """Papers that move; what they are about is told to those who may see them."""
    numbers = {row["number"] for row in change.examples}
    seen = {
        paper.number: paper.get_absolute_url()
        for model in (WorkOrder, Whistle)
        for paper in model.objects.visible_to(user).filter(number__in=numbers)
    }
    return [
        {
            "number": row["number"],
            "url": seen.get(row["number"], ""),
            "title": row["title"] if row["number"] in seen else "",
            "leg": clock_word(row["flow"], row["clock"]),
            "before": datetime.datetime.fromisoformat(row["before"]),
            "after": datetime.datetime.fromisoformat(row["after"]),
            "overdue": row["overdue"],
        }
        for row in change.examples
    ]


def listing(rows: list[PolicyChange]) -> list[dict[str, Any]]:
    """The list of changes: each edit in a line."""
    named = named_in(rows)
    return [
        {
            "change": change,
            "brief": " · ".join(row["value"] for row in SAID[change.kind](change.body, named)),
            "badge": badge_of(change),
            "url": reverse("policy_change", args=[change.pk]),
        }
        for change in rows
    ]
