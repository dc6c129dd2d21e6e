"""The only list of duties. A flow names one of these; a post is granted them on units."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Duty(TextChoices):
    VIEW = "view", pgettext_lazy("duty", "View")
    REPORT = "report", pgettext_lazy("duty", "Report")
    TRIAGE = "triage", pgettext_lazy("duty", "Triage")
    DISPATCH = "dispatch", pgettext_lazy("duty", "Dispatch")
    HANDLE = "handle", pgettext_lazy("duty", "Handle")
    INSPECT = "inspect", pgettext_lazy("duty", "Inspect")
    SCORE = "score", pgettext_lazy("duty", "Score")
    CONFIRM = "confirm", pgettext_lazy("duty", "Confirm")
    SUPERVISE = "supervise", pgettext_lazy("duty", "Supervise")
    ARBITRATE = "arbitrate", pgettext_lazy("duty", "Arbitrate")
    ADMINISTER = "administer", pgettext_lazy("duty", "Administer")
