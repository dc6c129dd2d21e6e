"""An order with everything that hangs on it, each kind of row read by one query."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value

from organization.calendar import Pause
from organization.models import Post, Unit, User
from whistle.models import (
    Assignment,
    AssignmentClock,
    Card,
    Request,
    Response,
    SupervisionOrder,
    Survey,
    Tie,
    Verification,
    Whistle,
    WorkOrder,
)
from whistle.models.supervisions import SupervisionOrderClock
from workflow import storms
from workflow.models import TimeLimit
from workflow.trace import pauses_in
from workflow.trace_page import photo_data

ACTOR = ("actor__username", "actor__name")
POST = ("post__name", "post__unit__name", "post__unit__short")


@dataclass
class Dossier:
    """`events` and `clocks` are those of all papers; each event knows its paper as `about`."""

    order: WorkOrder
    whistles: list[Whistle] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    supervisions: list[SupervisionOrder] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    clocks: list[Any] = field(default_factory=list)

    @property
    def papers(self) -> list[Any]:
        return [*self.work_papers, *self.assignments, *self.supervisions]

    @property
    def work_papers(self) -> list[Any]:
        """Those through which the work itself goes its nine steps."""
        beside = (*self.verifications, *self.surveys, *self.requests)
        return [self.order, *self.whistles, *self.responses, *beside]

    @property
    def work_events(self) -> list[Any]:
        return [e for e in self.events if not isinstance(e.about, SupervisionOrder | Assignment)]

    @property
    def work_clocks(self) -> list[Any]:
        beside = SupervisionOrderClock | AssignmentClock
        return [c for c in self.clocks if not isinstance(c, beside)]

    @property
    def whistle(self) -> Whistle | None:
        """The whistle that matters now: the newest that was not cancelled."""
        standing = [w for w in self.whistles if w.status != Whistle.Status.CANCELLED]
        return standing[-1] if standing else None

    def responses_to(self, whistle: Whistle | None) -> list[Response]:
        return [r for r in self.responses if whistle is not None and r.whistle_id == whistle.pk]

    def assignments_to(self, whistle: Whistle) -> list[Assignment]:
        return [one for one in self.assignments if one.whistle_id == whistle.pk]

    def clocks_of(self, paper: Any) -> list[Any]:
        model = paper.clocks.model
        own = [c for c in self.clocks if type(c) is model and c.paper_id == paper.pk]
        return sorted(own, key=lambda c: c.pk)

    def events_of(self, *papers: Any) -> list[Any]:
        wanted = {(type(p), p.pk) for p in papers}
        return [e for e in self.events if (type(e.about), e.about.pk) in wanted]

    def pauses(self, now: datetime.datetime) -> list[Pause]:
        """The times that do not count: the order was suspended, or a storm holds its limits."""
        steps = [(e.verb, e.at) for e in self.events_of(self.order)]
        return pauses_in(steps, now) + storms.holds(self.order)

    @property
    def photos(self) -> list[dict[str, Any]]:
        """Every photo of the order and its papers, in the order of time."""
        return [
            photo_data(event.about.flow, photo)
            for event in self.events
            for photo in event.photos.all()
        ]


def open_dossier(order: WorkOrder) -> Dossier:
    """Read the papers of an order with their events, photos and clocks."""
    whistles = list(order.whistles.select_related("caller", "centre", "holder").order_by("pk"))
    found = Dossier(
        order,
        whistles,
        responses_of(whistles),
        list(order.verifications.select_related("unit")),
        surveys_of(order, whistles),
        assignments=assignments_of(whistles),
        supervisions=supervisions_of(order),
        cards=list(order.cards.select_related("unit")) if was_watched(order, "carded") else [],
    )
    found.requests = requests_of(order, found.responses)
    beside = (*found.verifications, *found.surveys, *found.requests, *found.supervisions)
    for paper in (*whistles, *beside):
        paper.order = order
    known = {"whistles": whistles, "verifications": found.verifications, "surveys": found.surveys}
    order._prefetched_objects_cache = known  # type: ignore[attr-defined]
    found.events = read_events(found.papers)
    order.log = found.events_of(order)
    found.clocks = read_clocks(found.papers)
    return found


def watch(papers: QuerySet[Any], order: str = "pk") -> QuerySet[Any]:
    """With whether the order is under supervision (`held`), was shown a card (`carded`), or its
    reporter asked by a survey (`surveyed`).

    Few are: the others save the questions for what there is not.
    """
    return papers.annotate(
        held=Exists(SupervisionOrder.objects.filter(order=OuterRef(order))),
        carded=Exists(Card.objects.filter(order=OuterRef(order))),
        surveyed=Exists(Survey.objects.filter(order=OuterRef(order))),
        tied=Exists(Tie.objects.filter(Q(first=OuterRef(order)) | Q(second=OuterRef(order)))),
    )


def keep_watched(order: WorkOrder, paper: Any) -> None:
    """What `watch` has found beside a paper of the order."""
    for name in ("held", "carded", "surveyed", "tied"):
        setattr(order, name, getattr(paper, name))


def was_watched(order: WorkOrder, name: str) -> bool:
    """What `watch` has found; True where nobody has looked."""
    return bool(order.__dict__.get(name, True))


def supervisions_of(order: WorkOrder) -> list[SupervisionOrder]:
    if not was_watched(order, "held"):
        return []
    papers = order.supervisions.select_related("unit", "issuer", "post__unit")
    return list(papers.order_by("pk"))


def surveys_of(order: WorkOrder, whistles: list[Whistle]) -> list[Survey]:
    if not was_watched(order, "surveyed"):
        return []
    by_pk = {whistle.pk: whistle for whistle in whistles}
    surveys = list(order.surveys.order_by("pk"))
    for survey in surveys:
        survey.whistle = by_pk.get(survey.whistle_id)
    return surveys


def responses_of(whistles: list[Whistle]) -> list[Response]:
    by_pk = {whistle.pk: whistle for whistle in whistles}
    rows = Response.objects.filter(whistle__in=whistles).order_by("pk")
    responses = list(rows.select_related("unit", "section", "person"))
    for response in responses:
        response.whistle = by_pk[response.whistle_id]
    return responses


def assignments_of(whistles: list[Whistle]) -> list[Assignment]:
    """What units have still to do by a plan or a meeting: there are some at level 3 only."""
    high = {whistle.pk: whistle for whistle in whistles if whistle.is_level_three}
    if not high:
        return []
    rows = Assignment.objects.filter(whistle__in=high).select_related("unit")
    papers = list(rows.order_by("day", "pk"))
    for paper in papers:
        paper.whistle = high[paper.whistle_id]
    return papers


def requests_of(order: WorkOrder, responses: list[Response]) -> list[Request]:
    by_pk = {response.pk: response for response in responses}
    requests = list(order.requests.select_related("unit", "approver").order_by("pk"))
    for request in requests:
        request.response = by_pk.get(request.response_id)
    return requests


def read_events(papers: list[Any]) -> list[Any]:
    """The events of papers, oldest first, with who took them and the photos given."""
    about = {(type(paper), paper.pk): paper for paper in papers}
    photos: dict[Any, list[Any]] = {}
    for photo in rows_of(papers, "attachments"):
        photos.setdefault((type(photo), photo.event_id), []).append(photo)
    events = rows_of(papers, "events", *ACTOR, *POST)
    for event in events:
        event.about = about[event._meta.get_field("paper").related_model, event.paper_id]
        own = photos.get((event.photos.model, event.pk), [])
        event._prefetched_objects_cache = {"photos": own}
        name_actor(event)
    return sorted(events, key=lambda event: (event.at, event.pk))


def read_clocks(papers: list[Any]) -> list[Any]:
    """The clocks of papers, each with the day from which its limit is in force."""
    clocks = rows_of(papers, "clocks", "policy__valid_from")
    for clock in clocks:
        if clock.policy_id:
            clock.policy = TimeLimit(pk=clock.policy_id, valid_from=clock.more[0])
    return clocks


def name_actor(event: Any) -> None:
    """Hang the names that were read with the event where templates look for them."""
    username, name, post, unit, short = event.more
    if event.actor_id:
        event.actor = User(pk=event.actor_id, username=username, name=name)
    if event.post_id:
        event.post = Post(pk=event.post_id, name=post, unit=Unit(name=unit, short=short))


def rows_of(papers: list[Any], relation: str, *more: str) -> list[Any]:
    """The rows of one relation of papers of several kinds, by one query over all their tables.

    The tables have one shape. What `more` names of their related rows is kept as `row.more`.
    """
    kinds = list({type(paper): None for paper in papers})
    models = [kind._meta.get_field(relation).related_model for kind in kinds]
    queries = []
    for n, (kind, model) in enumerate(zip(kinds, models, strict=True)):
        own = [paper.pk for paper in papers if type(paper) is kind]
        rows = model.objects.filter(paper__in=own).order_by()
        rows = rows.annotate(of=Value(n, output_field=IntegerField()))
        queries.append(rows.values_list("of", *columns(model), *more))
    found = []
    for of, *values in queries[0].union(*queries[1:], all=True):
        names = columns(models[of])
        row = models[of].from_db(queries[0].db, names, values[: len(names)])
        row.more = values[len(names) :]
        found.append(row)
    return found


def columns(model: Any) -> list[str]:
    return [column.attname for column in model._meta.concrete_fields]
