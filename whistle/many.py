"""What is asked once when a step is taken of many papers, and what each of them gets of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.models import Unit, User
from whistle import candidates
from whistle.flow import ORDER, RESPONSE
from whistle.inputs import ConditionField, NumberField, UnitField
from whistle.models import Condition, Response, WorkOrder
from workflow.flow import Shared, Step

OWN = {
    "grid": gettext_lazy("The grid where each one lies"),
    "community": gettext_lazy("The community where each one lies"),
}
NO_OWN = {
    "grid": gettext_lazy("No grid is known for its place."),
    "community": gettext_lazy("No community is known for its place."),
}


class WhomField(forms.CharField):
    """One unit for all, by its code, or what lies under each one's own place (a word of OWN)."""

    def __init__(self, units: QuerySet[Unit]) -> None:
        self.units = units
        help_text = _("A unit's code for all; `grid` or `community`: that of each one's own place.")
        super().__init__(label=_("Unit"), max_length=20, help_text=help_text)

    def clean(self, value: Any) -> str:
        word = str(super().clean(value))
        if word and word not in OWN and not self.units.filter(code=word).exists():
            raise ValidationError(_("There is no such unit to choose here."))
        return word


class WhomSelect(forms.Select):
    """The own places first, then the units by their kind."""

    def __init__(self, units: Iterable[Unit]) -> None:
        kinds: dict[str, list[tuple[str, str]]] = {}
        for unit in units:
            kinds.setdefault(unit.get_kind_display(), []).append((unit.code, unit.title))
        own = [(word, str(label)) for word, label in OWN.items()]
        super().__init__(choices=[("", "—"), (_("By the place"), own), *kinds.items()])


def whom(orders: list[WorkOrder], step: Step, actor: User | None) -> forms.Field:
    field = WhomField(candidates.for_many(orders))
    if orders:
        field.widget, field.help_text = WhomSelect(field.units), ""
    return field


def unit_for(order: WorkOrder, word: str) -> str:
    """The code of the unit that this order goes to."""
    if word not in OWN:
        return word
    own: Unit | None = getattr(order, word)
    if own is None:
        raise ValidationError(str(NO_OWN[word]))
    return own.code


def condition(orders: list[WorkOrder], step: Step, actor: User | None) -> forms.Field:
    """The conditions of the classes of these orders, all of them where one has no class yet."""
    known = Condition.objects.filter(active=True, category__active=True).select_related("category")
    classes = {order.category_id for order in orders}
    if classes and None not in classes:
        known = known.filter(category__in=classes)
    rows = known.order_by("category__major_code", "category__code", "pk")
    return ConditionField(rows, label=_("Filing condition"), empty_label="—")


def condition_for(order: WorkOrder, chosen: Condition) -> int:
    """An order is not moved to another class among many: that wants to be looked at."""
    if order.category_id not in (None, chosen.category_id):
        words = _("It is filed under “%(category)s”: register it by itself.")
        raise ValidationError(words % {"category": order.category})
    return chosen.pk


def urgency(orders: list[WorkOrder], step: Step, actor: User | None) -> forms.Field:
    unchanged = ("", _("As each one is now"))
    return forms.ChoiceField(label=_("Urgency"), choices=[unchanged, *WorkOrder.Urgency.choices])


def same(order: WorkOrder, value: str) -> str:
    return value


def into(orders: list[WorkOrder], step: Step, actor: User | None) -> forms.Field:
    """The order that all of them join: one of those chosen, first that which came first, or any."""
    label = _("Number of the order they join")
    if actor is None:
        return NumberField(WorkOrder.objects.none(), label=label)
    seen = WorkOrder.objects.visible_to(actor).open()
    chosen = sorted(orders, key=lambda order: order.created)
    return NumberField(seen, chosen, label=label, initial=chosen[0].number if chosen else None)


def joined(order: WorkOrder, into: WorkOrder) -> str:
    return into.number or ""


def successor(answers: list[Response], step: Step, actor: User | None) -> forms.Field:
    return UnitField(candidates.departments(), label=_("Successor"), empty_label="—")


def successor_of(answer: Response, unit: Unit) -> str:
    return unit.code


RESPONSE.shared |= {"unit": Shared(successor, successor_of)}
ORDER.shared |= {
    "unit": Shared(whom, unit_for),
    "condition": Shared(condition, condition_for),
    "urgency": Shared(urgency, same),
    "into": Shared(into, joined),
}
