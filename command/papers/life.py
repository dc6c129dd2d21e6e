"""The whole life of an order in words: one section a paper, for the page and for the PDF."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from command.official.document import Table
from organization.calendar_words import say_amount
from whistle.flow import ORDER
from workflow.ledger import DUE, RUN, STORM, SUSPENDED
from workflow.trace import paper_models
from workflow.trace_page import say_given, say_trigger

SHORT = 16
PAUSING = ("suspend", "resume")  # steps of the order, whichever paper waits
EVENT_WIDTHS = (5, 20, 16, 25, 50, 24)
CLOCK_WIDTHS = (20, 25, 25, 25, 25)
LEDGER_WIDTHS = (18, 26, 25, 25, 26, 20)


@dataclass
class Section:
    title: str
    lines: list[str]
    tables: list[Table]


def sections(record: dict[str, Any]) -> list[Section]:
    models = {model.flow.name: model for model in paper_models()}
    return [section(paper, models[paper["flow"]]) for paper in record["papers"]]


def section(paper: dict[str, Any], model: Any) -> Section:
    title = f"{model._meta.verbose_name} {paper['name']}"
    lines = [_("Status: %(status)s") % {"status": model.Status(paper["status"]).label}]
    lines += [paper[name] for name in ("letter_number", "reply_number") if name in paper]
    if score := paper["score"]:
        lines.append(_("Score: platform %(platform)s, caller %(caller)s, total %(total)s") % score)
    tables = [events_of(paper, model.flow)]
    if paper["clocks"]:
        tables += [clocks_of(paper, model.flow), ledger_of(paper, model.flow)]
    return Section(title, lines, tables)


def events_of(paper: dict[str, Any], flow: Any) -> Table:
    heads = ["#", _("Time"), _("Step"), _("Who"), _("What was given"), _("Hash")]
    return Table(heads, [event_row(event, flow) for event in paper["events"]], EVENT_WIDTHS)


def event_row(event: dict[str, Any], flow: Any) -> list[str]:
    who = f"{event['post_name']} {event['actor_name']}".strip()
    return [
        str(event["n"]),
        exactly(event["at"]),
        flow.label(event["verb"]),
        who or say_trigger(flow, event["trigger"]) or _("System"),
        "\n".join(given(event, flow)),
        event["hash"][:SHORT],
    ]


def given(event: dict[str, Any], flow: Any) -> list[str]:
    """What was given with a step, its note, and its photos by their hashes."""
    lines = say_given(flow, SimpleNamespace(**event))
    if note := event["words"].get("note"):
        lines.append(note)
    if not event["salt"]:
        lines.append(_("(The words have been erased by law.)"))
    photos = event["photos"]
    if photos:
        lines.append(ngettext("%(n)s photo:", "%(n)s photos:", len(photos)) % {"n": len(photos)})
    return lines + [photo["sha256"] for photo in photos]


def clocks_of(paper: dict[str, Any], flow: Any) -> Table:
    heads = [_("Limit"), _("Started"), _("Length"), _("Due"), _("Stopped")]
    return Table(heads, [clock_row(clock, flow) for clock in paper["clocks"]], CLOCK_WIDTHS)


def clock_row(clock: dict[str, Any], flow: Any) -> list[str]:
    length = Decimal(clock["amount"]) + Decimal(clock["extended"])
    late = clock["stopped"] and clock["stopped"] > clock["due"]
    stopped = exactly(clock["stopped"]) if clock["stopped"] else _("still running")
    return [
        flow.clock_label(clock["what"]),
        exactly(clock["started"]),
        say_amount(length, clock["unit"]),
        exactly(clock["due"]),
        _("%(at)s, overdue") % {"at": stopped} if late else stopped,
    ]


def ledger_of(paper: dict[str, Any], flow: Any) -> Table:
    """Every interval of every clock: what began it, from when to when, and what it used."""
    heads = [_("Limit"), _("Began by"), _("From"), _("Until"), _("Counted"), _("Used by then")]
    rows = [
        interval_row(clock, each, flow) for clock in paper["clocks"] for each in clock["intervals"]
    ]
    return Table(heads, rows, LEDGER_WIDTHS)


def interval_row(clock: dict[str, Any], interval: dict[str, Any], flow: Any) -> list[str]:
    counted = {
        RUN: _("counts"),
        SUSPENDED: _("suspended, does not count"),
        STORM: _("held by a storm order, does not count"),
    }
    return [
        flow.clock_label(clock["what"]),
        began_by(interval, flow),
        exactly(interval["since"]),
        exactly(interval["until"]),
        counted[interval["kind"]],
        say_amount(interval["used"], clock["unit"]),
    ]


def began_by(interval: dict[str, Any], flow: Any) -> str:
    """The step with its number in the log, or what no step was."""
    by, n = interval["by"], interval["n"]
    told = {DUE: _("overdue from here"), STORM: _("storm order"), RUN: _("storm order over")}
    label = told.get(by) or (ORDER if by in PAUSING else flow).label(by)
    return f"{label} #{n}" if n else label


def pauses_in_words(record: dict[str, Any]) -> list[str]:
    """When the order's limits did not count: suspended, or held by a storm order."""
    words = {
        "pauses": _("Suspended from %(since)s to %(until)s"),
        "storms": _("Limits held by a storm order from %(since)s to %(until)s"),
    }
    return [
        words[name] % {"since": exactly(since), "until": exactly(until)}
        for name in words
        for since, until in record[name]
    ]


def exactly(moment: str) -> str:
    at = datetime.datetime.fromisoformat(moment)
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
