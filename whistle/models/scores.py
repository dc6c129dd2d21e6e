"""One assessment per answer and whistle (一哨一考核): facts and the caller's marks."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from whistle.models.responses import Response


class ScoreScheme(models.Model):
    """How whistles are scored, dated; points of the two parts add up to the whole."""

    name = models.CharField(_("name"), max_length=40)
    valid_from = models.DateField(_("valid from"), unique=True)
    platform_points = models.PositiveSmallIntegerField(_("platform's points"), default=50)
    caller_points = models.PositiveSmallIntegerField(_("caller's points"), default=50)
    sample = models.BooleanField(_("sample figure"), default=False)

    class Meta:
        verbose_name = _("score scheme")
        verbose_name_plural = _("score schemes")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def on(cls, day: datetime.date) -> "ScoreScheme":
        return cls.objects.filter(valid_from__lte=day).latest("valid_from")


class ScoreRule(models.Model):
    """Points that a fact costs: a clock missed (`late`, its name) or a verb taken (`verb`)."""

    class Fact(models.TextChoices):
        LATE = "late", _("clock missed")
        VERB = "verb", _("step taken")

    scheme = models.ForeignKey(ScoreScheme, models.CASCADE, related_name="rules")
    fact = models.CharField(max_length=6, choices=Fact.choices)
    name = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "fact", "name"], name="score_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.name}: -{self.points}"


class Score(models.Model):
    """The assessment of one response. `deductions` lists fact, points and the event or clock."""

    response = models.OneToOneField(Response, models.PROTECT, related_name="score")
    scheme = models.ForeignKey(ScoreScheme, models.PROTECT, related_name="+")
    platform = models.PositiveSmallIntegerField(_("platform part"))
    caller = models.PositiveSmallIntegerField(_("caller's part"))
    deductions = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        indexes = [models.Index(fields=["at"], name="score_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(platform__lte=100) & Q(caller__lte=100), name="score_within_100"
            )
        ]

    def __str__(self) -> str:
        return f"{self.response} {self.total}"

    @property
    def total(self) -> int:
        return self.platform + self.caller
