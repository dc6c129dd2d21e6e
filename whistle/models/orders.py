"""The work order: one problem at one place, from whatever source."""

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organization.calendar import TimeUnit
from organization.models import Post, Unit, User
from organization.models.units import AREA_LEVELS
from organization.sealed import KeyedHashField, SealedField
from whistle import flow
from whistle.filings import limit_on
from whistle.models.categories import Category, Condition
from whistle.models.order_standing import OrderStanding
from workflow.bounds import outer_ends
from workflow.flow import Step
from workflow.models import (
    Attachment,
    Clock,
    Event,
    Firing,
    Paper,
    PaperQuerySet,
    Sight,
)

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def make_progress_code() -> str:
    """The code with which a reporter asks how it stands: 10 signs without look-alikes."""
    return "".join(secrets.choice(CODE_ALPHABET) for _sign in range(10))


class WorkOrder(OrderStanding, Paper):
    """One problem at one place.

    `origin` is the lowest unit found from the place; `centre` the command centre that manages it;
    `holder` the unit in whose hands it is. Coordinates are WGS-84 degrees, `accuracy` metres.
    """

    class Status(models.TextChoices):
        REPORTED = flow.REPORTED, pgettext_lazy("status", "To triage")
        REGISTERED = flow.REGISTERED, pgettext_lazy("status", "To dispatch")
        DIVIDED = flow.DIVIDED, pgettext_lazy("status", "Divided")
        DISPUTED = flow.DISPUTED, pgettext_lazy("status", "To arbitrate")
        DISPATCHED = flow.DISPATCHED, pgettext_lazy("status", "To sign")
        ACCEPTED = flow.ACCEPTED, pgettext_lazy("status", "In hand")
        WHISTLED = flow.WHISTLED, pgettext_lazy("status", "Whistled")
        HANDLED = flow.HANDLED, pgettext_lazy("status", "To verify")
        VERIFIED = flow.VERIFIED, pgettext_lazy("status", "To call back")
        CLOSED = flow.CLOSED, pgettext_lazy("status", "Closed")
        REFUSED = flow.REFUSED, pgettext_lazy("status", "Refused")
        MERGED = flow.MERGED, pgettext_lazy("status", "Merged")
        SUSPENDED = flow.SUSPENDED, pgettext_lazy("status", "Suspended")
        VOID = flow.VOID, pgettext_lazy("status", "Void")

    class Source(models.TextChoices):
        GRID = "grid", _("Grid patrol")
        HOTLINE = "hotline", _("12345 hotline")
        RESIDENT = "resident", _("Resident")
        CITY = "city", _("Digital city management")
        VIDEO = "video", _("Video")
        LEADER = "leader", _("Leader's order")

    class Urgency(models.TextChoices):
        NORMAL = "normal", _("Normal")
        URGENT = "urgent", _("Urgent")
        CRITICAL = "critical", _("Critical")

    class Level(models.IntegerChoices):
        GRID = 1, _("Level 1")
        STREET = 2, _("Level 2")
        DISTRICT = 3, _("Level 3")

    flow = flow.ORDER
    to_outer = "source_due"
    whole = ("part_of", "handle")
    ways = {"centre": "centre", "holder": "holder", "arbiter": "centre__parent"}
    in_storms = ("category", "grid", "community", "street", "centre")
    # The ground that its reporter walks, when it lies beyond: the intake says so, nobody keeps it.
    beat: Unit | None = None
    beside: Unit | None = None

    number = models.CharField(_("number"), max_length=30, unique=True, null=True, editable=False)  # noqa: DJ001
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    source_number = models.CharField(_("number at the source"), max_length=40, blank=True)
    source_due = models.DateTimeField(_("limit of the source"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=80)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    lng = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    lat = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    accuracy = models.PositiveIntegerField(_("accuracy (m)"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    grid = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    community = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    street = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    condition = models.ForeignKey(Condition, models.PROTECT, null=True, blank=True)
    urgency = models.CharField(
        _("urgency"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL
    )
    area_level = models.CharField(
        _("area level"), max_length=1, blank=True, choices=AREA_LEVELS, editable=False
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, default=Level.GRID)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    reporter_name = models.CharField(_("reporter"), max_length=30, blank=True)
    reporter_phone = SealedField(_("reporter's phone"), max_length=20, blank=True)
    reporter_hash = KeyedHashField(of="reporter_phone")
    confidential = models.BooleanField(_("keep the reporter secret"), default=False)
    progress_code = models.CharField(max_length=12, unique=True, default=make_progress_code)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    suspended_until = models.DateField(_("suspended until"), null=True, blank=True)
    solved = models.BooleanField(_("solved"), null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    called_back = models.DateTimeField(_("called back"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    followed = models.BooleanField(default=False, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        indexes = [
            models.Index(fields=["-created", "-id"], name="workorder_newest"),
            models.Index(fields=["status", "-created", "-id"], name="workorder_status"),
            models.Index(fields=["centre", "status", "due_at"], name="workorder_desk"),
            models.Index(fields=["grid", "-created"], name="workorder_grid"),
            models.Index(fields=["category", "-created", "-id"], name="workorder_category"),
            models.Index(fields=["street", "-created", "-id"], name="workorder_street"),
            models.Index(fields=["source", "-created", "-id"], name="workorder_source"),
            models.Index(fields=["reporter", "-created"], name="workorder_reporter"),
            models.Index(
                fields=["-status_since", "-id"],
                condition=Q(source="hotline", status__in=["closed", "refused"]),
                name="workorder_replies",
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="workorder_due"
            ),
            models.Index(fields=["lng", "lat"], name="workorder_place"),
            models.Index(
                fields=["reporter_hash", "-created"],
                condition=~Q(reporter_hash=""),
                name="workorder_reporter_hash",
            ),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="workorder_closed"
            ),
            models.Index(
                fields=["called_back"],
                condition=Q(called_back__isnull=False),
                name="workorder_called_back",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_number"],
                condition=~Q(source_number=""),
                name="workorder_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)),
                name="workorder_satisfaction_levels",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None)),
                name="workorder_merged_has_target",
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | ~Q(status__in=["reported", "divided", "merged"]),
                name="workorder_part_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    def get_absolute_url(self) -> str:
        return f"/work-orders/{self.number}/"

    @property
    def origin(self) -> Unit:
        return self.grid or self.community or self.street or self.centre

    @property
    def arbiter(self) -> Unit:
        """The nearest unit above all to whom its centre can give it."""
        return self.centre.parent or self.centre

    @property
    def signature(self) -> str:
        """Who signs what is sent to the reporter: the centre, and the street that it serves."""
        if self.street is not None and self.centre.parent_id == self.street_id:
            return f"{self.street.name}{self.centre.name}"
        return self.centre.name

    def place(self, at: str) -> Unit | None:
        unit: Unit | None = getattr(self, at)
        return unit

    def runs(self, what: str) -> bool:
        """Nobody calls back about a part: the limit of the whole watches over its closing."""
        return what != "callback" or self.is_whole

    def clock_unit(self, what: str) -> Unit:
        if what == "arbitrate":
            return self.arbiter
        return (self.holder or self.centre) if what in ("sign", "handle") else self.centre

    def limit_for(self, what: str, start: datetime.datetime) -> tuple[Any, str] | None:
        if what == "handle" and self.condition is not None:
            limit = limit_on(self.condition, timezone.localdate(start))
            return limit.amount, limit.unit
        if what == "suspension" and self.suspended_until:
            days = (self.suspended_until - timezone.localdate(start)).days
            return days, TimeUnit.NATURAL_DAY
        return None

    def limit_from(self, what: str, start: datetime.datetime) -> datetime.date | None:
        if what == "handle" and self.condition is not None:
            return limit_on(self.condition, timezone.localdate(start)).since
        return None

    def outer_ends(self) -> dict[str, datetime.datetime]:
        """A part has its limit from the whole, as it stands now."""
        if self.is_whole:
            return outer_ends(source=self.source_due)
        running = WorkOrderClock.objects.filter(paper=self.part_of_id, what="handle", stopped=None)
        whole = running.values_list("due", flat=True).first()
        return outer_ends(source=self.source_due, whole=whole)

    def policy_kind(self) -> str:
        return self.urgency

    def policy_area(self) -> str:
        return self.area_level

    def policy_case(self) -> str:
        return self.category.case if self.category else ""

    @classmethod
    def lying_in(cls, area: int, case: str, way: str) -> Q:
        places = ("grid", "community", "street", "centre")
        found = Q()
        for place in places:
            found |= Q(**{f"{way}{place}__path__contains": [area]})
        names = zip(("kind", "major_code", "code"), filter(None, case.split("-")), strict=False)
        return found & Q(**{f"{way}category__{name}": value for name, value in names})

    def units_concerned(self) -> list[Unit]:
        return [unit for unit in (self.origin, self.centre, self.holder) if unit is not None]

    def number_issuer(self) -> Unit:
        return self.street or self.centre

    def subject_line(self) -> tuple[str, str]:
        return self.number or "", self.title

    def blocked(self, step: Step) -> str:
        if step.verb == "check" and self.being_checked():
            return gettext("Somebody on the ground has been asked already.")
        if step.verb == "survey":
            return self.survey_refusal()
        if step.verb == "send_back" and self.by_ruling():
            return gettext("It was given to this unit by a ruling: it may not be returned.")
        return ""

    def being_checked(self) -> bool:
        """Whether somebody was asked what the present status wants to know, and has to answer."""
        kind = "check" if self.status == flow.REPORTED else "verify"
        asked = [check for check in self.verifications.all() if check.status == flow.ASKED]
        return any(check.kind == kind for check in asked)

    @property
    def unheard(self) -> bool:
        """Whether the reporter has still to say how it was settled."""
        return self.solved is None and self.is_whole

    def survey_refusal(self) -> str:
        """Why the reporter cannot be asked by a survey now; nothing if he can."""
        if any(survey.flow.is_open(survey.status) for survey in self.surveys.all()):
            return gettext("A survey has been asked and waits for its answer.")
        return ""

    def also_told(self, what: str) -> list[Post]:
        """When a holder is late, the centre that dispatched it learns of it."""
        if what not in ("sign", "handle") or self.holder is None:
            return []
        return list(Post.objects.filter(unit=self.centre, head=True))


class WorkOrderEvent(Event):
    paper = models.ForeignKey(WorkOrder, models.PROTECT, related_name="events", db_index=False)


class WorkOrderClock(Clock):
    paper = models.ForeignKey(WorkOrder, models.PROTECT, related_name="clocks", db_index=False)

    class Meta(Clock.Meta):
        indexes = [
            *Clock.Meta.indexes,
            models.Index(
                fields=["stopped"], condition=Q(stopped__gt=F("due")), name="%(class)s_missed"
            ),
            models.Index(fields=["due"], condition=Q(stopped=None), name="%(class)s_running"),
        ]


class WorkOrderFiring(Firing):
    clock = models.ForeignKey(
        WorkOrderClock, models.CASCADE, related_name="firings", db_index=False
    )


class WorkOrderSight(Sight):
    paper = models.ForeignKey(WorkOrder, models.CASCADE, related_name="sight", db_index=False)


class WorkOrderPhoto(Attachment):
    paper = models.ForeignKey(WorkOrder, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(WorkOrderEvent, models.PROTECT, related_name="photos")


def reported_by(user: User) -> "models.QuerySet[WorkOrder]":
    """What a person has reported, newest first: every reporter may follow his own reports."""
    return WorkOrder.objects.filter(reporter=user).order_by("-created", "-pk")
