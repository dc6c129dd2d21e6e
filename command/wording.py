"""How times are said to people, and names so that they tell nobody."""

import datetime
import re

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def say_day(day: datetime.date, today: datetime.date) -> str:
    """The day as people call it: today, yesterday, tomorrow, 10-12, 2025-10-12."""
    match (day - today).days:
        case -1:
            return _("yesterday")
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def weekdays() -> list[str]:
    """From Monday to Sunday."""
    return [
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    ]


def say_date(day: datetime.date) -> str:
    """The date of the top bar, with its weekday."""
    weekday = weekdays()[day.weekday()]
    return _("{weekday} {day}/{month}").format(weekday=weekday, day=day.day, month=day.month)


def say_when(moment: datetime.datetime, now: datetime.datetime | None = None) -> str:
    local, today = timezone.localtime(moment), timezone.localdate(now)
    return f"{say_day(local.date(), today)} {local:%H:%M}"


def say_ago(moment: datetime.datetime, now: datetime.datetime | None = None) -> str:
    """How long since, while that is less than a day; then the time itself."""
    seconds = ((now or timezone.now()) - moment).total_seconds()
    if 0 <= seconds < 60:
        return _("just now")
    if 60 <= seconds < 86400:
        return _say_since(int(seconds // 60))
    return say_when(moment, now)


def _say_since(minutes: int) -> str:
    if minutes < 60:
        return _("{n} min ago").format(n=minutes)
    return _("{n} h ago").format(n=minutes // 60)


def say_exactly(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def mask(text: object) -> str:
    """Hide what identifies a person: 138****1234, 3201**********1234, 张*三, 李*."""
    plain = str(text or "").strip()
    if re.fullmatch(r"\d{17}[\dXx]", plain):
        return plain[:4] + "*" * 10 + plain[-4:]
    if re.fullmatch(r"[+\d][\d -]{5,}", plain):
        return plain[:3] + "****" + plain[-4:]
    if len(plain) <= 1:
        return plain
    if len(plain) == 2:
        return plain[0] + "*"
    return plain[0] + "*" * (len(plain) - 2) + plain[-1]
