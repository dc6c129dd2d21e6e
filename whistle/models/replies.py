"""That a reply went back to the hotline."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from whistle.models.orders import WorkOrderEvent


class HandOver(models.Model):
    """The reply on how an order ended was handed to the hotline. Rows stay.

    `event` is the step that ended it: an order that is reopened and closed again has a new one, and
    so a new reply.
    """

    event = models.OneToOneField(WorkOrderEvent, models.PROTECT, related_name="handed_over")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_api = models.BooleanField(_("by API"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reply handed over")
        verbose_name_plural = _("replies handed over")

    def __str__(self) -> str:
        return f"{self.event} {self.by}"
