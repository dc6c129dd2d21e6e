"""The whistle: a call upward from a community to its street, or from a street to departments."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import posts_of
from organization.calendar import TimeUnit
from organization.models import Post, Relation, Unit, User
from organization.models.posts import on
from whistle import flow
from whistle.models.orders import WorkOrder
from workflow.flow import Step
from workflow.models import Attachment, Clock, Event, Firing, Paper, PaperQuerySet, Sight


def make_arrival_code() -> str:
    """What the street's QR code says: who can show it stands before it."""
    return secrets.token_hex(8)


class Whistle(Paper):
    """A call on other units to come and settle an order.

    Level 2: the community calls its street; level 3: the street calls district departments.
    `caller` is the unit that whistles, `holder` the office that drafted it (level 3). `answers`
    and `called` are its answers and whether a meeting is called, where a page has read them.
    """

    class Status(models.TextChoices):
        DRAFTED = flow.DRAFTED, pgettext_lazy("status", "To confirm")
        CONFIRMED = flow.CONFIRMED, pgettext_lazy("status", "To blow")
        BLOWN = flow.BLOWN, pgettext_lazy("status", "Blown")
        SETTLED = flow.SETTLED, pgettext_lazy("status", "To check")
        VERIFIED = flow.VERIFIED, pgettext_lazy("status", "To score")
        SCORED = flow.SCORED, pgettext_lazy("status", "To conclude")
        CLOSED = flow.CLOSED, pgettext_lazy("status", "Concluded")
        RAISED = flow.RAISED, pgettext_lazy("status", "Raised")
        CANCELLED = flow.CANCELLED, pgettext_lazy("status", "Cancelled")

    class Level(models.IntegerChoices):
        STREET = 2, _("Level 2 whistle")
        DISTRICT = 3, _("Level 3 whistle")

    class Kind(models.TextChoices):
        ROUTINE = "routine", _("Routine whistle")
        EMERGENCY = "emergency", _("Emergency whistle")
        TOUGH = "tough", _("Tough whistle")

    class Method(models.TextChoices):
        EXPERT = "expert", _("Expert assessment")
        SPOT = "spot", _("Check on the spot")
        SURVEY = "survey", _("Satisfaction survey")

    flow = flow.WHISTLE
    to_root = "order"
    ways = {"caller": "caller", "centre": "centre"}
    answers: "list[Any] | None" = None
    called: bool | None = None

    number = models.CharField(_("number"), max_length=30, unique=True, null=True, editable=False)  # noqa: DJ001
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="whistles")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.ROUTINE)
    caller = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    centre = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    ask = models.TextField(_("what is asked"), max_length=1000)
    letter_number = models.CharField(_("letter number"), max_length=40, blank=True)
    blown_at = models.DateTimeField(_("blown"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    arrival_code = models.CharField(max_length=16, default=make_arrival_code)
    raised_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="raised_to"
    )
    method = models.CharField(_("method"), max_length=8, choices=Method.choices, blank=True)
    reworks = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(_("concluded"), null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("whistle")
        verbose_name_plural = _("whistles")
        indexes = [
            models.Index(fields=["-created", "-id"], name="whistle_newest"),
            models.Index(fields=["status", "-created", "-id"], name="whistle_status"),
            models.Index(fields=["caller", "status", "due_at"], name="whistle_desk"),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="whistle_closed"
            ),
            models.Index(
                fields=["blown_at"], condition=Q(blown_at__isnull=False), name="whistle_blown"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(status__in=["closed", "cancelled", "raised"]),
                name="whistle_one_open_per_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.ask[:20]

    def get_absolute_url(self) -> str:
        return f"/whistles/{self.number}/"

    @property
    def is_level_two(self) -> bool:
        return self.level == self.Level.STREET

    @property
    def is_level_three(self) -> bool:
        return self.level == self.Level.DISTRICT

    @property
    def by_office(self) -> bool:
        return self.is_level_three and self.holder is not None

    @property
    def is_emergency(self) -> bool:
        return self.kind == self.Kind.EMERGENCY

    @property
    def is_tough(self) -> bool:
        return self.is_level_three and self.kind == self.Kind.TOUGH

    @property
    def is_plain(self) -> bool:
        """Routine or emergency: any member of the street's leadership confirms it (工作推进哨)."""
        return not self.is_tough

    @property
    def awaits_confirmation(self) -> bool:
        """Blown in an emergency before the main leader had confirmed."""
        return self.is_level_three and self.confirmed_at is None

    @property
    def standing(self) -> "list[Any]":
        """Its answers but the released ones: as a page has read them, or read now."""
        if self.answers is not None:
            return [answer for answer in self.answers if answer.status != flow.RELEASED]
        found = self.responses.standing().select_related("unit")
        return list(found) if self.pk else []

    @property
    def calls_several(self) -> bool:
        """Whether there is something to agree on: at level 3 several departments answer."""
        return self.is_level_three and len(self.standing) > 1

    @property
    def lead(self) -> Unit | None:
        return next((a.unit for a in self.standing if a.role == Task.Role.LEAD), None)

    @property
    def has_meeting(self) -> bool:
        """Whether a joint meeting has been called that was not held yet."""
        if self.called is not None:
            return self.called
        return self.pk is not None and self.meetings.open().exists()

    @property
    def root(self) -> Paper:
        return self.order

    def root_pk(self) -> tuple[type[Paper], int]:
        return WorkOrder, self.order_id

    def adopt(self, root: Paper) -> None:
        self.order = root  # type: ignore[assignment]

    def place(self, at: str) -> Unit | None:
        unit: Unit | None = getattr(self, at)
        return unit

    def may(self, user: User, step: Step) -> bool:
        """Double reporting (双报到): who is paired with the street or in charge of the lead."""
        return bool(self.relations_of(user))

    def posts_meant(self, step: Step) -> list[Post]:
        """The leaders who have not reported yet."""
        missing = self.relations().exclude(kind__in=self.reported())
        return list(Post.objects.filter(relations__in=missing).distinct())

    def relations(self) -> "models.QuerySet[Relation]":
        """The leaders of this whistle: paired with the caller, in charge of who takes the lead."""
        leads = self.responses.filter(role="lead").values("unit")
        return Relation.objects.filter(
            on(),
            Q(kind=Relation.Kind.PAIRED, unit=self.caller)
            | Q(kind=Relation.Kind.IN_CHARGE, unit__in=leads),
        )

    def relations_of(self, user: User) -> set[str]:
        """In which of the two relations the person stands to this whistle."""
        own = self.relations().filter(post__in=posts_of(user))
        return set(own.values_list("kind", flat=True))

    def reported(self) -> set[str]:
        """In which of the two relations somebody has reported, himself or by his deputy."""
        found = [data.get("relations", []) for data in self.given_with("leader_report")]
        return {kind for relations in found for kind in relations}

    def given_with(self, verb: str) -> list[dict[str, Any]]:
        """What was given with each step of that verb."""
        if self.log is not None:
            return [event.data for event in self.log if event.verb == verb]
        return list(self.events.filter(verb=verb).order_by("n").values_list("data", flat=True))

    def acts_of(self, user: User) -> set[str]:
        """Includes what the person did as a respondent: who answers does not verify.

        An arrival that the caller noted (`by`) is the caller's act, not an answer.
        """
        if self.pk is None:
            return set()
        answers = self.responses.filter(events__actor=user)
        rows = answers.values_list("events__verb", "events__data__by")
        return super().acts_of(user) | {verb for verb, by in rows if by != "caller"}

    def blocked(self, step: Step) -> str:
        if step.verb == "survey" and (why := self.order.survey_refusal()):
            return why
        return suspended(self.order, step)

    def clock_unit(self, what: str) -> Unit:
        return self.centre if what == "blow" else self.caller

    def policy_kind(self) -> str:
        """The type; or "blown" for the confirmation that follows an emergency whistle."""
        return "blown" if self.status == flow.BLOWN else self.kind

    def policy_area(self) -> str:
        return self.order.area_level

    def units_concerned(self) -> list[Unit]:
        order = self.order
        units = (self.caller, self.centre, self.holder, order.origin, order.holder)
        return [unit for unit in units if unit is not None]

    def number_issuer(self) -> Unit:
        """The street of the caller, whichever level calls."""
        return self.centre.parent or self.centre

    def subject_line(self) -> tuple[str, str]:
        return self.number or "", self.order.title


def suspended(order: WorkOrder, step: Step) -> str:
    """Nothing happens to a whistle while its order is suspended, but that it is cancelled."""
    if order.status != flow.SUSPENDED or step.verb in ("cancel", "withdraw"):
        return ""
    return _text("The order is suspended until %(date)s.") % {"date": order.suspended_until}


class Task(models.Model):
    """What a drafted whistle will ask of one unit; `call` makes the response from it.

    `amount` and `time_unit` are the limit of the work itself (办结).
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        ASSIST = "assist", _("Assist")

    whistle = models.ForeignKey(Whistle, models.CASCADE, related_name="tasks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices)
    text = models.CharField(_("task"), max_length=300)
    amount = models.DecimalField(_("limit"), max_digits=6, decimal_places=2)
    time_unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)

    class Meta:
        ordering = ["-role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["whistle", "unit"], name="task_unit_once"),
            models.UniqueConstraint(
                fields=["whistle"], condition=Q(role="lead"), name="task_one_lead"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="task_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.text}"


class WhistleEvent(Event):
    paper = models.ForeignKey(Whistle, models.PROTECT, related_name="events", db_index=False)


class WhistleClock(Clock):
    paper = models.ForeignKey(Whistle, models.PROTECT, related_name="clocks", db_index=False)


class WhistleFiring(Firing):
    clock = models.ForeignKey(WhistleClock, models.CASCADE, related_name="firings", db_index=False)


class WhistleSight(Sight):
    paper = models.ForeignKey(Whistle, models.CASCADE, related_name="sight", db_index=False)


class WhistlePhoto(Attachment):
    paper = models.ForeignKey(Whistle, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(WhistleEvent, models.PROTECT, related_name="photos")
