"""The requests that wait for a person's decision, and those that his units have made."""

import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from command.field_work import NEVER
from command.papers.requests import request_row
from organization.authority import units_where
from organization.duty import Duty
from organization.models import User
from whistle.models import Request, RequestEvent
from workflow.trace_page import photo_data

TABS = {
    "decide": pgettext_lazy("requests", "To decide"),
    "asked": pgettext_lazy("requests", "Asked by us"),
}
KEYS = {"decide": ("due", "pk"), "asked": ("-created", "-pk")}


def requests_in(tab: str, user: User) -> QuerySet[Any]:
    """What waits for the person, the first due first; or what his units asked, newest first."""
    seen = Request.objects.visible_to(user).annotate(due=Coalesce("due_at", Value(NEVER)))
    if tab == "decide":
        return with_papers(seen.decidable_by(user))
    return with_papers(seen.filter(unit__in=units_where(user, Duty.HANDLE)))


def with_papers(requests: QuerySet[Any]) -> QuerySet[Any]:
    """With what a row shows, by a number of queries that does not depend on their number."""
    events = RequestEvent.objects.select_related("actor").order_by("n")
    related = ("order", "unit", "approver", "due_keeper", "response__whistle")
    rows = requests.select_related(*related)
    return rows.prefetch_related(Prefetch("events", events), "attachments")


def row(request: Any, tab: str, user: User, now: datetime.datetime) -> dict[str, Any]:
    request.log = list(request.events.all())
    url = f"{reverse('requests')}?tab={tab}"
    last = None if request.flow.is_open(request.status) else request.log[-1]
    return request_row(request, user, url, now) | {
        "title": request.order.title,
        "photos": [photo_data(request.flow, photo) for photo in request.attachments.all()],
        "decision": last,
    }
