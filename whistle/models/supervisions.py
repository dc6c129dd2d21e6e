"""The supervision order: what a unit is held to, by a centre (督办) or by a leader (批示)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import posts_of, units_where
from organization.calendar import TimeUnit
from organization.duty import Duty
from organization.models import Post, Relation, Unit, User
from organization.models.posts import on
from whistle import supervision_flow as flow
from whistle.labels import SupervisionGround
from whistle.models.orders import WorkOrder, WorkOrderSight
from whistle.models.responses import Response
from whistle.models.whistles import suspended
from workflow.flow import Step
from workflow.models import Attachment, Clock, Event, Firing, Paper, PaperQuerySet


class SupervisionQuerySet(PaperQuerySet):
    def visible_to(self, user: User) -> "SupervisionQuerySet":
        """Who sees the order sees who is held to what on it."""
        seen = WorkOrderSight.objects.filter(unit__in=units_where(user, Duty.VIEW))
        return self.filter(order__in=seen.values("paper"))


class SupervisionOrder(Paper):
    """One unit held to one order: it signs, reports in a cadence, answers, and is signed off.

    `issuer` is the unit that supervises and judges, `post` the seat from which it was issued;
    an instruction is judged by whoever holds that seat. `amount` and `time_unit` are the final
    limit; `cadence` of `cadence_unit` is the time between two reports (None: the policy's).
    """

    class Status(models.TextChoices):
        ISSUED = flow.ISSUED, pgettext_lazy("supervision", "To sign")
        SIGNED = flow.SIGNED, pgettext_lazy("supervision", "Being settled")
        ANSWERED = flow.ANSWERED, pgettext_lazy("supervision", "To sign off")
        SIGNED_OFF = flow.SIGNED_OFF, pgettext_lazy("supervision", "Signed off")
        CANCELLED = flow.CANCELLED, pgettext_lazy("supervision", "Withdrawn")

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", pgettext_lazy("kind", "Supervision order")
        INSTRUCTION = "instruction", pgettext_lazy("kind", "Leader's instruction")

    flow = flow.SUPERVISION
    phoned = frozenset({"sign"})
    to_root = "order"
    to_seen = "order"
    ways = {"centre": "order__centre", "issuer": "issuer", "unit": "unit"}

    number = models.CharField(_("number"), max_length=30, unique=True, null=True, editable=False)  # noqa: DJ001
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="supervisions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    ground = models.CharField(
        _("ground"), max_length=10, choices=SupervisionGround.choices, blank=True
    )
    requirement = models.TextField(_("requirement"), max_length=1000)
    amount = models.DecimalField(_("limit"), max_digits=6, decimal_places=2)
    time_unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)
    cadence = models.DecimalField(
        _("report every"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    cadence_unit = models.CharField(max_length=12, choices=TimeUnit.choices, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    rejects = models.PositiveSmallIntegerField(default=0)
    signed_off_at = models.DateTimeField(_("signed off"), null=True, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")
        indexes = [
            models.Index(fields=["-created", "-id"], name="supervision_newest"),
            models.Index(fields=["status", "-created", "-id"], name="supervision_status"),
            models.Index(fields=["unit", "status", "due_at"], name="supervision_inbox"),
            models.Index(fields=["post", "status"], name="supervision_post"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "unit"],
                condition=Q(kind="supervision") & ~Q(status__in=["signed_off", "cancelled"]),
                name="supervision_one_open",
            ),
            models.CheckConstraint(
                condition=Q(kind="supervision") & ~Q(ground="") | Q(kind="instruction", ground=""),
                name="supervision_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(cadence=None, cadence_unit="") | Q(cadence__gt=0) & ~Q(cadence_unit=""),
                name="supervision_cadence_whole",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="supervision_has_time"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.order} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"/supervisions/{self.number}/"

    @property
    def is_supervision(self) -> bool:
        return self.kind == self.Kind.SUPERVISION

    @property
    def is_instruction(self) -> bool:
        return self.kind == self.Kind.INSTRUCTION

    @property
    def root(self) -> Paper:
        return self.order

    def root_pk(self) -> tuple[type[Paper], int]:
        return WorkOrder, self.order_id

    def adopt(self, root: Paper) -> None:
        self.order = root  # type: ignore[assignment]

    def place(self, at: str) -> Unit | None:
        match at:
            case "centre":
                return self.order.centre
            case "issuer":
                return self.issuer
            case _:
                return self.unit

    def may(self, user: User, step: Step) -> bool:
        """A leader of the order instructs; afterwards whoever holds the seat that instructed."""
        if self.pk is None:
            return leaders_of(self.order).filter(pk__in=posts_of(user)).exists()
        return self.post_id in posts_of(user)

    def posts_meant(self, step: Step) -> list[Post]:
        return [self.post]

    def blocked(self, step: Step) -> str:
        return suspended(self.order, step)

    def clock_unit(self, what: str) -> Unit:
        return self.issuer if what == "sign_off" else self.unit

    def also_told(self, what: str) -> list[Post]:
        """Whoever issued it learns that the unit is late."""
        return [] if what == "sign_off" else [self.post]

    def policy_kind(self) -> str:
        return self.kind

    def limit_for(self, what: str, start: Any) -> tuple[Any, str] | None:
        if what == "finish":
            return self.amount, self.time_unit
        if what == "report" and self.cadence is not None:
            return self.cadence, self.cadence_unit
        return None

    def units_concerned(self) -> list[Unit]:
        return [self.unit, self.issuer]

    def number_issuer(self) -> Unit:
        """An office and its street share the first digits of their codes: the street numbers."""
        issuer = self.issuer
        return issuer.above(Unit.Kind.STREET) or issuer.above(Unit.Kind.DEPARTMENT) or issuer

    def subject_line(self) -> tuple[str, str]:
        return self.number or "", self.order.title

    def phone_text(self, clock: Any) -> str:
        words = _text("%(issuer)s supervises %(unit)s: %(title)s (%(number)s). Sign by %(due)s.")
        number, title = self.subject_line()
        return words % {
            "issuer": self.issuer.title,
            "unit": self.unit.title,
            "title": title,
            "number": number,
            "due": f"{clock.due:%m-%d %H:%M}",
        }


def units_at_work(order: WorkOrder) -> "models.QuerySet[Unit]":
    """Who can be held to the order: its holder, and the units still answering a whistle."""
    answering = Response.objects.filter(whistle__order=order).open()
    return Unit.objects.filter(Q(pk=order.holder_id) | Q(pk__in=answering.values("unit")))


def leaders_of(order: WorkOrder) -> "models.QuerySet[Post]":
    """The leaders' seats that may instruct on an order.

    Main leaders of the street and the district, whoever is paired with the street (挂包), and
    whoever is in charge (分管) of a unit that works on it.
    """
    related = Relation.objects.filter(
        on(),
        Q(kind=Relation.Kind.PAIRED, unit=order.street_id)
        | Q(kind=Relation.Kind.IN_CHARGE, unit__in=units_at_work(order)),
    )
    main = Q(leader=True, unit__in=order.centre.path)
    return Post.objects.filter(main | Q(pk__in=related.values("post")))


class SupervisionOrderEvent(Event):
    paper = models.ForeignKey(
        SupervisionOrder, models.PROTECT, related_name="events", db_index=False
    )


class SupervisionOrderClock(Clock):
    paper = models.ForeignKey(
        SupervisionOrder, models.PROTECT, related_name="clocks", db_index=False
    )


class SupervisionOrderFiring(Firing):
    clock = models.ForeignKey(
        SupervisionOrderClock, models.CASCADE, related_name="firings", db_index=False
    )


class SupervisionOrderPhoto(Attachment):
    paper = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(SupervisionOrderEvent, models.PROTECT, related_name="photos")
