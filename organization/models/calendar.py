import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from organization.models.posts import validity
from organization.models.units import Unit
from organization.working_time import DEFAULT_PERIODS

HOLIDAY_NAMES = (
    gettext_noop("New Year's Day"),
    gettext_noop("Spring Festival"),
    gettext_noop("Tomb-sweeping Day"),
    gettext_noop("Labour Day"),
    gettext_noop("Dragon Boat Festival"),
    gettext_noop("Mid-autumn Festival"),
    gettext_noop("National Day"),
    gettext_noop("Anti-Fascist 70th Day"),
)
MOST_PERIODS = 4


class Source(models.TextChoices):
    LIBRARY = "library", _("published table")
    NOTICE = "notice", _("State Council notice")
    MANUAL = "manual", _("entered by hand")


class CalendarYear(models.Model):
    """A year whose notice has been entered in full. Any other year is taken as Monday to Friday."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    notice = models.CharField(_("notice number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__range=(1949, 2199)), name="calendar_year_plausible"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="calendar_year_source_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day the notice names: free although it may be a weekday, or worked although a weekend.

    Days without a row follow the week.
    """

    class Kind(models.TextChoices):
        WORKDAY = "workday", _("working day")
        HOLIDAY = "holiday", _("holiday")

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=40, blank=True)
    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.MANUAL
    )

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["workday", "holiday"]), name="calendar_day_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="calendar_day_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"


def in_year(mmdd: int) -> None:
    try:
        datetime.date(2000, *divmod(mmdd, 100))
    except ValueError:
        raise ValidationError(_("Not a day of the year: give month and day as MMDD.")) from None


def default_periods() -> list[int]:
    return list(DEFAULT_PERIODS)


def season() -> Case:
    """The days of the year as month × 100 + day; a winter season runs over the year's end."""

    def span(first: Any, last: Any) -> Func:
        return Func(first, last, Value("[]"), function="int4range")

    whole = Func(span(F("season_from"), F("season_to")), function="int4multirange")
    split = Func(
        span(F("season_from"), Value(1231)),
        span(Value(101), F("season_to")),
        function="int4multirange",
    )
    return Case(
        When(season_from__lte=F("season_to"), then=whole),
        default=split,
        output_field=IntegerRangeField(),
    )


def edge(place: int) -> Func:
    """The n-th opening or closing; without one, comparing it with another passes the check."""
    return Func(
        F("periods"),
        template=f"(%(expressions)s)[{place}]",
        output_field=models.PositiveSmallIntegerField(),
    )


def rising_periods() -> Q:
    """Openings and closings of one day, in pairs and in strict order."""
    most = 2 * MOST_PERIODS
    rising = Q(periods__len__in=range(2, most + 1, 2)) & Q(GreaterThanOrEqual(edge(1), 0))
    for place in range(1, most):
        rising &= Q(LessThan(edge(place), edge(place + 1)))
    for place in range(2, most + 1, 2):
        rising &= Q(LessThanOrEqual(edge(place), 24 * 60))
    return rising


class WorkingHours(models.Model):
    """When a unit and everything below it works on a working day; without a unit, everybody.

    The row of the nearest unit above counts, day by day; without any row, the default periods.
    """

    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="working_hours"
    )
    season_from = models.PositiveSmallIntegerField(
        _("season from"),
        default=101,
        validators=[in_year],
        help_text=_("Month and day as MMDD, e.g. 1001."),
    )
    season_to = models.PositiveSmallIntegerField(_("season to"), default=1231, validators=[in_year])
    periods = ArrayField(
        models.PositiveSmallIntegerField(),
        size=2 * MOST_PERIODS,
        default=default_periods,
        verbose_name=_("working periods"),
        help_text=_("Opening and closing in turn, in minutes of the day."),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(condition=rising_periods(), name="working_hours_periods_rise"),
            models.CheckConstraint(
                condition=Q(season_from__range=(101, 1231), season_to__range=(101, 1231)),
                name="working_hours_season_in_year",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="working_hours_end_after_start",
            ),
            ExclusionConstraint(
                name="working_hours_once_at_a_time",
                expressions=[
                    (
                        Coalesce("unit", Value(0), output_field=BigIntegerField()),
                        RangeOperators.EQUAL,
                    ),
                    (season(), RangeOperators.OVERLAPS),
                    (validity(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        pairs = zip(self.periods[::2], self.periods[1::2], strict=True)
        return " ".join(f"{clock(start)}–{clock(end)}" for start, end in pairs)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
