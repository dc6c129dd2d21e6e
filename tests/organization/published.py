"""The published calendar of 2004–2026 without a database, and a short way to write moments."""

import datetime

from chinese_calendar import constants

from organization.working_time import SHANGHAI, Calendar, HoursRule

PUBLISHED = Calendar(
    listed=dict.fromkeys(constants.holidays, False) | dict.fromkeys(constants.workdays, True),
    names=constants.holidays | constants.workdays,
    years=frozenset(range(2004, 2027)),
)

SUMMER = (8 * 60, 11 * 60 + 30, 15 * 60, 18 * 60 + 30)
NIGHT_DESK = (0, 6 * 60, 12 * 60, 24 * 60)
STREET, DESK = 7, 9

SEASONAL = Calendar(
    listed=PUBLISHED.listed,
    names=PUBLISHED.names,
    years=PUBLISHED.years,
    hours=(
        HoursRule(None, SUMMER, 615, 915),
        HoursRule(STREET, (600, 960), 1101, 228, datetime.date(2020, 1, 1)),
        HoursRule(DESK, NIGHT_DESK, valid_to=datetime.date(2025, 6, 30)),
    ),
)


class Place:
    def __init__(self, *path):
        self.path = path


def at(text):
    """`2026-09-30 24:00` is the midnight that ends the day."""
    day, _, time = text.partition(" ")
    hour, minute = (int(part) for part in (time or "00:00").split(":"))
    midnight = datetime.datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)
    return midnight + datetime.timedelta(hours=hour, minutes=minute)
