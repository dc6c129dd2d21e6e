"""The four elements: asked for where a result is written and before the hotline is replied to."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organization.calendar_words import listed
from whistle import flow
from whistle.elements import LABELS, TOLD, check_inputs, elements_of
from whistle.flow import ORDER, RESPONSE
from whistle.models import Response, WorkOrder
from workflow.actions import Act


@ORDER.on("rule", "handle", "fix")
@RESPONSE.on("rule", "finish")
def say_what_was_done(act: Act) -> None:
    check_inputs(act.given)


@ORDER.on("rule", "close")
def reply_in_full(act: Act) -> None:
    """The hotline sends a reply back that lacks an element: so it is asked why it may lack one."""
    order = act.paper
    if order.source != WorkOrder.Source.HOTLINE or act.note or not order.is_whole:
        return
    told = {event.verb: event for event in order.events.filter(verb__in=TOLD).order_by("n")}
    answers = Response.objects.filter(whistle__order=order, status=flow.DONE)
    missing = elements_of(order, told, list(answers.select_related("unit"))).missing
    if missing:
        words = _("The reply to the hotline lacks: %(elements)s. Send it to rework, or say why.")
        names = listed([str(LABELS[name]) for name in missing])
        raise ValidationError({"reason": words % {"elements": names}})
