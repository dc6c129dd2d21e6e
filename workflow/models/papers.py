"""The abstract paper that travels through a flow, and the projection of who may see it."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from organization.authority import units_where
from organization.duty import Duty
from organization.models import Notice, Post, Unit, User
from workflow.flow import Flow, Step


class PaperQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The papers this person may see: the only door of every list, page, export and count."""
        units = units_where(user, Duty.VIEW)
        return self.filter(self.model.seen_from(units))

    def open(self) -> Self:
        return self.exclude(status__in=self.model.flow.final)

    def overdue(self, now: datetime.datetime) -> Self:
        return self.filter(due_at__lt=now)


class Paper(models.Model):
    """Anything with a status. `workflow.actions.transition` is the only writer of these fields.

    `due_at`, `warn_at`, `due_what`, `due_unit` and `due_keeper` are of the running clock that is
    due first.
    `trace_head` and `trace_count` are the hash and the number of its last event. `as_of` is the
    moment of the step being taken (None: now), for what a paper says of itself at that time.
    `log` are its events, where a page has read them already. `to_root`, `to_seen` and
    `to_outer` lead, as in a query, to the root paper, to the one whose sight decides who sees this
    one ("": itself), and to the moment that no clock may exceed ("": none).
    `whole` leads to the paper of the same kind of which this one is a part, and names the clock of
    it that no clock of the part may exceed.
    `ways` lead from the place of a step (`at`) to its unit, where a query can.
    `in_storms` is what a root paper must have read with it to say whether a storm concerns it.
    """

    flow: ClassVar[Flow]
    Status: ClassVar[Any]
    phoned: ClassVar[frozenset[str]] = frozenset()
    to_root: ClassVar[str] = ""
    to_seen: ClassVar[str] = ""
    to_outer: ClassVar[str] = ""
    whole: ClassVar[tuple[str, str]] = ("", "")
    in_storms: ClassVar[tuple[str, ...]] = ()
    ways: ClassVar[dict[str, str]] = {}
    as_of: datetime.datetime | None = None
    log: "list[Any] | None" = None

    status = models.CharField(_("status"), max_length=12, editable=False, db_default="")
    status_since = models.DateTimeField(editable=False)
    created = models.DateTimeField(_("created"), editable=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    warn_at = models.DateTimeField(null=True, editable=False)
    due_what = models.CharField(max_length=12, editable=False, default="")
    due_unit = models.CharField(max_length=12, editable=False, default="")
    due_keeper = models.ForeignKey(
        Unit, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    trace_head = models.CharField(max_length=64, editable=False, default="")
    trace_count = models.PositiveIntegerField(editable=False, default=0)

    class Meta:
        abstract = True

    @classmethod
    def seen_from(cls, units: frozenset[int]) -> models.Q:
        """The papers with a row in the sight of one of these units."""
        seen = cls.sight_model().objects.filter(unit__in=units).values("paper")
        return models.Q(pk__in=seen)

    @classmethod
    def lying_in(cls, area: int, case: str, way: str) -> models.Q:
        """The root papers of an area and of classes, for a query that comes by `way`: order__."""
        raise NotImplementedError

    @classmethod
    def clock_model(cls) -> Any:
        return cls._meta.get_field("clocks").related_model

    @classmethod
    def root_model(cls) -> Any:
        """The kind of paper that is locked before this kind."""
        return cls._reached(cls.to_root)

    @classmethod
    def seen_model(cls) -> Any:
        return cls._reached(cls.to_seen)

    @classmethod
    def _reached(cls, path: str) -> Any:
        model: Any = cls
        for name in filter(None, path.split("__")):
            model = model._meta.get_field(name).related_model
        return model

    @classmethod
    def sight_model(cls) -> Any:
        return cls._meta.get_field("sight").related_model

    def get_status_display(self) -> str:
        return str(self.Status(self.status).label)

    @property
    def path(self) -> Sequence[int]:
        """Whose working hours its first deadline is counted in, as of a clock."""
        return self.due_keeper.path if self.due_keeper else ()

    @property
    def root(self) -> "Paper":
        """The paper that is locked before this one (and before everything that hangs on it)."""
        return self

    def root_pk(self) -> tuple[type["Paper"], int]:
        return type(self), self.pk

    def adopt(self, root: "Paper") -> None:
        """Take the freshly locked root in place of a stale copy."""

    def runs(self, what: str) -> bool:
        """Whether the clock of this name can run on this very paper."""
        return True

    def place(self, at: str) -> Unit | None:
        """The unit that a step's `at` names on this paper."""
        raise NotImplementedError

    def may(self, user: User, step: Step) -> bool:
        """Whether the person is the one whom a step without a duty, but with `at`, is meant for."""
        return False

    def posts_meant(self, step: Step) -> list[Post]:
        """The posts of those for whom such a step is meant."""
        return []

    def seen_as(self) -> "Paper":
        """The paper whose sight decides who sees this one."""
        seen: Paper = getattr(self, self.to_seen) if self.to_seen else self
        return seen

    def clock_unit(self, what: str) -> Unit:
        """The unit that a clock runs against: its people are warned and told first."""
        raise NotImplementedError

    def also_told(self, what: str) -> list[Post]:
        """Posts beside the line of the late unit that learn of a missed deadline."""
        return []

    def subject_line(self) -> tuple[str, str]:
        """(number, title) under which people know the paper."""
        raise NotImplementedError

    def notice(
        self, post: Post, kind: str, verb: str, now: datetime.datetime, clock: str = ""
    ) -> Notice:
        number, title = self.subject_line()
        return Notice(
            post=post,
            kind=kind,
            flow=self.flow.name,
            number=number,
            title=title[:120],
            verb=verb,
            clock=clock,
            created=now,
        )

    def phone_text(self, clock: Any) -> str:
        """What the duty phone is told of a clock in `phoned`."""
        raise NotImplementedError

    def acts_of(self, user: User) -> set[str]:
        """What this person has done on the paper: the ground of every separation of duties."""
        if self.pk is None:
            return set()
        if self.log is not None:
            return {event.verb for event in self.log if event.actor_id == user.pk}
        events = self.events.filter(actor=user)  # type: ignore[attr-defined]
        return set(events.values_list("verb", flat=True))

    def blocked(self, step: Step) -> str:
        """Why nothing may happen to the paper now (it is suspended, say), or nothing."""
        return ""

    def limit_for(self, what: str, start: datetime.datetime) -> "tuple[Any, str] | None":
        """An own limit (amount, time unit) of a clock; None: the policy's limit applies."""
        return None

    def limit_from(self, what: str, start: datetime.datetime) -> datetime.date | None:
        """The day of the version of that own limit, if it is dated."""
        return None

    def policy_kind(self) -> str:
        """Which rows of the time limits apply, e.g. the whistle's type."""
        return ""

    def policy_case(self) -> str:
        """The class of problem of a root paper, from the wide to the narrow: event-05-07."""
        return ""

    def policy_area(self) -> str:
        """The management level (A, B, C) of its place, for which limits may differ."""
        return ""

    def outer_ends(self) -> dict[str, datetime.datetime]:
        """The moments that no clock of this paper may exceed, by name (see workflow.bounds)."""
        return {}

    def units_concerned(self) -> list[Unit]:
        """Origin, holder and respondents: they and everybody above them see the paper."""
        raise NotImplementedError

    def number_issuer(self) -> Unit | None:
        """The unit that numbers this paper without a gap; None: it has no number of its own."""
        return None

    def back_status(self) -> str:
        """The status from which the present one was entered, read from the log.

        Coming again to a status that lies on the way here undoes the way since: what leads back
        (rework, recall, reopening, BACK itself) is no new way in.
        """
        way: list[str] = []
        steps = self.events.exclude(old=F("new")).order_by("n")  # type: ignore[attr-defined]
        for old, new in steps.values_list("old", "new"):
            if new in way:
                del way[way.index(new) :]
            else:
                way.append(old)
        return way[-1]


class Sight(models.Model):
    """Who sees a paper: one row per unit concerned and per unit above it. The engine writes it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    created = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["paper", "unit"], name="%(class)s_once"),
        ]
        indexes = [
            models.Index(fields=["unit", "-created", "paper"], name="%(class)s_list"),
        ]
