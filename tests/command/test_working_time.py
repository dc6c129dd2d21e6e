"""The administrator's calendar and working hours: days, notices, seasons."""

import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from organization import calendar_cache
from organization.models.calendar import CalendarDay, CalendarYear, WorkingHours
from tests.command.pages import at, browser_of, cost
from tests.command.test_administration import change_of, errors
from tests.organization.test_calendar_notice import NOTICE, published
from tests.whistle.paces import DAY, Paces
from workflow import recompute
from workflow.models import PolicyChange

CALENDAR, IMPORT = "/administration/calendar/2026/", "/administration/calendar/notice/"
HOURS = "/administration/hours/new/"


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(19, 9), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def admin(district):
    district.people.admin.set_password("right")
    district.people.admin.save()
    return browser_of(district.people.admin)


def make(admin, url, now):
    """Confirm what a form has asked for, and let the worker make it."""
    recompute.work_off(now)
    admin.post(f"{url}order/", {"password": "right"})
    recompute.work_off(now)
    change = change_of(url)
    assert change.state == "done"
    return change


def test_a_day_off_moves_what_runs_over_it(paces, admin):
    paces.give_room()
    arrive = paces.called().clocks.get(what="arrive")
    days = {"days": "2026-10-20 休 台风停工\n2026-10-24,班", "reason": "防汛指挥部令"}
    change = make(admin, admin.post(CALENDAR, days).url, paces.now)
    assert change.body["days"] == {
        "2026-10-20": ["holiday", "台风停工"],
        "2026-10-24": ["workday", ""],
    }
    assert change.moved
    moved = type(arrive).objects.get(pk=arrive.pk)
    assert moved.due == arrive.due + DAY
    page = admin.get(CALENDAR).text
    assert 'data-day="2026-10-20" data-was="holiday"' in page and "台风停工" in page


def test_a_day_is_taken_out_again(paces, admin):
    CalendarDay.objects.create(date="2026-10-20", kind="holiday", name="停工")
    calendar_cache.refresh()
    days = {"days": "2026-10-20 按星期", "reason": "恢复"}
    change = make(admin, admin.post(CALENDAR, days).url, paces.now)
    assert change.body["days"] == {"2026-10-20": ["", ""]}
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ("", "This field is required."),
        ("2026-10-20", "Line 1, “2026-10-20”: a date, 休 or 班, and perhaps a name are expected"),
        ("2026-10-20 休\n明天休", "Line 2, “明天休”: no day is named here"),
        ("2026-10-20 按星期", "These days stand in the calendar like this already."),
    ],
)
def test_a_line_that_cannot_be_read_is_named(admin, days, message):
    answer = admin.post(CALENDAR, {"days": days, "reason": "试"})
    assert answer.status_code == 400
    assert message in errors(answer)
    assert not PolicyChange.objects.exists()


def test_years_lead_to_their_neighbours(admin):
    page = admin.get("/administration/calendar/").text
    for year in ("2025", "2027"):
        assert f'href="/administration/calendar/{year}/"' in page
    assert admin.get("/administration/calendar/1948/").status_code == 404
    assert page.count("data-day=") == 365


def test_the_notice_is_read_shown_asked_and_made(paces, admin):
    read = admin.post(IMPORT, {"year": "2026", "text": NOTICE, "read": ""})
    assert read.status_code == 200 and not PolicyChange.objects.exists()
    assert "Spring Festival" in read.text and "国办发明电〔2025〕7号" in read.text
    assert "7 lines name no day and were left out" in read.text
    given = {
        "year": "2026",
        "text": NOTICE,
        "number": "国办发明电〔2025〕7号",
        "reason": "年度通知",
    }
    change = make(admin, admin.post(IMPORT, given | {"ask": ""}).url, paces.now)
    assert (change.body["years"], change.moved) == ([2026], 0)
    rows = CalendarDay.objects.values_list("date", "kind", "name")
    assert {day: (kind, name) for day, kind, name in rows} == published(2026)
    assert CalendarYear.objects.get(year=2026).notice == "国办发明电〔2025〕7号"
    again = admin.post(IMPORT, given | {"ask": ""})
    assert errors(again) == ["This year is entered in just this way already."]


def test_days_that_the_notice_does_not_name_are_taken_out(paces, admin):
    CalendarDay.objects.create(date="2026-03-03", kind="holiday", name="误")
    given = {"year": "2026", "text": NOTICE, "reason": "年度通知", "ask": ""}
    make(admin, admin.post(IMPORT, given).url, paces.now)
    assert not CalendarDay.objects.filter(date="2026-03-03").exists()


