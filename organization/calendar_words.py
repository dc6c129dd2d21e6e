"""Deadlines as people say them, in the reader's language."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organization.calendar import Amount, Remaining
from organization.working_time import DAY, SHANGHAI, TimeUnit, tick


def say_amount(amount: Amount, unit: TimeUnit | str) -> str:
    """A limit or a length of time: 4 working hours, 工作时."""
    count, plural = f"{float(amount):g}", 1 if amount == 1 else 2
    match TimeUnit(unit):
        case TimeUnit.URGENT_HOUR:
            words = ngettext("%(count)s urgent hour", "%(count)s urgent hours", plural)
        case TimeUnit.WORK_HOUR:
            words = ngettext("%(count)s working hour", "%(count)s working hours", plural)
        case TimeUnit.WORK_DAY:
            words = ngettext("%(count)s working day", "%(count)s working days", plural)
        case TimeUnit.NATURAL_DAY:
            words = ngettext("%(count)s natural day", "%(count)s natural days", plural)
    return words % {"count": count}


def say_remaining(left: Remaining) -> str:
    """The words of a countdown: 剩2工作时, 超35分."""
    if not (left.days or left.hours or left.minutes):
        return _("Past due")
    words = _("%(time)s overdue") if left.overdue else _("%(time)s left")
    return words % {"time": _figures(left)}


def _figures(left: Remaining) -> str:
    if left.unit.in_days:
        return _say_days(left.days, left.unit)
    if left.days:
        words = _("%(days)d d %(hours)d h") if left.hours else _("%(days)d d")
    elif not left.hours:
        words = _("%(minutes)d min")
    elif left.unit is TimeUnit.WORK_HOUR:
        if not left.minutes:
            return say_amount(left.hours, left.unit)
        words = _("%(hours)d working h %(minutes)d min")
    else:
        words = _("%(hours)d h %(minutes)d min") if left.minutes else _("%(hours)d h")
    return words % left._asdict()


def _say_days(days: int, unit: TimeUnit) -> str:
    if unit is TimeUnit.WORK_DAY:
        return say_amount(days, unit)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def format_due(due: datetime.datetime) -> str:
    """The exact deadline for hovering and print; midnight is the 24:00 of the day before."""
    return f"{due_day(due):%Y-%m-%d} {due_time(due)}"


def due_day(due: datetime.datetime) -> datetime.date:
    return datetime.date.fromordinal((tick(due) - 1) // DAY)


def due_time(due: datetime.datetime) -> str:
    return f"{due.astimezone(SHANGHAI):%H:%M}" if tick(due) % DAY else "24:00"


def say_missing_years(years: Iterable[int]) -> str:
    """The alarm of a calendar that nobody has entered yet."""
    return _(
        "The working calendar of %(years)s has not been entered: "
        "Monday to Friday count as working days until it is."
    ) % {"years": listed(str(year) for year in years)}


def listed(things: Iterable[str]) -> str:
    return _(", ").join(things)
