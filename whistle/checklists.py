"""The checklist of an order's class, as it is asked for when the work is reported as done."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.calendar_words import listed
from organization.models import User
from whistle.flow import ORDER, RESPONSE
from whistle.models import ChecklistLine
from workflow.actions import Act
from workflow.flow import Step


class ChecksField(forms.ModelMultipleChoiceField):
    """Its lines to tick; those that need not be are marked."""

    needed = False
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, line: Any) -> str:
        return line.text if line.required else _("%(line)s (if it applies)") % {"line": line.text}

    def clean(self, value: Any) -> list[ChecklistLine]:
        return list(super().clean(value))


def checks(paper: Any, step: Step, actor: User | None) -> ChecksField | None:
    """Nothing is asked where the class has no list."""
    label = gettext_lazy("Checklist")
    if paper is None:
        return ChecksField(ChecklistLine.objects.none(), label=label)
    lines = ChecklistLine.objects.of(paper.root.category_id, timezone.localdate())
    if not lines:
        return None
    field = ChecksField(lines, label=label)
    field.needed = any(line.required for line in lines)
    return field


@ORDER.on("rule", "handle")
@RESPONSE.on("rule", "finish")
def need_ticks(act: Act) -> None:
    lines = ChecklistLine.objects.of(act.paper.root.category_id, timezone.localdate(act.now))
    ticked = act.given.get("checks", ())
    missing = [line.text for line in lines if line.required and line not in ticked]
    if missing:
        words = _("Still to be seen to and ticked: %(lines)s.")
        raise ValidationError({"checks": words % {"lines": listed(missing)}})


for flow in (ORDER, RESPONSE):
    flow.fields["checks"] = checks
