"""What the command centre keeps of its own: figures of days and months, views of its lists."""

import datetime
import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organization.models import Post, Unit
from workflow.models.events import canonical


class DayFigures(models.Model):
    """How many orders of one street did what on one day (in Shanghai), as one unit sees them.

    `viewer` is a district or a street: what is counted are the papers in its sight, so who may
    view just there may be shown the sum. `late` counts limits that ran out on the day unkept.
    The closed ones are told apart by who settled them; `closed_late` of them were handled late.
    """

    viewer = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    street = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField()
    reported = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    by_grid = models.PositiveIntegerField(default=0)
    by_community = models.PositiveIntegerField(default=0)
    by_street = models.PositiveIntegerField(default=0)
    by_district = models.PositiveIntegerField(default=0)
    closed_late = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "day", "street"],
                nulls_distinct=False,
                name="dayfigures_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.viewer_id} {self.street_id}"


class Summed(models.Model):
    """How far the figures of days are summed: the one row of its table.

    Days before `until` are there; acts up to `mark` (see `workflow.live`) are counted in them.
    """

    until = models.DateField()
    mark = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="summed_one_row")]

    def __str__(self) -> str:
        return str(self.until)


class Bulletin(models.Model):
    """The monthly circular on whistles (通报) as it was issued: its figures no longer change.

    What has to be corrected is issued again, as the next edition with its reason. `hash` is that
    of everything else (see `command.bulletin.issuing`). Rows are added, never changed.
    """

    month = models.DateField(_("month"))
    edition = models.PositiveSmallIntegerField(_("edition"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    figures = models.JSONField()
    issued_at = models.DateTimeField(_("issued"))
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["-month", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["month", "edition"], name="bulletin_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="bulletin_of_a_month"),
            models.CheckConstraint(
                condition=Q(edition=1, reason="") | Q(edition__gt=1) & ~Q(reason=""),
                name="bulletin_again_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def digest(self) -> str:
        """The hash over month, edition, number, who issued it when and why, and all figures."""
        content = {
            "month": f"{self.month:%Y-%m}",
            "edition": self.edition,
            "number": self.number,
            "unit": self.unit_id,
            "actor": self.actor_id,
            "post": self.post_id,
            "reason": self.reason,
            "issued_at": self.issued_at.astimezone(datetime.UTC).isoformat(),
            "figures": self.figures,
        }
        return hashlib.sha256(canonical(content).encode()).hexdigest()


class SavedView(models.Model):
    """The filters of a list that somebody keeps under a name (常用筛选).

    `query` is the address as the list writes it, known filters only. The `opening` one is shown
    where a list is opened without any.
    """

    class List(models.TextChoices):
        ORDERS = "work_orders", _("Orders")
        WHISTLES = "whistles", _("Whistles")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="views", db_index=False
    )
    list = models.CharField(max_length=12, choices=List.choices)
    name = models.CharField(_("name"), max_length=20)
    query = models.CharField(max_length=1000)
    opening = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "list", "name"], name="savedview_once"),
            models.UniqueConstraint(
                fields=["user", "list"], condition=Q(opening=True), name="savedview_one_opening"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"{reverse(self.list)}?{self.query}"


class Handover(models.Model):
    """What one shift of a command centre leaves to the next (交接班): signed by both, then fixed.

    `standing` is what the platform counted and listed at that moment. It is written once, by
    `user` in `post`; somebody else receives it, once. Nothing else changes.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("handed over"))
    words = models.TextField(_("What the next shift must know"), max_length=2000)
    standing = models.JSONField()
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    received_at = models.DateTimeField(_("received"), null=True)

    class Meta:
        verbose_name = _("hand-over note")
        verbose_name_plural = _("hand-over notes")
        indexes = [
            models.Index(fields=["unit", "-at", "-id"], name="handover_desk"),
            models.Index(fields=["-at", "-id"], name="handover_list"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(receiver=None, received_at=None)
                | Q(receiver__isnull=False, received_at__isnull=False),
                name="handover_received_whole",
            ),
            models.CheckConstraint(
                condition=Q(receiver=None) | ~Q(receiver=F("user")), name="handover_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("handover", args=[self.pk])
