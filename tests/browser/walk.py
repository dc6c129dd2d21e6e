"""A walk through the house: the offices that meet over one problem, and how its days pass."""

import datetime

from django.utils import timezone

from tests.browser.person import PHONE
from tests.cast import MONDAY
from workflow.sweep import run_clock

HALF_HOUR = datetime.timedelta(minutes=30)
HOUR = datetime.timedelta(hours=1)
WEEK = datetime.timedelta(weeks=1)


def coming_monday():
    """Nine o'clock; in the past browsers would hold our pages for stale."""
    weeks = (timezone.now() - MONDAY) // WEEK + 1
    return MONDAY + weeks * WEEK


class Walk:
    """The offices that meet, each logged in when it is first needed.

    `phones` are those of them that have only a phone with them.
    """

    def __init__(self, house, sit, clock, viewport, phones=("warden",)):
        self.d, self.sit, self.clock, self.viewport = house.district, sit, clock, viewport
        self.phones, self.seated = phones, {}

    def __getattr__(self, name):
        if name not in self.seated:
            viewport = PHONE if name in self.phones else self.viewport
            self.seated[name] = self.sit(name, viewport).log_in()
        return self.seated[name]

    def later(self, span):
        """Time passes, and the sweep runs as beat drives it."""
        self.clock.shift(span)
        run_clock()


def collect(walk):
    """问题收集 · 信息整合 · 事项分类"""
    number = walk.warden.report("盖板碎了，行人绕行")
    walk.dispatcher.check(number, "范围多大？")
    walk.warden.answer("约两平方米")
    walk.dispatcher.register(number, walk.d.condition)
    return number
