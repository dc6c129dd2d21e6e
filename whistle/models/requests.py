"""The request: a holder or answerer asks the level above for what it may not change itself."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import units_where
from organization.calendar import TimeUnit, due
from organization.duty import Duty
from organization.models import Unit, User
from whistle import flow, request_flow
from whistle.models.orders import WorkOrder, WorkOrderSight
from whistle.models.responses import Response
from workflow.bounds import SOURCE, WHOLE, bounds_of, root_ends
from workflow.clock import pauses_for
from workflow.flow import Step
from workflow.models import Attachment, Clock, Event, Firing, Paper, PaperQuerySet

OPEN = list(request_flow.REQUEST_OPEN)
USED_UP = ["withdrawn", "dropped"]
# Who decides which kinds, as the flow has it.
DECIDERS = {
    Duty.DISPATCH: ("extension", "return", "exemption"),
    Duty.SUPERVISE: ("suspension",),
    Duty.ARBITRATE: ("appeal",),
}


class Correction(NamedTuple):
    """Lines of a score to be given back (id → words), and the caller's mark as it should be."""

    struck: dict[int, str]
    mark: int | None


class RequestQuerySet(PaperQuerySet):
    def visible_to(self, user: User) -> "RequestQuerySet":
        """Who sees the order sees what was asked about it."""
        seen = WorkOrderSight.objects.filter(unit__in=units_where(user, Duty.VIEW))
        return self.filter(order__in=seen.values("paper"))

    def of(self, subject: Paper) -> "RequestQuerySet":
        if isinstance(subject, Response):
            return self.filter(response=subject)
        return self.filter(order=subject.pk, response=None)

    def exempting(self) -> "RequestQuerySet":
        """Those by which their subject is left out of the assessment, whatever it did.

        An appeal against a score only corrects it.
        """
        appealed = Q(kind="appeal", response=None)
        return self.filter(Q(kind="exemption") | appealed, status=request_flow.GRANTED)

    def decidable_by(self, user: User) -> "RequestQuerySet":
        """Those that wait for a duty that this person holds at the approver or above it."""
        found = Q(pk=None)
        for duty, kinds in DECIDERS.items():
            units = list(units_where(user, duty))
            found |= Q(kind__in=kinds, approver__path__overlap=units)
        return self.open().filter(found)


