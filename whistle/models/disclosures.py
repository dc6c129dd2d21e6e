"""Who was shown what is masked, and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from whistle.models.orders import WorkOrder


class TraceExport(models.Model):
    """A person took the whole life of an order away as a file. Rows stay, as for disclosures.

    `seal` is the hash over the file's record: by it a file is known to be one that was made here.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        JSON = "json", "JSON"

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="trace_exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    seal = models.CharField(_("seal"), max_length=64)

    class Meta:
        verbose_name = _("export of a trace")
        verbose_name_plural = _("exports of traces")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.order} {self.by}"


class Disclosure(models.Model):
    """A person was shown who reported an order. Rows stay: the database refuses to change them."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="disclosures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.order} {self.by}"
