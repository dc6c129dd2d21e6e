"""The only list of duties. A flow names one of these; a post is granted them on units."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Duty(TextChoices):
    VIEW = "view", _("View")
    REPORT = "report", _("Report")
    TRIAGE = "triage", _("Triage")
    DISPATCH = "dispatch", _("Dispatch")
    HANDLE = "handle", _("Handle")
    INSPECT = "inspect", _("Inspect")
    SCORE = "score", _("Score")
    CONFIRM = "confirm", _("Confirm")
    SUPERVISE = "supervise", _("Supervise")
    ARBITRATE = "arbitrate", _("Arbitrate")
    ADMINISTER = "administer", _("Administer")
