"""What the engine keeps beside the papers: counters, live changes, answers already given."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from organization.models import Unit


class Counter(models.Model):
    """The last number given by a unit in a year, per flow: without gaps, so taken under lock."""

    flow = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flow", "unit", "year"], name="counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.year}: {self.last}"


class Xid8Field(models.BigIntegerField):  # type: ignore[type-arg]
    """PostgreSQL's 64-bit transaction id: tells late commits apart, which a sequence cannot."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class Change(models.Model):
    """A paper moved: told to open pages. `units` are all whose viewers may know."""

    xid = Xid8Field(db_default=models.Func(function="pg_current_xact_id"))
    at = models.DateTimeField()
    paper = models.CharField(max_length=40)
    paper_id = models.BigIntegerField()
    units = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [
            models.Index(fields=["xid", "id"], name="change_order"),
            models.Index(fields=["at"], name="change_age"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.paper_id}"


class Idempotency(models.Model):
    """The answer given to a client-made key, so that a repeated request gets the same one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    code = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
