"""The yearly notice, read from its own words; every line that cannot be read is named."""

import datetime

import pytest
from chinese_calendar import constants
from django.utils import translation

from organization.calendar_notice import read_notice

NOTICE = """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置。
国务院办公厅
2025年11月4日"""


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def published(year):
    free = {day: ("holiday", name) for day, name in constants.holidays.items()}
    worked = {day: ("workday", name) for day, name in constants.workdays.items()}
    return {day: said for day, said in (free | worked).items() if day.year == year}


def faults(text, year=2026):
    return [(fault.line, fault.message) for fault in read_notice(text, year).faults]


def test_the_notice_of_2026_gives_the_published_calendar():
    found = read_notice(NOTICE)
    assert (found.year, found.number, found.faults) == (2026, "国办发明电〔2025〕7号", [])
    assert found.days == published(2026)
    assert [line.line for line in found.skipped] == [1, 2, 3, 4, 12, 13, 14]


def test_days_before_the_new_year_and_single_days_are_read():
    found = read_notice(
        "元旦：2022年12月31日至2023年1月2日放假调休，共3天。\n中秋节：9月29日放假1天。", 2023
    )
    assert found.faults == []
    assert sorted(day.isoformat() for day in found.days) == [
        "2022-12-31",
        "2023-01-01",
        "2023-01-02",
        "2023-09-29",
    ]


def test_a_name_of_its_own_stays_as_it_is_written():
    found = read_notice("一、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。", 2025)
    assert set(found.days.values()) == {("holiday", "国庆节、中秋节")}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("元旦：1月1日（周五）放假1天。", "2026-01-01 is a 周四"),
        ("元旦：1月1日至3日放假，共4天。", "it says 4 days, but names 3"),
        ("元旦：1月3日至1日放假。", "2026-01-01 does not come after 2026-01-03"),
        ("元旦：2月30日放假。", "there is no day 2026-2-30"),
        ("元旦：1月5日上班。", "2026-01-05 is no weekend day to be worked"),
        ("元旦：1月1日放假又上班。", "it does not say whether these days are free or worked"),
        ("元旦：1月1日左右1月3日放假。", "“左右” between two days is not understood"),
        ("1月1日至3日放假。", "the name of a holiday and a colon are expected first"),
        ("2026-01-01,过节", "“过节” is neither 休 nor 班"),
        ("2026-01-01", "a date, 休 or 班, and perhaps a name are expected"),
    ],
)
def test_what_cannot_be_read_is_named(line, message):
    assert faults(f"通知\n{line}") == [(2, message)]


def test_a_day_may_not_stand_twice_in_two_ways():
    assert faults("2026-02-14 休\n2026-02-14 班") == [(2, "2026-02-14 stands twice, in two ways")]


def test_without_a_year_no_date_is_guessed():
    assert faults("元旦：1月1日放假。", None) == [(1, "the year of the notice is not known")]


def test_a_table_of_days_is_read_with_its_header():
    rows = ("2026-10-01,休,国庆节", "2026/10/10\t上班", "2026-10-02 00:00:00,holiday,国庆节,")
    found = read_notice("\n".join(["date,kind,name", *rows]))
    assert (found.faults, found.skipped) == ([], [])
    assert found.days == {
        datetime.date(2026, 10, 1): ("holiday", "National Day"),
        datetime.date(2026, 10, 10): ("workday", ""),
        datetime.date(2026, 10, 2): ("holiday", "National Day"),
    }
