"""What reporters are told by themselves when a step is taken of what they reported."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organization.calendar_words import format_due
from organization.outbox import promise, to_resident
from organization.sealed import Unreadable
from whistle import flow
from whistle.actions.noting import key_of
from whistle.flow import ORDER
from whistle.models import ReporterText, WorkOrder
from whistle.models.reporter_texts import VERBS
from workflow.actions import Act


@ORDER.on("rule", *VERBS)
def log_telling(act: Act) -> None:
    if hearers(act.paper) and text_of(act):
        with translation.override(settings.LANGUAGE_CODE):
            act.data["told"] = [_("the reporter, by SMS")]


@ORDER.on("then", *VERBS)
def tell_reporters(act: Act) -> None:
    if "told" not in act.data:
        return
    text, order = text_of(act), act.paper
    shared = places(order)
    promise(
        to_resident(
            order.centre,
            each.reporter_phone,
            key=f"{key_of(each)}{order.pk}:{act.event.n}",
            text=text.format(number=each.number, kind=each.category or each.title, **shared),
            now=act.now,
        )
        for each in hearers(order)
    )


def text_of(act: Act) -> str:
    if not act.paper.is_whole:
        return ""
    return ReporterText.objects.of(act.paper, act.step.verb, timezone.localdate(act.now))


def hearers(order: WorkOrder) -> list[WorkOrder]:
    """Those who left a phone with it, or with what has joined it.

    The hotline tells its callers itself, from the reply that it is given.
    """
    joined = WorkOrder.objects.filter(merged_into=order.pk, status=flow.MERGED)
    found = [order, *(joined.select_related("category").order_by("pk") if order.pk else ())]
    return [each for each in found if may_hear(each)]


def may_hear(order: WorkOrder) -> bool:
    phone = order.reporter_phone
    if order.source == WorkOrder.Source.HOTLINE or isinstance(phone, Unreadable):
        return False
    return bool(phone)


def places(order: WorkOrder) -> dict[str, str]:
    """What fills the braces for all; number and kind are those of what each of them reported."""
    clock = order.clocks.filter(what="handle", stopped=None, paused_at=None).first()
    with translation.override(settings.LANGUAGE_CODE):
        due = format_due(clock.due) if clock else ""
    return {"centre": order.signature, "due": due, "until": str(order.suspended_until or "")}