def workbook():
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["日期", "类型", "名称"])
    book.active.append([at(1, 0).replace(tzinfo=None), "休", "国庆节"])
    book.active.append(["2026-10-10", "班", "国庆节"])
    book.save(content)
    return SimpleUploadedFile("days.xlsx", content.getvalue())


def table():
    return SimpleUploadedFile(
        "days.csv", "date,kind,name\n2026-10-01,休,国庆节\n".encode("gb18030")
    )


@pytest.mark.parametrize(("file", "days"), [(workbook, 2), (table, 1)])
def test_a_table_is_read_like_the_text(admin, file, days):
    read = admin.post(IMPORT, {"year": "2026", "file": file(), "read": ""})
    assert read.status_code == 200, read.text
    assert f"{days} day" in read.text and "National Day" in read.text
    assert "2026-10-01" in read.text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": ""}, "Paste the notice or choose a file."),
        ({"text": "一、元旦：1月1日（周五）放假。"}, "2026-01-01 is a 周四"),
        ({"text": NOTICE, "year": "2027"}, "The notice is of 2026."),
        ({"text": "今年不放假。"}, "No day of this year could be read."),
        ({"text": NOTICE, "ask": "", "reason": ""}, "A reason is needed."),
    ],
)
def test_a_notice_that_cannot_be_taken_says_why(admin, given, message):
    answer = admin.post(IMPORT, {"year": "2026", "read": "", **given})
    assert answer.status_code == 400
    assert any(message in error for error in errors(answer)), errors(answer)
    assert not PolicyChange.objects.exists()


def seasons(*rows, **more):
    given = {"seasons-TOTAL_FORMS": str(len(rows)), "seasons-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        given |= {f"seasons-{n}-{name}": said for name, said in zip(PARTS, row, strict=True)}
    return given | {"valid_from": "2026-10-19", "reason": "夏令时", **more}


PARTS = ("first", "last", "periods")
SUMMER = ("07-01", "08-31", "08:00-11:30 15:00-18:30")
REST = ("09-01", "06-30", "09:00-12:00 14:00-18:00")


def test_a_unit_gets_seasons_of_its_own(paces, admin):
    WorkingHours.objects.create(valid_from="2020-01-01")
    calendar_cache.refresh()
    water = paces.d.water
    url = f"{HOURS}?unit={water.code}"
    assert 'value="09:00-12:00 14:00-18:00"' in admin.get(url).text
    change = make(admin, admin.post(url, seasons(SUMMER, REST)).url, paces.now)
    rows = WorkingHours.objects.filter(unit=water).order_by("season_from")
    assert [(row.season_from, row.season_to) for row in rows] == [(701, 831), (901, 630)]
    page = admin.get("/administration/hours/").text
    assert "07-01 – 08-31" in page and "08:00–11:30 15:00–18:30" in page
    assert "区水务局" in admin.get(f"/administration/changes/{change.pk}/").text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (seasons(SUMMER, ("08-01", "06-30", "09:00-17:00")), "The seasons overlap on 08-01."),
        (seasons(("02-30", "03-01", "09:00-17:00")), "A season cannot be read"),
        (seasons(("07-01", "", "09:00-17:00")), "A season has a first day, a last day"),
        (seasons(("07-01", "08-31", "17:00-09:00")), "A season cannot be read"),
        (seasons(SUMMER, valid_from="2026-10-18"), "A rule begins today or later"),
        (seasons(SUMMER, reason=""), "This field is required."),
        (seasons(("", "", "")), "The whole district needs at least one season."),
    ],
)
def test_hours_that_cannot_be_kept_are_refused(admin, given, message):
    answer = admin.post(HOURS, given)
    assert answer.status_code == 400
    assert any(error.startswith(message) for error in errors(answer)), errors(answer)
    assert not PolicyChange.objects.exists()


def test_hours_of_an_unknown_unit_are_not_found(admin):
    assert admin.get(f"{HOURS}?unit=999").status_code == 404


def test_the_calendar_costs_the_same_however_many_days_are_entered(admin):
    few = cost(admin, CALENDAR)
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, kind=kind, name=name) for day, (kind, name) in published(2026).items()
    )
    calendar_cache.refresh()
    assert cost(admin, CALENDAR) == few <= 12
