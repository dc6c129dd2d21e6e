import datetime

import pytest
from django.utils import translation

from organization.calendar import Remaining, TimeUnit, due, remaining
from organization.calendar_reason import explain_due
from organization.calendar_words import (
    format_due,
    say_amount,
    say_missing_years,
    say_remaining,
)
from tests.organization.published import PUBLISHED, SEASONAL, STREET, Place, at

URGENT, HOURS, DAYS, NATURAL = TimeUnit


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def chinese():
    with translation.override("zh-hans"):
        yield


COUNTDOWNS = [
    # now, due, unit, English, Chinese
    ("2026-09-28 16:00", "2026-09-28 18:00", HOURS, "2 working hours left", "剩2工作时"),
    ("2026-09-30 17:10", "2026-10-08 10:00", HOURS, "1 working h 50 min left", "剩1工作时50分"),
    ("2026-09-28 17:59", "2026-09-28 18:00", HOURS, "1 min left", "剩1分"),
    ("2026-09-28 18:00", "2026-09-28 18:00", HOURS, "Past due", "已超时"),
    ("2026-09-28 22:00", "2026-09-28 18:00", HOURS, "Past due", "已超时"),
    ("2026-09-28 15:35", "2026-09-28 15:00", HOURS, "35 min overdue", "超35分"),
    ("2026-09-29 10:30", "2026-09-28 18:00", HOURS, "1 working h 30 min overdue", "超1工作时30分"),
    ("2026-09-28 18:30", "2026-09-28 19:00", HOURS, "30 min left", "剩30分"),
    ("2026-09-28 23:00", "2026-09-29 01:30", URGENT, "2 h 30 min left", "剩2小时30分"),
    ("2026-09-28 23:00", "2026-09-29 01:00", URGENT, "2 h left", "剩2小时"),
    ("2026-09-28 23:00", "2026-09-30 01:00", URGENT, "1 d 2 h left", "剩1天2小时"),
    ("2026-09-30 01:00", "2026-09-28 01:00", URGENT, "2 d overdue", "超2天"),
    ("2026-09-28 10:00", "2026-09-30 18:00", DAYS, "2 working days left", "剩2工作日"),
    ("2026-09-30 10:00", "2026-10-08 18:00", DAYS, "1 working day left", "剩1工作日"),
    ("2026-10-08 16:00", "2026-10-08 18:00", DAYS, "2 working hours left", "剩2工作时"),
    ("2026-10-07 16:00", "2026-09-30 18:00", DAYS, "Past due", "已超时"),
    ("2026-10-08 08:00", "2026-09-30 18:00", DAYS, "1 working day overdue", "超1工作日"),
    ("2026-10-01 10:00", "2026-10-04 24:00", NATURAL, "3 days left", "剩3天"),
    ("2026-10-04 21:30", "2026-10-04 24:00", NATURAL, "2 h 30 min left", "剩2小时30分"),
    ("2026-10-05 14:00", "2026-10-04 24:00", NATURAL, "14 h overdue", "超14小时"),
    ("2026-10-06 14:00", "2026-10-04 24:00", NATURAL, "1 day overdue", "超1天"),
]


@pytest.mark.parametrize(("now", "end", "unit", "words", "_chinese"), COUNTDOWNS)
def test_countdown_in_english(english, now, end, unit, words, _chinese):
    assert say_remaining(remaining(at(now), at(end), unit, calendar=PUBLISHED)) == words


@pytest.mark.parametrize(("now", "end", "unit", "_english", "words"), COUNTDOWNS)
def test_countdown_in_chinese(chinese, now, end, unit, _english, words):
    assert say_remaining(remaining(at(now), at(end), unit, calendar=PUBLISHED)) == words


def test_countdown_is_data_too():
    left = remaining(at("2026-09-28 16:00"), at("2026-09-29 11:05"), HOURS, calendar=PUBLISHED)
    assert left == Remaining(overdue=False, days=0, hours=4, minutes=5, unit=HOURS)


@pytest.mark.parametrize("unit", TimeUnit)
def test_limit_is_over_at_the_very_moment(unit):
    moment = at("2026-09-28 18:00")
    assert remaining(moment, moment, unit, calendar=PUBLISHED) == Remaining(True, 0, 0, 0, unit)


