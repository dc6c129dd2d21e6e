"""The letter of a street to departments (承办需求信函): what they read, sign and file."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from command.field_work import place_words
from organization.calendar_words import format_due, say_amount
from whistle.models import Response, Whistle
from whistle.models.responses import ResponseClock
from workflow import policy

FIRST = ("sign", "contact", "arrive")


def letter(whistle: Whistle) -> dict[str, Any]:
    """With the answers that came of it; before it is blown with the tasks of the draft."""
    called = whistle.responses.standing().select_related("unit").order_by("-role", "pk")
    responses = list(called)
    return {
        "whistle": whistle,
        "order": whistle.order,
        "place": place_words(whistle.order),
        "rows": answered(responses) if responses else drafted(whistle),
        "limits": first_limits(whistle),
        "confirmed": whistle.events.filter(verb="confirm").select_related("actor").first(),
        "photos": whistle.order.attachments.count(),
        "phone": whistle.centre.duty_phone,
    }


def answered(responses: list[Response]) -> list[dict[str, Any]]:
    clocks = ResponseClock.objects.filter(paper__in=responses, what="finish")
    due = {clock.paper_id: clock.due for clock in clocks.order_by("pk")}
    return [
        row(r, r.task) | {"due": format_due(due[r.pk]) if r.pk in due else ""} for r in responses
    ]


def drafted(whistle: Whistle) -> list[dict[str, Any]]:
    tasks = whistle.tasks.select_related("unit")
    return [row(task, task.text) for task in tasks]


def row(paper: Any, text: str) -> dict[str, Any]:
    return {
        "unit": paper.unit.name,
        "role": paper.get_role_display(),
        "text": text,
        "limit": say_amount(paper.amount, paper.time_unit),
        "due": "",
    }


def first_limits(whistle: Whistle) -> str:
    """Within what time to sign, to contact and to arrive, by the policy of the day."""
    day = timezone.localdate(whistle.blown_at)
    limits = policy.limits("response", FIRST, whistle.kind, day, whistle.order.area_level)
    words = _("%(what)s within %(limit)s")
    said = [
        words
        % {
            "what": Response.flow.clock_label(name),
            "limit": say_amount(limits[name].amount, limits[name].unit),
        }
        for name in FIRST
        if name in limits
    ]
    return _("; ").join(said)
