import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from organization.models.units import Unit


def on(day: datetime.date | None = None, prefix: str = "") -> Q:
    """Rows whose validity covers the day (today unless given)."""
    day = day or timezone.localdate()
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def validity() -> Func:
    return Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange")


class PostManager(models.Manager["Post"]):
    def establish(self, *, code: str, **fields: object) -> "Post":
        """Create a post together with the group that carries its duties."""
        return self.create(code=code, group=Group.objects.create(name=code), **fields)


class Post(models.Model):
    """A seat in a unit. Acts, notices and escalation go to the seat; people come and go."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("post"), max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    head = models.BooleanField(_("head of the unit"), default=False)
    leader = models.BooleanField(_("main leader"), default=False)
    group = models.OneToOneField(Group, models.PROTECT, related_name="post")

    objects = PostManager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["unit__code", "code"]

    def __str__(self) -> str:
        return f"{self.unit.title} {self.name}"


class Posting(models.Model):
    """A person in a post for a time, as its holder or as the holder's deputy (代理人)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="postings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    deputy = models.BooleanField(_("deputy"), default=False)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="posting_ends_after_start",
            ),
            ExclusionConstraint(
                name="posting_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (validity(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.post}"


class Absence(models.Model):
    """A time in which a person's posts are acted for by deputies."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="absence_has_length")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.start:%Y-%m-%d}"


class DutyShift(models.Model):
    """A person on duty for a unit (值班): acts for its posts while nobody else of them is there.

    A main leader's post is left to his deputies, and nobody administers by being on duty.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shifts", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shifts", db_index=False
    )
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty roster")
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="shift_has_length"),
            ExclusionConstraint(
                name="shift_once_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (Func(F("start"), F("end"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["user", "end"], name="shift_of_user"),
            models.Index(fields=["unit", "end"], name="shift_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit.title} {self.user}"


class Relation(models.Model):
    """A leader's post tied to a unit: in charge of it (分管) or paired with it (挂包)."""

    class Kind(models.TextChoices):
        IN_CHARGE = "in_charge", _("in charge of")
        PAIRED = "paired", _("paired with")

    post = models.ForeignKey(Post, models.PROTECT, related_name="relations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leaders")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("leader's relation")
        verbose_name_plural = _("leaders' relations")
        constraints = [
            ExclusionConstraint(
                name="relation_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (validity(), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.get_kind_display()} {self.unit}"


class UnitGrant(GroupObjectPermissionBase):
    """A duty granted to a post's group on a unit; guardian's table with a direct foreign key."""

    content_object = models.ForeignKey(Unit, models.CASCADE, related_name="grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["content_object", "permission"], name="grant_unit_duty")]