def test_last_minute_begun_is_a_minute_left():
    now = at("2026-09-28 17:58") + datetime.timedelta(seconds=59)
    assert remaining(now, at("2026-09-28 18:00"), HOURS, calendar=PUBLISHED).minutes == 2


@pytest.mark.parametrize("unit", TimeUnit)
def test_lateness_never_shrinks(unit):
    def size(now):
        late = remaining(now, at("2026-09-30 18:00"), unit, calendar=PUBLISHED)
        return (late.days * 24 + late.hours) * 60 + late.minutes

    hours = [at("2026-09-30 18:00") + n * datetime.timedelta(minutes=97) for n in range(200)]
    sizes = [size(hour) for hour in hours]
    assert sizes == sorted(sizes)


def test_deadline_at_midnight_is_written_as_the_end_of_its_day():
    assert format_due(at("2026-10-04 24:00")) == "2026-10-04 24:00"
    assert format_due(at("2026-10-04 18:00").astimezone(datetime.UTC)) == "2026-10-04 18:00"


@pytest.mark.parametrize(
    ("amount", "unit", "words", "chinese_words"),
    [
        (0.5, HOURS, "0.5 working hours", "0.5工作时"),
        (1, HOURS, "1 working hour", "1工作时"),
        (24, URGENT, "24 urgent hours", "24紧急工作时"),
        (5, DAYS, "5 working days", "5工作日"),
        (3, NATURAL, "3 natural days", "3自然日"),
    ],
)
def test_amounts(amount, unit, words, chinese_words):
    with translation.override("en"):
        assert say_amount(amount, unit) == words
    with translation.override("zh-hans"):
        assert say_amount(amount, unit) == chinese_words


REASONS = [
    (
        ("2026-09-30 10:00", 5, DAYS),
        "Counted from Wed 30 Sep 10:00; limit 5 working days; the day of the start, weekends, "
        "National Day (1 Oct to 7 Oct) not counted; Sat 10 Oct worked in exchange; "
        "to be done by Tue 13 Oct 18:00",
        "9月30日星期三 10:00起算，时限5工作日，起始日、周末、国庆节（10月1日至10月7日）不计，"
        "10月10日星期六调休上班计入，应于10月13日星期二 18:00前完成",
    ),
    (
        ("2026-09-30 11:00", 7, HOURS),
        "Counted from Wed 30 Sep 11:00; limit 7 working hours; lunch breaks, nights, "
        "National Day (1 Oct to 7 Oct) not counted; to be done by Thu 8 Oct 11:00",
        "9月30日星期三 11:00起算，时限7工作时，午休、夜间、国庆节（10月1日至10月7日）不计，"
        "应于10月8日星期四 11:00前完成",
    ),
    (
        ("2026-09-28 09:10", 2, HOURS),
        "Counted from Mon 28 Sep 09:10; limit 2 working hours; no break in between; "
        "to be done by Mon 28 Sep 11:10",
        "9月28日星期一 09:10起算，时限2工作时，期间无中断，应于9月28日星期一 11:10前完成",
    ),
    (
        ("2026-09-28 14:30", 2, HOURS),
        "Counted from Mon 28 Sep 14:30; limit 2 working hours; no break in between; "
        "to be done by Mon 28 Sep 16:30",
        "9月28日星期一 14:30起算，时限2工作时，期间无中断，应于9月28日星期一 16:30前完成",
    ),
    (
        ("2026-09-28 07:10", 2, HOURS),
        "Counted from Mon 28 Sep 07:10; limit 2 working hours; the time before opening not "
        "counted; to be done by Mon 28 Sep 11:00",
        "9月28日星期一 07:10起算，时限2工作时，上班前不计，应于9月28日星期一 11:00前完成",
    ),
    (
        ("2026-09-30 23:30", 2, URGENT),
        "Counted from Wed 30 Sep 23:30; limit 2 urgent hours; nights and days off count; "
        "to be done by Thu 1 Oct 01:30",
        "9月30日星期三 23:30起算，时限2紧急工作时，夜间及休息日照计，应于10月1日星期四 01:30前完成",
    ),
    (
        ("2026-12-31 10:00", 1, DAYS),
        "Counted from Thu 31 Dec 2026 10:00; limit 1 working day; the day of the start not "
        "counted; calendar of 2027 not entered yet; to be done by Fri 1 Jan 2027 18:00",
        "2026年12月31日星期四 10:00起算，时限1工作日，起始日不计，2027年工作日历尚未录入，"
        "应于2027年1月1日星期五 18:00前完成",
    ),
]


