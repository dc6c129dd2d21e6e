"""Grids and their boundaries: the ground on which everything else is found."""

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Max, Q
from django.utils.translation import gettext_lazy as _

from organization.authority import units_where
from organization.duty import Duty
from organization.models import Posting, Unit, User
from organization.models.posts import on, validity


class GridQuerySet(models.QuerySet["Grid"]):
    def visible_to(self, user: User) -> "GridQuerySet":
        """The grids of the units where the person may look."""
        return self.filter(unit__path__overlap=list(units_where(user, Duty.VIEW)))

    def listed(self) -> "GridQuerySet":
        """With the units that every list names, ordered by code."""
        units = self.select_related("unit", "community", "street")
        return units.annotate(code=F("unit__code")).order_by("code")

    def search(self, words: str) -> "GridQuerySet":
        """Part of the name, or the beginning of the code."""
        return self.filter(Q(unit__name__icontains=words) | Q(unit__code__istartswith=words))

    def for_map(self, day: datetime.date | None = None) -> "GridQuerySet":
        """The grids with a boundary on the day, each with its `geometry`."""
        drawn = self.filter(on(day, "boundaries__"))
        return drawn.annotate(
            code=F("unit__code"),
            geometry=F("boundaries__geometry"),
            area=F("boundaries__area"),
            sample=F("boundaries__sample"),
        ).order_by("code")

    def with_staff(self) -> "GridQuerySet":
        """With the posts of each grid and who holds them today, for its card."""
        postings = Posting.objects.filter(on(), deputy=False).select_related("user").order_by("pk")
        return self.prefetch_related(
            "unit__posts", models.Prefetch("unit__posts__postings", postings, to_attr="today")
        )


class Grid(models.Model):
    """A grid (网格) of a community; a unit of the tree with a boundary.

    Its code is the community's twelve digits, the letter of its kind and a serial. A grid that is
    given up is closed, never deleted, so that its code is not given again.
    """

    class Kind(models.TextChoices):
        GENERAL = "general", _("General grid")
        EXCLUSIVE = "exclusive", _("Exclusive grid")
        GENERAL_MICRO = "general_micro", _("General micro-grid")
        EXCLUSIVE_MICRO = "exclusive_micro", _("Exclusive micro-grid")
        PROFESSIONAL = "professional", _("Professional grid")

    LETTERS = {
        Kind.GENERAL: "Z",
        Kind.EXCLUSIVE: "X",
        Kind.GENERAL_MICRO: "M",
        Kind.EXCLUSIVE_MICRO: "N",
        Kind.PROFESSIONAL: "Y",
    }
    # Only these cover the ground, each point once; the others lie upon them.
    GROUND = (Kind.GENERAL, Kind.EXCLUSIVE)

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="grid")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    community = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("community"), related_name="+"
    )
    street = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("street"), related_name="+")
    serial = models.PositiveSmallIntegerField(_("serial"))

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        ordering = ["unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "serial"], name="grid_code_once"),
            models.CheckConstraint(
                condition=Q(serial__range=(1, 999)), name="grid_serial_three_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.unit.name

    @property
    def chief(self) -> dict[str, Any] | None:
        """The grid chief (网格长): who holds the head post."""
        return next((person for person in self.staff if person["head"]), None)

    @property
    def wardens(self) -> list[dict[str, Any]]:
        return [person for person in self.staff if not person["head"]]

    @property
    def staff(self) -> list[dict[str, Any]]:
        """Who works here, the head first; wants `with_staff`."""
        posts = sorted(self.unit.posts.all(), key=lambda post: not post.head)
        return [
            {"post": post.name, "head": post.head, "name": person.name, "phone": person.phone}
            for post in posts
            for person in (posting.user for posting in getattr(post, "today", ()))
        ]


def next_code(community: Unit, kind: str) -> tuple[str, int]:
    """A code that was never given, with its serial. Runs out after 999."""
    taken = Grid.objects.filter(community=community, kind=kind).aggregate(last=Max("serial"))
    serial = (taken["last"] or 0) + 1
    return f"{community.code}{Grid.LETTERS[Grid.Kind(kind)]}{serial:03d}", serial


class Boundary(models.Model):
    """Where a grid lies from one day to another: a GeoJSON polygon in WGS-84 degrees.

    A changed boundary is a new row; the old one is closed and keeps telling where things were.
    """

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="boundaries")
    geometry = models.JSONField(_("boundary"))
    west = models.FloatField(editable=False)
    south = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    north = models.FloatField(editable=False)
    area = models.PositiveBigIntegerField(_("area (m²)"), editable=False)
    sample = models.BooleanField(_("sample boundary"), default=False)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")
        ordering = ["grid", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="boundary_ends_after_start",
            ),
            ExclusionConstraint(
                name="boundary_one_at_a_time",
                expressions=[
                    ("grid", RangeOperators.EQUAL),
                    (validity(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grid} {self.valid_from}"


class Ground(models.Model):
    """One row whose version changes with every edit of a boundary, a grid or a unit's name.

    The database writes it (see the migration), so that an edit by any process, or by hand, is
    noticed by all the others.
    """

    version = models.UUIDField(db_default=Func(function="gen_random_uuid"))
    changed = models.DateTimeField(db_default=Func(function="now"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ground_one_row")]

    def __str__(self) -> str:
        return str(self.version)
