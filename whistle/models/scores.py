"""One assessment per answer and whistle (一哨一考核): facts and the caller's marks."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whistle.models.cards import Card
from whistle.models.requests import Request
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
    """Points that a fact costs: a clock missed (`late`, its name), a verb taken (`verb`; of
    `designate` a dispute that was lost), a card shown (`card`, its colour)."""

    class Fact(models.TextChoices):
        LATE = "late", _("clock missed")
        VERB = "verb", _("step taken")
        CARD = "card", _("card shown")

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
    """The assessment of one response. Both parts are the sums of its lines, as they stand now."""

    response = models.OneToOneField(Response, models.PROTECT, related_name="score")
    scheme = models.ForeignKey(ScoreScheme, models.PROTECT, related_name="+")
    platform = models.PositiveSmallIntegerField(_("platform part"), default=0)
    caller = models.PositiveSmallIntegerField(_("caller's part"), default=0)
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


class ScoreLine(models.Model):
    """What gave or took points of a score, and what proves it. Lines are added, never changed.

    The proof is a step (`event_n`) or a clock of the answer, a card, for the caller's mark a step
    of the whistle, and for what was corrected a step of the request that was granted. `of` is the
    line whose points are given back.
    """

    class Fact(models.TextChoices):
        BASE = "base", pgettext_lazy("score", "Platform's points")
        LATE = "late", pgettext_lazy("score", "Limit missed")
        VERB = "verb", pgettext_lazy("score", "Step taken")
        CARD = "card", pgettext_lazy("score", "Card shown")
        FLOOR = "floor", pgettext_lazy("score", "Not below nothing")
        STRUCK = "struck", pgettext_lazy("score", "Given back")
        MARK = "mark", pgettext_lazy("score", "Caller's mark")
        REMARK = "remark", pgettext_lazy("score", "Mark corrected")

    COSTS = (Fact.LATE, Fact.VERB, Fact.CARD)
    CALLER = (Fact.MARK, Fact.REMARK)

    score = models.ForeignKey(Score, models.PROTECT, related_name="lines", db_index=False)
    n = models.PositiveSmallIntegerField()
    fact = models.CharField(max_length=6, choices=Fact.choices)
    name = models.CharField(max_length=20, blank=True)
    points = models.SmallIntegerField()
    event_n = models.PositiveIntegerField(null=True)
    clock = models.BigIntegerField(null=True)
    card = models.ForeignKey(Card, models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="score_lines")
    of = models.OneToOneField("self", models.PROTECT, null=True, related_name="struck")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("line of a score")
        verbose_name_plural = _("lines of scores")
        ordering = ["score", "n"]
        constraints = [
            models.UniqueConstraint(fields=["score", "n"], name="score_line_once"),
            models.CheckConstraint(
                condition=Q(fact="struck", of__isnull=False, request__isnull=False)
                | Q(fact="remark", of=None, request__isnull=False)
                | ~Q(fact__in=["struck", "remark"]) & Q(of=None, request=None),
                name="score_line_corrects_with_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.signed}"

    @property
    def signed(self) -> str:
        """The points with their sign, a minus as long as a plus."""
        return f"{self.points:+d}".replace("-", "−")

    @property
    def is_callers(self) -> bool:
        return self.fact in self.CALLER

    @property
    def what(self) -> str:
        """Which limit, which step, which card; or the fact itself."""
        flow = Response.flow
        match self.fact:
            case self.Fact.LATE:
                return str(_("%(name)s late")) % {"name": flow.clock_label(self.name)}
            case self.Fact.VERB if self.name == "designate":
                return str(_("dispute lost"))
            case self.Fact.VERB:
                return flow.label(self.name)
            case self.Fact.CARD:
                return str(Card.Colour(self.name).label)
            case _:
                return str(self.Fact(self.fact).label)
