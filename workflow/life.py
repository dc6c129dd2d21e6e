"""The whole life of a root paper as one record: what a file of it holds, and who may read it.

The rule by which anybody checks such a file without the platform stands in docs/trace-file.md.
"""

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from organization.calendar import Pause
from organization.models import User
from workflow import storms
from workflow.ledger import Interval, Ledger, ledgers
from workflow.models import Anchor
from workflow.models.events import canonical
from workflow.trace import paper_models, pauses_in

FORMAT = "govcenter-trace/1"
NUMBERS = ("letter_number", "reply_number")
CHAINED = ("n", "verb", "old", "new", "trigger", "data", "words_digest", "prev_hash", "hash")
CLOCK = ("what", "amount", "extended", "unit", "stopped_by")
PROOFS = ("event_n", "clock", "card_id", "request_id", "of_id")
MOMENTS = ("started", "due", "stopped")


def record_of(root: Any, user: User, now: datetime.datetime) -> dict[str, Any]:
    """Every paper under a root that this person may see, sealed by one hash over all of it.

    Papers of flows that are added later come by themselves.
    """
    papers = papers_under(root, user)
    number, title = root.subject_line()
    record = {
        "format": FORMAT,
        "number": number,
        "title": title,
        "made_at": moment(now),
        "made_by": user.get_username(),
        "papers": [paper_record(paper, papers[0], now) for paper in papers],
        "pauses": spans(pauses(papers[0], now)),
        "storms": spans(storms.holds(papers[0])),
        "anchors": anchor_records({type(paper).flow.name for paper in papers}),
    }
    return record | {"seal": seal(record)}


def seal(record: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def papers_under(root: Any, user: User) -> list[Any]:
    """The root first, then what hangs on it, of each flow in the order of birth."""
    found = []
    for model in paper_models():
        if model.root_model() is type(root):
            papers: Any = model._default_manager
            mine = papers.visible_to(user).filter(**{model.to_root or "pk": root.pk})
            found += with_all(mine)
    return sorted(found, key=lambda paper: (paper != root, paper.created, paper.pk))


def with_all(papers: Any) -> Any:
    """The papers with log, people, photos, clocks and score."""
    events = papers.model._meta.get_field("events").related_model.objects
    named = events.select_related("actor", "post__unit").prefetch_related("photos").order_by("n")
    clocks = papers.model._meta.get_field("clocks").related_model.objects.select_related("keeper")
    scored = ["score__lines", "score__scheme"] if hasattr(papers.model, "score") else []
    beside = (Prefetch("events", named), Prefetch("clocks", clocks), *scored)
    return papers.prefetch_related(*beside)


def paper_record(paper: Any, root: Any, now: datetime.datetime) -> dict[str, Any]:
    number, _title = paper.subject_line()
    numbers = {name: getattr(paper, name) for name in NUMBERS if getattr(paper, name, "")}
    return {
        "flow": paper.flow.name,
        "id": paper.pk,
        "name": str(paper),
        "number": number,
        **numbers,
        "status": paper.status,
        "table": paper.events.model._meta.db_table,
        "head": paper.trace_head,
        "count": paper.trace_count,
        "events": [event_record(event) for event in paper.events.all()],
        "clocks": [clock_record(one) for one in ledgers(root, paper, paper.clocks.all(), now)],
        "score": score_record(getattr(paper, "score", None)),
    }


def event_record(event: Any) -> dict[str, Any]:
    """What enters the hash, what people wrote with its salt, and names for the reader."""
    return {
        **{name: getattr(event, name) for name in CHAINED},
        "at": moment(event.at),
        "actor": event.actor_id,
        "post": event.post_id,
        "words": event.words,
        "salt": event.salt,
        "photos": [
            {"name": photo.name, "label": photo.label, "size": photo.size, "sha256": photo.sha256}
            for photo in event.photos.all()
        ],
        "actor_name": str(event.actor or ""),
        "post_name": str(event.post or ""),
    }


def clock_record(ledger: Ledger) -> dict[str, Any]:
    clock = ledger.clock
    told = {name: getattr(clock, name) for name in CLOCK}
    told |= {"amount": str(clock.amount), "extended": str(clock.extended)}
    told |= {name: moment(getattr(clock, name)) for name in MOMENTS}
    return told | {"intervals": [interval_record(each) for each in ledger.intervals()]}


def interval_record(interval: Interval) -> dict[str, Any]:
    told = {name: getattr(interval, name) for name in ("kind", "by", "n")}
    times = {"since": moment(interval.since), "until": moment(interval.until)}
    return told | times | {"used": round(interval.used, 2)}


def score_record(score: Any) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "platform": score.platform,
        "caller": score.caller,
        "total": score.total,
        "scheme": str(score.scheme),
        "at": moment(score.at),
        "lines": [line_record(line) for line in score.lines.all()],
    }


def line_record(line: Any) -> dict[str, Any]:
    """What gave or took points, with the step, clock, card or request that proves it."""
    proof = {name: getattr(line, name) for name in PROOFS}
    return {"n": line.n, "fact": line.fact, "name": line.name, "points": line.points, **proof}


def pauses(root: Any, now: datetime.datetime) -> list[Pause]:
    return pauses_in([(event.verb, event.at) for event in root.events.all()], now)


def spans(times: Iterable[Pause]) -> list[list[str | None]]:
    return [[moment(since), moment(until)] for since, until in times]


def anchor_records(flows: Iterable[str]) -> list[dict[str, Any]]:
    """The newest anchor of each flow: the file so bears witness to the log as it stood."""
    newest = Anchor.objects.filter(flow__in=flows).order_by("flow", "-pk").distinct("flow")
    return [
        {
            "flow": anchor.flow,
            "day": anchor.day.isoformat(),
            "last": anchor.last,
            "papers": anchor.papers,
            "events": anchor.events,
            "digest": anchor.digest,
            "at": moment(anchor.at),
            "prev_hash": anchor.prev_hash,
            "hash": anchor.hash,
        }
        for anchor in newest
    ]


def moment(at: datetime.datetime | None) -> str | None:
    """As in the hash of an event: UTC, six digits after the second."""
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds") if at else None