class Request(Paper):
    """What `unit` asks about an order, or about one answer under it (`response`).

    `order` is the root; the subject is the answer where there is one, else the order itself.
    `approver` is the command centre one level above the unit that asks. `amount` is how much
    longer, in the `time_unit` of the clock; `until` the last day of a suspension; `silence` what
    it means when nobody decides in time.
    """

    class Status(models.TextChoices):
        ASKED = flow.ASKED, pgettext_lazy("request", "To decide")
        GRANTED_ONCE = request_flow.GRANTED_ONCE, pgettext_lazy("request", "To review again")
        GRANTED = request_flow.GRANTED, pgettext_lazy("request", "Granted")
        REJECTED = request_flow.REJECTED, pgettext_lazy("request", "Rejected")
        WITHDRAWN = request_flow.WITHDRAWN, pgettext_lazy("request", "Withdrawn")
        DROPPED = request_flow.DROPPED, pgettext_lazy("request", "Lapsed")

    class Kind(models.TextChoices):
        EXTENSION = "extension", pgettext_lazy("request", "Extension")
        SUSPENSION = "suspension", pgettext_lazy("request", "Suspension")
        RETURN = "return", pgettext_lazy("request", "Return")
        EXEMPTION = "exemption", pgettext_lazy("request", "Exemption")
        APPEAL = "appeal", pgettext_lazy("request", "Appeal")

    class Silence(models.TextChoices):
        GRANTED = request_flow.GRANTED, _("counts as granted")
        REJECTED = request_flow.REJECTED, _("counts as rejected")

    flow = request_flow.REQUEST
    to_root = "order"
    to_seen = "order"
    ways = {"approver": "approver", "unit": "unit"}
    siblings: "list[Request] | None" = None

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="requests")
    response = models.ForeignKey(
        Response, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    approver = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    amount = models.DecimalField(
        _("longer by"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    time_unit = models.CharField(
        _("time unit"), max_length=12, choices=TimeUnit.choices, blank=True
    )
    until = models.DateField(_("until"), null=True, blank=True)
    ground = models.CharField(_("ground"), max_length=12, blank=True)
    reason = models.TextField(_("reason"), max_length=1000)
    silence = models.CharField(_("silence"), max_length=8, choices=Silence.choices)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index(fields=["-created", "-id"], name="request_newest"),
            models.Index(fields=["approver", "status", "due_at"], name="request_desk"),
            models.Index(fields=["unit", "-created", "-id"], name="request_asked"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=Q(response=None, status__in=OPEN),
                name="request_one_open_of_order",
            ),
            models.UniqueConstraint(
                fields=["response", "kind"],
                condition=Q(response__isnull=False, status__in=OPEN),
                name="request_one_open_of_response",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="suspension", status="granted"),
                name="request_suspends_once",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="appeal", response=None) & ~Q(status__in=USED_UP),
                name="request_appeals_order_once",
            ),
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(kind="appeal", response__isnull=False) & ~Q(status__in=USED_UP),
                name="request_appeals_response_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="extension", amount__gt=0) | ~Q(kind="extension") & Q(amount=None),
                name="request_extends_by_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="suspension", until__isnull=False)
                | ~Q(kind="suspension") & Q(until=None),
                name="request_suspends_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="return", response=None) | ~Q(kind="return"),
                name="request_returns_orders",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.order.get_absolute_url()}#request-{self.pk}"

    @property
    def subject(self) -> Any:
        """The paper that is asked about."""
        return self.response or self.order

    @property
    def is_extension(self) -> bool:
        return self.kind == self.Kind.EXTENSION

    @property
    def is_suspension(self) -> bool:
        return self.kind == self.Kind.SUSPENSION

    @property
    def is_return(self) -> bool:
        return self.kind == self.Kind.RETURN

    @property
    def is_appeal(self) -> bool:
        return self.kind == self.Kind.APPEAL

    @property
    def appeals_score(self) -> bool:
        return self.is_appeal and self.response_id is not None

    @property
    def appeals_order(self) -> bool:
        return self.is_appeal and self.response_id is None

    @property
    def names_ground(self) -> bool:
        return self.kind in (self.Kind.RETURN, self.Kind.EXEMPTION)

    @property
    def by_dispatcher(self) -> bool:
        return self.kind in DECIDERS[Duty.DISPATCH]

    @property
    def exempts(self) -> bool:
        """Whether its subject is left out of the assessment by it."""
        exempting = self.kind == self.Kind.EXEMPTION or self.appeals_order
        return self.status == request_flow.GRANTED and exempting

    @property
    def silence_grants(self) -> bool:
        return self.silence == self.Silence.GRANTED and not self.hindrance()

    @property
    def silence_rejects(self) -> bool:
        return not self.silence_grants

    @property
    def root(self) -> Paper:
        return self.order

    def root_pk(self) -> tuple[type[Paper], int]:
        return WorkOrder, self.order_id

    def adopt(self, root: Paper) -> None:
        """The answer is read afresh too: it may have moved since the request was made."""
        self.order = root  # type: ignore[assignment]
        if self.response_id is not None:
            answers = Response._base_manager.select_related("whistle", "unit")
            self.response = answers.get(pk=self.response_id)
            self.response.adopt(root)

    def place(self, at: str) -> Unit | None:
        return self.approver if at == "approver" else self.unit

    def clock_unit(self, what: str) -> Unit:
        return self.approver

    def blocked(self, step: Step) -> str:
        if self.order.status != flow.SUSPENDED or step.verb in ("withdraw", "drop"):
            return ""
        words = _text("The order is suspended until %(date)s.")
        return words % {"date": self.order.suspended_until}

    def policy_kind(self) -> str:
        return self.kind

    def units_concerned(self) -> list[Unit]:
        return [self.unit, self.approver]

    def subject_line(self) -> tuple[str, str]:
        return self.order.number or "", self.order.title

    def correction(self) -> "Correction | None":
        """What the first reviewer of an appeal found wrong with the score; the second agrees."""
        if not self.appeals_score:
            return None
        log = self.log if self.log is not None else self.events.order_by("n")  # type: ignore[attr-defined]
        found = next((e.data for e in log if e.verb == "grant"), None)
        if found is None:
            return None
        struck = {line["id"]: line["name"] for line in found.get("struck", [])}
        return Correction(struck, found.get("mark"))

    def in_hand(self) -> bool:
        """Whether the unit that asks has the subject in its hands."""
        holder = self.response.unit_id if self.response else self.order.holder_id
        return holder == self.unit_id

    def fits(self) -> bool:
        """Whether its subject still is where the request can be granted."""
        if self.kind not in FITTING:
            return True
        paused = self.is_suspension and self.order.status == flow.SUSPENDED
        fitting = flow.RESPONSE_OPEN if self.response else FITTING[self.Kind(self.kind)]
        return self.in_hand() and self.subject.status in fitting and not paused

    def running(self) -> Any:
        """The limit that an extension would move: of the work itself."""
        what = "finish" if self.response else "handle"
        return self.subject.clocks.filter(what=what, stopped=None).first()

    def hindrance(self) -> str:
        """Why it could not be granted now, or nothing."""
        now = self.as_of or timezone.now()
        if not self.fits():
            return _text("The paper has moved on: this cannot be granted any more.")
        if self.is_suspension and self.until <= timezone.localdate(now):  # type: ignore[operator]
            return _text("The day asked for has come already.")
        if self.is_return and self.order.by_ruling():
            return _text("It was given to this unit by a ruling: it may not be returned.")
        return self.beyond_outer(now) if self.is_extension else ""

    def beyond_outer(self, now: datetime.datetime) -> str:
        """No leg may exceed the outer limit of the order: its whole limit, or its source's."""
        clock = self.running()
        if clock is None:
            return _text("No limit is running that could be extended.")
        longer = clock.limit + (self.amount or Decimal(0))
        pauses = pauses_for(self.order, now)
        moment = due(clock.started, longer, clock.unit, pauses=pauses, hours_of=clock)
        subject = self.subject
        ends = root_ends(subject, [clock.what])
        bounds = bounds_of(subject.flow, clock, subject.outer_ends(), ends)
        passed = {name: end for name, end in bounds.items() if end < moment}
        if not passed:
            return ""
        name = min(passed, key=lambda name: passed[name])
        words = {
            WHOLE: _text("The whole of which it is a part ends at %(due)s: no part goes beyond."),
            SOURCE: _text(
                "The source of the order wants it by %(due)s: no limit may go beyond that."
            ),
            "handle": _text(
                "The whole limit of the order ends at %(due)s: no limit may go beyond that."
            ),
        }[name]
        return words % {"due": f"{timezone.localtime(passed[name]):%Y-%m-%d %H:%M}"}


# In which status of the order each kind can be granted; others can be in every status.
FITTING: dict[str, Iterable[str]] = {
    Request.Kind.EXTENSION: (flow.ACCEPTED, flow.WHISTLED, flow.SUSPENDED),
    Request.Kind.SUSPENSION: (flow.ACCEPTED, flow.WHISTLED),
    Request.Kind.RETURN: (flow.ACCEPTED, flow.SUSPENDED),
}


class RequestEvent(Event):
    paper = models.ForeignKey(Request, models.PROTECT, related_name="events", db_index=False)


class RequestClock(Clock):
    paper = models.ForeignKey(Request, models.PROTECT, related_name="clocks", db_index=False)


class RequestFiring(Firing):
    clock = models.ForeignKey(RequestClock, models.CASCADE, related_name="firings", db_index=False)


class RequestPhoto(Attachment):
    paper = models.ForeignKey(Request, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(RequestEvent, models.PROTECT, related_name="photos")
