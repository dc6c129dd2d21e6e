"""The cells of the working calendar."""

import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from command.wording import weekdays
from organization.calendar_page import Day

register = template.Library()


@register.simple_tag
def calendar_day(day: Day, stored: dict[datetime.date, str], today: datetime.date) -> SafeString:
    """A day as a button: off, worked in exchange, or by the week; `data-was` is what is entered."""
    was = stored.get(day.date, "")
    mark = ""
    if was:
        mark = pgettext("day", "worked") if was == "workday" else pgettext("day", "off")
    said = ", ".join(filter(None, (f"{day.date:%Y-%m-%d}", mark or _state(day), day.name)))
    return format_html(
        '<button class="gc-day{}" type="button" data-day="{}" data-was="{}" title="{}"'
        ' aria-label="{}"{}>{}{}</button>',
        _look(day, was),
        f"{day.date:%Y-%m-%d}",
        was,
        said,
        said,
        SafeString(
            (' aria-current="date"' if day.date == today else "")
            + (" data-rest" if day.date.weekday() > 4 else "")
        ),
        day.date.day,
        format_html('<i aria-hidden="true">{}</i>', mark) if mark else "",
    )


def _look(day: Day, was: str) -> str:
    if was == "workday":
        return " gc-day--on"
    if was == "holiday":
        return " gc-day--off"
    return "" if day.works else " gc-day--rest"


def _state(day: Day) -> str:
    return _("working day") if day.works else _("weekend")


register.simple_tag(weekdays)
