"""The response: one unit's answer to one whistle."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import units_where
from organization.calendar import TimeUnit
from organization.duty import Duty
from organization.models import Post, Posting, Unit, User
from organization.models.posts import on
from organization.sealed import SealedField
from whistle import flow
from whistle.models.orders import WorkOrder
from whistle.models.whistles import Task, Whistle, WhistleSight, suspended
from workflow.bounds import outer_ends
from workflow.flow import Step
from workflow.models import Attachment, Clock, Event, Firing, Paper, PaperQuerySet


class ResponseQuerySet(PaperQuerySet):
    def visible_to(self, user: User) -> "ResponseQuerySet":
        """Who sees the whistle sees every lane of it."""
        seen = WhistleSight.objects.filter(unit__in=units_where(user, Duty.VIEW))
        return self.filter(whistle__in=seen.values("paper"))

    def standing(self) -> "ResponseQuerySet":
        """Those that answer or have answered: a whistle calls each unit once."""
        return self.exclude(status=flow.RELEASED)


class Response(Paper):
    """What one unit (`unit`, the answerer) does about a whistle, from the call to its result.

    `known_arbiter` is who rules in a dispute, where a page has read it already.
    """

    class Status(models.TextChoices):
        CALLED = flow.CALLED, pgettext_lazy("status", "To sign")
        SIGNED = flow.SIGNED, pgettext_lazy("status", "To arrive")
        ARRIVED = flow.ARRIVED, pgettext_lazy("status", "At work")
        DONE = flow.DONE, pgettext_lazy("status", "Answered")
        DISPUTED = flow.DISPUTED, pgettext_lazy("status", "To arbitrate")
        RELEASED = flow.RELEASED, pgettext_lazy("status", "Released")

    flow = flow.RESPONSE
    to_root = "whistle__order"
    to_seen = "whistle"
    to_outer = "whistle__order__source_due"
    ways = {"answerer": "unit", "caller": "whistle__caller", "centre": "whistle__centre"}
    known_arbiter: Unit | None = None
    phoned = frozenset({"sign"})

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="responses")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=8, choices=Task.Role.choices)
    task = models.CharField(_("task"), max_length=300)
    amount = models.DecimalField(_("limit"), max_digits=6, decimal_places=2)
    time_unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)
    lead_name = models.CharField(_("who leads"), max_length=30, blank=True)
    lead_phone = SealedField(_("phone"), max_length=20, blank=True)
    meet_at = models.DateTimeField(_("agreed time"), null=True, blank=True)
    meet_place = models.CharField(_("agreed place"), max_length=80, blank=True)
    section = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    reply_number = models.CharField(_("reply number"), max_length=40, blank=True)
    designated = models.BooleanField(default=False)
    redone = models.PositiveSmallIntegerField(default=0)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [
            models.Index(fields=["unit", "status", "due_at"], name="response_inbox"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="response_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["whistle", "unit"],
                condition=~Q(status="released"),
                name="response_unit_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.whistle} {self.unit.title}"

    def get_absolute_url(self) -> str:
        return f"/whistles/{self.whistle.number}/#response-{self.pk}"

    @property
    def is_level_two(self) -> bool:
        return self.whistle.is_level_two

    @property
    def is_level_three(self) -> bool:
        return self.whistle.is_level_three

    @property
    def leads_several(self) -> bool:
        return self.role == Task.Role.LEAD and self.whistle.calls_several

    @property
    def whistle_blown(self) -> bool:
        return self.whistle.status == flow.BLOWN

    @property
    def root(self) -> Paper:
        return self.whistle.order

    def root_pk(self) -> tuple[type[Paper], int]:
        return WorkOrder, self.whistle.order_id

    def adopt(self, root: Paper) -> None:
        self.whistle.order = root  # type: ignore[assignment]

    def place(self, at: str) -> Unit | None:
        match at:
            case "answerer":
                return self.unit
            case "caller":
                return self.whistle.caller
            case "centre":
                return self.whistle.centre
            case _:
                return self.known_arbiter or self.whistle.caller.common_ancestor(self.unit)

    def may(self, user: User, step: Step) -> bool:
        """Whom the street has sent to the community does the work there (双轨)."""
        return self.is_level_two and self.person_id == user.pk and user.is_active

    def posts_meant(self, step: Step) -> list[Post]:
        seat = seats(self.unit).filter(user=self.person_id).first()
        return [seat.post] if seat else []

    def clock_unit(self, what: str) -> Unit:
        """The answerer; but at level 2 the centre names who goes, and the arbiter arbitrates."""
        names = what == "sign" and self.is_level_two
        unit = self.place("arbiter" if what == "arbitrate" else "centre" if names else "answerer")
        assert unit is not None
        return unit

    def also_told(self, what: str) -> list[Post]:
        """The caller learns that an answer is late."""
        return list(
            Post.objects.filter(unit__in=[self.whistle.caller, self.whistle.centre], head=True)
        )

    def blocked(self, step: Step) -> str:
        if self.whistle.status not in (flow.BLOWN, flow.RAISED) and step.verb != "withdraw":
            return _text("The whistle is past this.")
        if step.verb == "dispute" and self.designated:
            return _text("It was given to this unit by a ruling: it may not be disputed again.")
        return suspended(self.whistle.order, step)

    def policy_kind(self) -> str:
        return self.whistle.kind

    def limit_for(self, what: str, start: datetime.datetime) -> tuple[Any, str] | None:
        return (self.amount, self.time_unit) if what == "finish" else None

    def outer_ends(self) -> dict[str, datetime.datetime]:
        return outer_ends(source=self.whistle.order.source_due)

    def policy_area(self) -> str:
        return self.whistle.order.area_level

    def units_concerned(self) -> list[Unit]:
        """The answerer, and the section to which it has passed the work."""
        return [unit for unit in (self.unit, self.section) if unit is not None]

    def subject_line(self) -> tuple[str, str]:
        return self.whistle.number or "", self.whistle.order.title

    def phone_text(self, clock: Any) -> str:
        words = _text("%(caller)s whistles for %(unit)s: %(title)s (%(number)s). Sign by %(due)s.")
        number, title = self.subject_line()
        return words % {
            "caller": self.whistle.caller.title,
            "unit": self.unit.title,
            "title": title,
            "number": number,
            "due": f"{clock.due:%m-%d %H:%M}",
        }


def seats(unit: Unit) -> "models.QuerySet[Posting]":
    """Who holds which post today in an answering unit, its sections or its offices."""
    kinds = [Unit.Kind.DEPARTMENT, Unit.Kind.SECTION, Unit.Kind.STREET, Unit.Kind.OFFICE]
    places = Unit.objects.filter(Q(pk=unit.pk) | Q(parent=unit.pk), kind__in=kinds)
    held = Posting.objects.filter(on(), post__unit__in=places, user__is_active=True)
    return held.select_related("user", "post__unit").order_by("deputy", "post__code", "pk")


class ResponseEvent(Event):
    paper = models.ForeignKey(Response, models.PROTECT, related_name="events", db_index=False)


class ResponseClock(Clock):
    paper = models.ForeignKey(Response, models.PROTECT, related_name="clocks", db_index=False)

    class Meta(Clock.Meta):
        indexes = [
            *Clock.Meta.indexes,
            models.Index(fields=["stopped"], condition=Q(what="arrive"), name="%(class)s_arrived"),
        ]


class ResponseFiring(Firing):
    clock = models.ForeignKey(ResponseClock, models.CASCADE, related_name="firings", db_index=False)


class ResponsePhoto(Attachment):
    paper = models.ForeignKey(Response, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(ResponseEvent, models.PROTECT, related_name="photos")
