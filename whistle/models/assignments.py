"""Joint meetings of a whistle, and the assignments that come of them or of the lead's plan."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import units_where
from organization.calendar import TimeUnit
from organization.duty import Duty
from organization.models import Post, Unit, User
from whistle import assignment_flow as flow
from whistle.models.orders import WorkOrder
from whistle.models.whistles import Whistle, WhistleSight, suspended
from workflow.flow import Step
from workflow.models import Attachment, Clock, Event, Firing, Paper, PaperQuerySet


class MeetingQuerySet(models.QuerySet[Any]):
    def open(self) -> "MeetingQuerySet":
        """Called, and neither held nor called off."""
        return self.filter(minuted_at=None, called_off_at=None)


class Meeting(models.Model):
    """A joint meeting (联席会议, S42) of the units that answer a whistle.

    Called by `unit`: the street or who takes the lead. Who must come and who came stand in the
    whistle's log, as the steps `meet` and `minute`; `decisions` are its minutes (纪要).
    """

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="meetings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time of the meeting"))
    place = models.CharField(_("place"), max_length=80)
    agenda = models.CharField(_("agenda"), max_length=300)
    decisions = models.TextField(_("decisions"), max_length=2000, blank=True)
    minuted_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("joint meeting")
        verbose_name_plural = _("joint meetings")
        ordering = ["whistle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["whistle"],
                condition=Q(minuted_at=None, called_off_at=None),
                name="meeting_one_open",
            ),
            models.CheckConstraint(
                condition=Q(minuted_at=None) | Q(called_off_at=None), name="meeting_held_or_not"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whistle} {self.at:%Y-%m-%d %H:%M}"


class AssignmentQuerySet(PaperQuerySet):
    def visible_to(self, user: User) -> "AssignmentQuerySet":
        """Who sees the whistle sees what its units have still to do."""
        seen = WhistleSight.objects.filter(unit__in=units_where(user, Duty.VIEW))
        return self.filter(whistle__in=seen.values("paper"))


class Assignment(Paper):
    """What one unit has to do until the end of a day: its own clock watches over it."""

    class Status(models.TextChoices):
        GIVEN = flow.GIVEN, pgettext_lazy("assignment", "To do")
        ANSWERED = flow.ANSWERED, pgettext_lazy("assignment", "Done")
        CANCELLED = flow.CANCELLED, pgettext_lazy("assignment", "Dropped")

    class Kind(models.TextChoices):
        STAGE = "stage", pgettext_lazy("assignment", "Stage of the plan")
        MEETING = "meeting", pgettext_lazy("assignment", "Task of the meeting")

    flow = flow.ASSIGNMENT
    to_root = "whistle__order"
    to_seen = "whistle"
    ways = {"caller": "whistle__caller", "unit": "unit"}

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="assignments")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.CharField(_("task"), max_length=200)
    day = models.DateField(_("until"))
    result = models.TextField(_("result"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [
            models.Index(fields=["-created", "-id"], name="assignment_newest"),
            models.Index(fields=["unit", "status", "due_at"], name="assignment_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.whistle} {self.unit.title}"

    def get_absolute_url(self) -> str:
        return f"/whistles/{self.whistle.number}/#assignment-{self.pk}"

    @property
    def root(self) -> Paper:
        return self.whistle.order

    def root_pk(self) -> tuple[type[Paper], int]:
        return WorkOrder, self.whistle.order_id

    def adopt(self, root: Paper) -> None:
        self.whistle.order = root  # type: ignore[assignment]

    def place(self, at: str) -> Unit | None:
        return self.whistle.caller if at == "caller" else self.unit

    def clock_unit(self, what: str) -> Unit:
        return self.unit

    def also_told(self, what: str) -> list[Post]:
        """The caller learns that it is late."""
        whistle = self.whistle
        return list(Post.objects.filter(unit__in=[whistle.caller, whistle.centre], head=True))

    def blocked(self, step: Step) -> str:
        if step.verb != "cancel" and self.whistle.status in Whistle.flow.final:
            return _text("The whistle is past this.")
        return suspended(self.whistle.order, step)

    def policy_kind(self) -> str:
        return self.kind

    def limit_for(self, what: str, start: datetime.datetime) -> tuple[Any, str] | None:
        """Until the end of the day named."""
        days = (self.day - timezone.localdate(start)).days
        return days, TimeUnit.NATURAL_DAY

    def units_concerned(self) -> list[Unit]:
        return [self.unit]

    def subject_line(self) -> tuple[str, str]:
        return self.whistle.number or "", self.whistle.order.title


class AssignmentEvent(Event):
    paper = models.ForeignKey(Assignment, models.PROTECT, related_name="events", db_index=False)


class AssignmentClock(Clock):
    paper = models.ForeignKey(Assignment, models.PROTECT, related_name="clocks", db_index=False)


class AssignmentFiring(Firing):
    clock = models.ForeignKey(
        AssignmentClock, models.CASCADE, related_name="firings", db_index=False
    )


class AssignmentPhoto(Attachment):
    paper = models.ForeignKey(Assignment, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(AssignmentEvent, models.PROTECT, related_name="photos")
