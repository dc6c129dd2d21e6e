"""A paper's log as people read it: verb, who, what was given, photos."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.calendar_words import listed, say_amount
from workflow.fields import MomentField, PhotosField, RowsField
from workflow.flow import Flow
from workflow.models import Rung

MOST_EVENTS = 500


def trace_rows(paper: Any, events: Iterable[Any] | None = None) -> list[dict[str, Any]]:
    """The rows of parts/trace.html, newest first; `verb` and `event` let a page add its signs."""
    return [trace_row(paper.flow, event) for event in (events or events_of(paper))]


def events_of(paper: Any) -> Any:
    rows = paper.events.select_related("actor", "post__unit").prefetch_related("photos")
    return rows.order_by("-n")[:MOST_EVENTS]


def trace_row(flow: Flow, event: Any) -> dict[str, Any]:
    return {
        "event": event,
        "n": event.n,
        "verb": event.verb,
        "name": flow.label(event.verb),
        "actor": str(event.actor or ""),
        "post": str(event.post or ""),
        "at": event.at,
        "note": event.note,
        "trigger": say_trigger(flow, event.trigger),
        "lines": say_given(flow, event),
        "photos": [photo_data(flow, photo) for photo in event.photos.all()],
    }


def photo_data(flow: Flow, photo: Any) -> dict[str, Any]:
    """A photo for parts/photos.html; the whole picture stands in until the small one is made."""
    url = reverse("file", args=[flow.name, photo.pk])
    thumb = reverse("thumb", args=[flow.name, photo.pk]) if photo.thumb else url
    return {
        "url": url,
        "thumb": thumb,
        "caption": photo.get_label_display(),
        "label": photo.label,
        "at": photo.created,
    }


def say_trigger(flow: Flow, trigger: str) -> str:
    """Which clock took the step; the step of another paper is told by that paper's own log."""
    kind, _colon, rest = trigger.partition(":")
    return flow.clock_label(rest.split(":")[0]) if kind == "clock" else ""


def say_given(flow: Flow, event: Any) -> list[str]:
    """What was given with a step, line by line, with the labels of its form; photos are shown."""
    given = {**event.data, **event.words}
    lines = []
    for name in inputs_of(flow, event.verb):
        if name in given and name in flow.fields:
            field = flow.fields[name](None, step_with(flow, event.verb, name), None)
            if isinstance(field, PhotosField):
                continue
            lines.append(
                _("%(label)s: %(value)s")
                % {"label": field.label, "value": say_value(field, given[name])}
            )
    return lines + say_told(event.data)


def say_told(data: dict[str, Any]) -> list[str]:
    """What the step itself found out: out of whose hands it took the paper, whom it told."""
    lines = []
    if before := data.get("from"):
        lines.append(_("Until then: %(unit)s") % {"unit": before["name"]})
    if does := data.get("rung"):
        lines.append(str(Rung.Does(does).label))
    if told := data.get("told"):
        lines.append(_("Told: %(who)s") % {"who": listed(told)})
    return lines


def inputs_of(flow: Flow, verb: str) -> list[str]:
    names = [n for s in flow.steps if s.verb == verb for n in (*s.needs, *s.takes)]
    return list(dict.fromkeys(names))


def step_with(flow: Flow, verb: str, name: str) -> Any:
    return next(s for s in flow.steps if s.verb == verb and name in (*s.needs, *s.takes))


def say_value(field: Any, value: Any) -> str:
    """A logged value in words: a row by its name, a code by its label, a moment, yes and no."""
    if isinstance(value, list):
        return listed(say_value(field, item) for item in value)
    if isinstance(value, dict):
        return say_row(field, value)
    if isinstance(field, MomentField):
        return say_moment(str(value))
    if isinstance(value, bool):
        value = "yes" if value else "no"
    choices = getattr(field, "choices", ())
    plain = {} if hasattr(field, "queryset") else {str(k): str(v) for k, v in choices}
    return plain.get(str(value), str(value))


def say_row(field: Any, row: dict[str, Any]) -> str:
    """A row of a small form, or a thing that was named; a limit as people say it."""
    if "name" in row:
        return str(row["name"])
    inner = field.row.base_fields if isinstance(field, RowsField) else {}
    names = sorted(row, key=[*inner, *row].index)
    said = {name: say_value(inner.get(name), row[name]) for name in names}
    if "amount" in said and "time_unit" in said:
        del said["time_unit"]
        said["amount"] = say_amount(Decimal(str(row["amount"])), row["time_unit"])
    return " ".join(said.values())


def say_moment(text: str) -> str:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
