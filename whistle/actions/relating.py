"""Tying an order to another that belongs to the same matter (关联), and taking the tie off."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from whistle.actions.orders import lock_beside
from whistle.flow import ORDER
from whistle.models import Tie
from workflow.actions import Act


@ORDER.on("rule", "relate")
def check_tie(act: Act) -> None:
    order, other = act.paper, act.given["other"]
    if other.pk == order.pk:
        raise ValidationError({"other": _("An order is not related to itself.")})
    if other.pk in (order.part_of_id, order.merged_into_id) or other.part_of_id == order.pk:
        raise ValidationError({"other": _("They belong together already.")})
    if Tie.objects.between(order, other).exists():
        raise ValidationError({"other": _("They are related already.")})
    lock_beside(other)  # the row names both: two people at one pair would wait for each other


@ORDER.on("rule", "relate", "unrelate")
def log_key(act: Act) -> None:
    """The log keeps the key alone: not everybody who reads it may know the other order."""
    act.data["related"] = act.given["other"].pk


@ORDER.on("then", "relate")
def tie(act: Act) -> None:
    Tie.objects.tie(act.paper, act.given["other"])


@ORDER.on("then", "unrelate")
def untie(act: Act) -> None:
    Tie.objects.between(act.paper, act.given["other"]).delete()
