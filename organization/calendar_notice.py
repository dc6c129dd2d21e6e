"""The yearly notice of the State Council, or a table of days, read line by line.

The notice (国务院办公厅关于某年部分节假日安排的通知) says of each holiday which days are free,
how many, and which weekend days are worked for it. Every figure in it is checked against the
others: the day of the week, the number of days. What cannot be read is named with its line;
nothing is guessed.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from organization.models.calendar import CalendarDay

HOLIDAY, WORKDAY = CalendarDay.Kind.HOLIDAY.value, CalendarDay.Kind.WORKDAY.value
BY_THE_WEEK = ""
# The names under which the published tables keep them; any other name stays as it is written.
NAMES = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
}
KINDS = {
    **dict.fromkeys(("休", "放假", "假日", "休息日", "holiday"), HOLIDAY),
    **dict.fromkeys(("班", "上班", "工作日", "补班", "workday"), WORKDAY),
    **dict.fromkeys(("按星期", "week"), BY_THE_WEEK),
}
WEEKDAYS = "一二三四五六日"

DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?")
TITLE = re.compile(r"关于(\d{4})年部分节假日安排")
NUMBER = re.compile(r"国办发明电〔\d{4}〕\d+号")
HEAD = re.compile(r"(?:[一二三四五六七八九十]+、)?\s*([^:,。]{1,20}):(.*)")
ROW = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00)?"
    r"[\s,]+([^\s,]+)(?:[\s,]+(.{1,40}?))?[\s,]*"
)
HEADER = re.compile(r"(?:date|日期)[\s,]+(?:kind|类型|安排).*")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
COUNT = re.compile(r"(?:共|放假)(\d{1,2})天")
TO = re.compile(r"\s*(?:至|到|—+|-|~)\s*")
AND = re.compile(r"\s*(?:、|,|和|及)?\s*")


class Unreadable(Exception):
    """A line cannot be read; the argument says what is wrong with it."""


class Fault(NamedTuple):
    line: int
    text: str
    message: str


@dataclass
class Notice:
    """What was read: days with kind and name, what could not be read, lines without any day."""

    year: int | None = None
    number: str = ""
    days: dict[datetime.date, tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[Fault] = field(default_factory=list)

    def put(self, day: datetime.date, kind: str, name: str) -> None:
        stands = self.days.setdefault(day, (kind, name))
        if stands[0] != kind:
            raise Unreadable(_("%(day)s stands twice, in two ways") % {"day": day})


def read_notice(text: str, year: int | None = None) -> Notice:
    """Read a notice or a table of days; `year` is that of dates without one, unless it names it."""
    title, number = TITLE.search("".join(plain(text).split())), NUMBER.search(text)
    found = Notice(year=int(title[1]) if title else year, number=number[0] if number else "")
    for n, line in enumerate(text.splitlines(), 1):
        if line.strip(" \t,"):
            read_line(found, n, line.strip())
    return found


def plain(text: str) -> str:
    """Full-width figures and punctuation made plain."""
    return unicodedata.normalize("NFKC", text)


def read_line(found: Notice, n: int, line: str) -> None:
    words = plain(line).strip(" \t,")
    try:
        if not (read_row(found, words) or read_holiday(found, words)):
            found.skipped.append(Fault(n, line, ""))
    except Unreadable as fault:
        found.faults.append(Fault(n, line, str(fault)))


def read_row(found: Notice, line: str) -> bool:
    """A row of a table: date, kind, name."""
    row = ROW.fullmatch(line)
    if row is None:
        if re.match(r"\d{4}[-/.]\d", line):
            raise Unreadable(_("a date, 休 or 班, and perhaps a name are expected"))
        return HEADER.fullmatch(line) is not None
    kind = KINDS.get(row[4].lower())
    if kind is None:
        raise Unreadable(_("“%s” is neither 休 nor 班") % row[4])
    name = (row[5] or "").strip()
    found.put(day_of(*map(int, row.group(1, 2, 3))), kind, NAMES.get(name, name))
    return True


def read_holiday(found: Notice, line: str) -> bool:
    """A holiday of the notice, with everything that is said of it; False: it names no day off."""
    if not DATE.search(line) or not re.search(r"放假|上班", line):
        return False
    head = HEAD.fullmatch(line)
    if head is None:
        raise Unreadable(_("the name of a holiday and a colon are expected first"))
    name = head[1].strip()
    for sentence in re.split(r"[。;]", head[2]):
        read_sentence(found, NAMES.get(name, name), sentence.strip())
    return True


def read_sentence(found: Notice, name: str, sentence: str) -> None:
    if not DATE.search(sentence):
        return
    if found.year is None:
        raise Unreadable(_("the year of the notice is not known"))
    days = list(days_in(sentence, found.year))
    if "上班" in sentence and "放假" not in sentence:
        if free := [day for day in days if day.weekday() < 5]:
            raise Unreadable(_("%(day)s is no weekend day to be worked") % {"day": free[0]})
        kind = WORKDAY
    elif "放假" in sentence and "上班" not in sentence:
        check_count(sentence, days)
        kind = HOLIDAY
    else:
        raise Unreadable(_("it does not say whether these days are free or worked"))
    for day in days:
        found.put(day, kind, name)


def check_count(sentence: str, days: list[datetime.date]) -> None:
    count = COUNT.search(sentence)
    if count and int(count[1]) != len(days):
        words = _("it says %(said)s days, but names %(found)s")
        raise Unreadable(words % {"said": count[1], "found": len(days)})


def days_in(sentence: str, year: int) -> Iterator[datetime.date]:
    """Every day that a sentence names, singly or from the first to the last."""
    last, end, month = None, 0, 0
    for match in DATE.finditer(sentence):
        between = sentence[end : match.start()] if last else ""
        year, month = int(match[1] or year), int(match[2] or month)
        day = day_of(year, month, int(match[3]))
        check_weekday(day, match[4] or "")
        if last and TO.fullmatch(between):
            if day <= last:
                words = _("%(day)s does not come after %(first)s")
                raise Unreadable(words % {"day": day, "first": last})
            yield from (last + datetime.timedelta(n) for n in range(1, (day - last).days + 1))
        elif not last or AND.fullmatch(between):
            yield day
        else:
            raise Unreadable(_("“%s” between two days is not understood") % between.strip())
        last, end = day, match.end()


def check_weekday(day: datetime.date, said: str) -> None:
    named = WEEKDAY.search(said)
    if named and WEEKDAYS[day.weekday()] != named[1].replace("天", "日"):
        words = _("%(day)s is a 周%(weekday)s")
        raise Unreadable(words % {"day": day, "weekday": WEEKDAYS[day.weekday()]})


def day_of(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        words = _("there is no day %(year)s-%(month)s-%(day)s")
        raise Unreadable(words % {"year": year, "month": month, "day": day}) from None
