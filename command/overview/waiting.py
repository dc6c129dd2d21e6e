"""What waits for the leader who looks: his reports on the spot, and what has climbed up to him."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.overview.supervision import to_sign_off
from organization.authority import posts_of
from organization.inbox import notices_of
from organization.models import Notice, Relation, User
from organization.models.posts import on
from whistle.flow import WHISTLE
from whistle.models import Response, Whistle
from whistle.models.whistles import WhistleEvent
from workflow.buttons import step_url

MOST = 5


def waiting(user: User, instructed: list[Any], next_url: str) -> list[dict[str, Any]]:
    rows = [double_report(whistle, next_url) for whistle in unreported(user)]
    rows += to_sign_off(instructed, next_url)
    late = notices_of(user).filter(read=None, kind=Notice.Kind.LATE)
    counted = late.order_by().values("kind").annotate(n=Count("*")).values("n")
    newest = late.order_by("-created").annotate(all=Subquery(counted)).first()
    return rows if newest is None else [*rows, climbed(newest.all, newest)]


def unreported(user: User) -> list[Any]:
    """Tough whistles on which this leader is to report (双报到) and nobody has for him."""
    own = Relation.objects.filter(on(), post__in=posts_of(user))
    paired = own.filter(kind=Relation.Kind.PAIRED).values("unit")
    charged = own.filter(kind=Relation.Kind.IN_CHARGE).values("unit")
    leads = Response.objects.filter(whistle=OuterRef("pk"), role="lead", unit__in=charged)
    step = next(step for step in WHISTLE.steps if step.verb == "leader_report")
    tough = Whistle.objects.visible_to(user).filter(
        kind=Whistle.Kind.TOUGH, level=Whistle.Level.DISTRICT, status__in=step.sources
    )
    due = tough.filter(
        Q(~Exists(reports_as(Relation.Kind.PAIRED)), caller__in=paired)
        | Q(~Exists(reports_as(Relation.Kind.IN_CHARGE)), Exists(leads))
    )
    return list(due.select_related("order", "caller").order_by("blown_at")[:MOST])


def reports_as(kind: str) -> QuerySet[Any]:
    """The reports of a whistle that were given in this relation."""
    reports = WhistleEvent.objects.filter(paper=OuterRef("pk"), verb="leader_report")
    return reports.filter(data__relations__contains=[kind])


def double_report(whistle: Any, next_url: str) -> dict[str, Any]:
    words = _("%(kind)s %(number)s of %(street)s")
    names = {
        "kind": whistle.get_kind_display(),
        "number": whistle.number,
        "street": whistle.caller.title,
    }
    return {
        "icon": "whistle",
        "tone": "tough",
        "title": _("Double reporting: %(title)s") % {"title": whistle.order.title},
        "sub": words % names,
        "url": whistle.get_absolute_url(),
        "act": {
            "label": _("Report on the spot"),
            "url": f"{step_url(whistle, 'leader_report')}?{urlencode({'next': next_url})}",
        },
    }


def climbed(count: int, newest: Notice) -> dict[str, Any]:
    """Overdue matters that escalation has brought to this leader, unread."""
    return {
        "icon": "alert",
        "tone": "late",
        "title": _("%(n)s overdue matters have come up to you") % {"n": count},
        "sub": _("The newest: %(title)s") % {"title": newest.title},
        "url": f"{reverse('inbox')}?kind={Notice.Kind.LATE}",
        "act": None,
    }
