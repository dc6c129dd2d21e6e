"""An order with everything that hangs on it, each table read once."""

from dataclasses import dataclass, field
from typing import Any

from whistle.models import Response, Verification, Whistle, WorkOrder
from workflow.trace_page import photo_data


@dataclass
class Dossier:
    """`events` and `clocks` are those of all papers; each event knows its paper as `about`."""

    order: WorkOrder
    whistles: list[Whistle] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    clocks: list[Any] = field(default_factory=list)

    @property
    def whistle(self) -> Whistle | None:
        """The whistle that matters now: the newest that was not cancelled."""
        standing = [w for w in self.whistles if w.status != Whistle.Status.CANCELLED]
        return standing[-1] if standing else None

    def responses_to(self, whistle: Whistle | None) -> list[Response]:
        return [r for r in self.responses if whistle is not None and r.whistle_id == whistle.pk]

    def clocks_of(self, paper: Any) -> list[Any]:
        model = paper.clocks.model
        own = [c for c in self.clocks if type(c) is model and c.paper_id == paper.pk]
        return sorted(own, key=lambda c: c.pk)

    def events_of(self, *papers: Any) -> list[Any]:
        wanted = {(type(p), p.pk) for p in papers}
        return [e for e in self.events if (type(e.about), e.about.pk) in wanted]

    @property
    def photos(self) -> list[dict[str, Any]]:
        """Every photo of the order and its papers, in the order of time."""
        return [
            photo_data(event.about.flow, photo)
            for event in self.events
            for photo in event.photos.all()
        ]


def open_dossier(order: WorkOrder) -> Dossier:
    """Read whistles, responses, verifications, events, photos and clocks of an order."""
    whistles = list(order.whistles.select_related("caller", "centre", "holder").order_by("pk"))
    by_pk = {whistle.pk: whistle for whistle in whistles}
    responses = list(
        Response.objects.filter(whistle__in=whistles)
        .select_related("unit", "section", "person")
        .order_by("pk")
    )
    for whistle in whistles:
        whistle.order = order
    for response in responses:
        response.whistle = by_pk[response.whistle_id]
    asked = list(order.verifications.select_related("unit"))
    found = Dossier(order, whistles, responses, asked)
    for papers in ([order], whistles, responses, asked):
        if papers:
            found.events += read_events(papers)
            found.clocks += papers[0].clocks.model.objects.filter(paper__in=papers)
    found.events.sort(key=lambda e: (e.at, e.pk))
    return found


def read_events(papers: list[Any]) -> list[Any]:
    """The events of papers of one flow, with who took them and the photos given."""
    by_pk = {paper.pk: paper for paper in papers}
    rows = papers[0].events.model.objects.filter(paper__in=papers)
    events = list(
        rows.select_related("actor", "post__unit").prefetch_related("photos").order_by("pk")
    )
    for event in events:
        event.about = by_pk[event.paper_id]
    return events