@pytest.mark.parametrize(("limit", "words", "chinese_words"), REASONS)
def test_deadline_explains_itself_in_either_language(limit, words, chinese_words):
    start, amount, unit = limit
    moment = due(at(start), amount, unit, calendar=PUBLISHED)
    with translation.override("en"):
        assert explain_due(at(start), amount, unit, moment, calendar=PUBLISHED) == words
    with translation.override("zh-hans"):
        assert explain_due(at(start), amount, unit, moment, calendar=PUBLISHED) == chinese_words


def test_reason_names_pauses_and_the_acts_at_both_ends(english):
    pauses = [(at("2026-09-28 16:00"), at("2026-09-30 10:00"))]
    start = at("2026-09-28 15:00")
    moment = due(start, 2, HOURS, pauses=pauses, calendar=PUBLISHED)
    pauses.append((at("2026-10-09"), at("2026-10-10 10:00")))
    said = explain_due(
        start, 2, HOURS, moment, pauses, began="Dispatched", owed="sign", calendar=PUBLISHED
    )
    assert said == (
        "Dispatched Mon 28 Sep 15:00; limit 2 working hours; lunch breaks, nights not counted; "
        "10 working hours added for pauses; sign by Wed 30 Sep 11:00"
    )


def test_reason_names_what_was_granted_on_top(english):
    start = at("2026-10-12 10:00")
    moment = due(start, 7, DAYS, calendar=PUBLISHED)
    said = explain_due(start, 7, DAYS, moment, extended=2, calendar=PUBLISHED)
    assert "limit 5 working days, extended by 2 working days;" in said
    with translation.override("zh-hans"):
        said = explain_due(start, 7, DAYS, moment, extended=2, calendar=PUBLISHED)
        assert "时限5工作日，延期2工作日" in said


def test_reason_names_the_roll_past_days_off(english):
    start = at("2026-09-30 10:00")
    moment = due(start, 3, NATURAL, roll=True, calendar=PUBLISHED)
    said = explain_due(start, 3, NATURAL, moment, calendar=PUBLISHED)
    assert "a last day off gives way to the next working day" in said
    assert said.endswith("to be done by Thu 8 Oct 24:00")
    plain = due(start, 3, NATURAL, calendar=PUBLISHED)
    assert "gives way" not in explain_due(start, 3, NATURAL, plain, calendar=PUBLISHED)


@pytest.mark.parametrize(
    ("start", "amount", "holidays"),
    [
        (
            "2023-09-28 10:00",
            5,
            ["Mid-autumn Festival (29 Sep)", "National Day (30 Sep to 6 Oct)"],
        ),
        (
            "2025-09-30 10:00",
            250,
            [
                "Mid-autumn Festival (6 Oct)",
                "National Day (7 Oct to 8 Oct)",
                "National Day (1 Oct to 7 Oct)",
            ],
        ),
    ],
)
def test_reason_names_each_holiday_by_itself(english, start, amount, holidays):
    moment = due(at(start), amount, DAYS, calendar=PUBLISHED)
    said = explain_due(at(start), amount, DAYS, moment, calendar=PUBLISHED)
    assert all(holiday in said for holiday in holidays), said


def test_reason_knows_the_hours_of_the_unit(english):
    street = Place(1, STREET)
    start = at("2026-12-01 10:00")
    moment = due(start, 5, HOURS, calendar=SEASONAL, hours_of=street)
    said = explain_due(start, 5, HOURS, moment, calendar=SEASONAL, hours_of=street)
    assert "no break in between" in said


def test_alarm_names_the_years():
    with translation.override("en"):
        assert "calendar of 2026, 2027 has not been entered" in say_missing_years([2026, 2027])
    with translation.override("zh-hans"):
        assert say_missing_years([2027]) == (
            "2027年工作日历尚未录入，录入前暂按周一至周五为工作日计算。"
        )
