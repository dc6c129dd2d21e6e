"""Who was shown what is masked, and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from whistle.models.orders import WorkOrder


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
