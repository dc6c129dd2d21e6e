"""The verification: a question put to someone on the ground, and the answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle import flow
from whistle.models.orders import WorkOrder, WorkOrderSight
from workflow.models import Attachment, Clock, Event, Firing, Paper, PaperQuerySet


class VerificationQuerySet(PaperQuerySet):
    def visible_to(self, user: User) -> "VerificationQuerySet":
        seen = WorkOrderSight.objects.filter(unit__in=units_where(user, Duty.VIEW))
        return self.filter(order__in=seen.values("paper"))


class Verification(Paper):
    """Asked of a unit on the ground: is the report true and complete (check 核实), or, after
    handling, is it fixed (verify 核查)?"""

    class Status(models.TextChoices):
        ASKED = flow.ASKED, pgettext_lazy("status", "To answer")
        ANSWERED = flow.ANSWERED, pgettext_lazy("status", "Answered")
        LAPSED = flow.LAPSED, pgettext_lazy("status", "Lapsed")

    class Kind(models.TextChoices):
        CHECK = "check", _("Check before filing")
        VERIFY = "verify", _("Verification after handling")

    flow = flow.VERIFICATION
    to_root = "order"
    to_seen = "order"
    ways = {"answerer": "unit", "centre": "order__centre"}

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="verifications")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    question = models.CharField(_("question"), max_length=300, blank=True)
    yes = models.BooleanField(_("answer"), null=True, blank=True)
    words = models.TextField(_("words"), max_length=1000, blank=True)
    lng = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        indexes = [models.Index(fields=["unit", "status", "due_at"], name="verification_tasks")]

    def __str__(self) -> str:
        return f"{self.order} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"/verifications/{self.pk}/"

    @property
    def root(self) -> Paper:
        return self.order

    def root_pk(self) -> tuple[type[Paper], int]:
        return WorkOrder, self.order_id

    def adopt(self, root: Paper) -> None:
        self.order = root  # type: ignore[assignment]

    def place(self, at: str) -> Unit | None:
        return self.order.centre if at == "centre" else self.unit

    def acts_of(self, user: User) -> set[str]:
        """What the person did on the order counts: who handled it does not verify it."""
        return super().acts_of(user) | self.order.acts_of(user)

    def clock_unit(self, what: str) -> Unit:
        return self.unit

    def policy_kind(self) -> str:
        return self.kind

    def policy_area(self) -> str:
        return self.order.area_level

    def units_concerned(self) -> list[Unit]:
        return [self.unit]

    def subject_line(self) -> tuple[str, str]:
        return self.order.number or "", self.order.title


class VerificationEvent(Event):
    paper = models.ForeignKey(Verification, models.PROTECT, related_name="events", db_index=False)


class VerificationClock(Clock):
    paper = models.ForeignKey(Verification, models.PROTECT, related_name="clocks", db_index=False)


class VerificationFiring(Firing):
    clock = models.ForeignKey(
        VerificationClock, models.CASCADE, related_name="firings", db_index=False
    )


class VerificationPhoto(Attachment):
    paper = models.ForeignKey(Verification, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(VerificationEvent, models.PROTECT, related_name="photos")
