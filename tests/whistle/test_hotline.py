"""The hotline's file in: each row is taken, known, or says what is wrong with it."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from organization.tables import Refused
from tests.cast import MONDAY, seat
from tests.whistle.hotline import HEAD, as_csv, as_xlsx, line
from whistle.hotline import may_take_in, read_file, take
from whistle.models import WorkOrder


@pytest.fixture
def reading(district, tmp_path):
    def read(content, name="export.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return read_file(path, district.people.district, MONDAY)[0]

    return read


def told(verdict):
    return [(problem.column, problem.sentence) for problem in verdict.problems]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_becomes_an_order_with_the_hotlines_number_and_limit(district, reading, kind):
    content = as_csv(line(1)) if kind == "csv" else as_xlsx(line(1))
    verdicts = reading(content, f"export.{kind}")
    assert take(verdicts, MONDAY) == 1
    order = WorkOrder.objects.get()
    assert verdicts[0].number == order.number
    assert (order.source, order.source_number) == ("hotline", "NJ26100001")
    assert timezone.localtime(order.source_due).isoformat() == "2026-10-23T17:30:00+08:00"
    assert order.title == "井盖破损，夜间无照明，请尽快处理"
    assert order.description.startswith("[来电 2026-10-19 08:30，污水井盖] 井盖破损")
    assert (order.category, order.centre) == (district.condition.category, district.district_centre)
    assert (order.reporter_name, order.reporter_phone) == ("陈建国", "13812345521")
    assert order.clocks.get(what="triage").due <= order.source_due


def test_the_phone_is_encrypted_in_the_database(district, reading):
    take(reading(as_csv(line(1))), MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reporter_phone FROM whistle_workorder")
        assert "138" not in cursor.fetchone()[0]


def test_dates_of_the_spreadsheet_are_read(district, reading):
    moment = datetime.datetime(2026, 10, 23, 12, 0)  # noqa: DTZ001
    verdicts = reading(as_xlsx(line(1, 办理时限=moment)), "export.xlsx")
    take(verdicts, MONDAY)
    assert timezone.localtime(WorkOrder.objects.get().source_due).hour == 12


def test_a_day_alone_means_its_end(district, reading):
    take(reading(as_csv(line(1, 办理时限="2026年10月23日"))), MONDAY)
    due = timezone.localtime(WorkOrder.objects.get().source_due)
    assert (due.day, due.hour, due.minute) == (23, 23, 59)


def test_the_same_file_again_takes_nothing(district, reading):
    content = as_csv(line(1), line(2))
    assert take(reading(content), MONDAY) == 2
    again = reading(content)
    assert [verdict.known for verdict in again] == list(
        WorkOrder.objects.order_by("pk").values_list("number", flat=True)
    )
    assert take(again, MONDAY) == 0 and WorkOrder.objects.count() == 2


def test_what_came_in_meanwhile_stays_out_and_says_so(district, reading):
    one, two = reading(as_csv(line(1))), reading(as_csv(line(1)))
    assert (take(one, MONDAY), take(two, MONDAY)) == (1, 0)
    assert told(two[0]) == [("", "该编号已收到过。")] or two[0].problems


def test_every_cell_that_cannot_be_read_is_named_and_the_other_rows_are_taken(district, reading):
    verdicts = reading(
        as_csv(
            line(1),
            line(2, 来电时间="昨天", 是否保密="也许"),
            line(3, 电话="不详"),
            line(1, 地址="另一处"),
            line(5, 地址=""),
            line(6, 来电时间="2027-01-01 09:00"),
        )
    )
    columns = [[problem.column for problem in verdict.problems] for verdict in verdicts]
    assert columns[:3] == [[], ["来电时间", "是否保密"], ["电话"]]
    assert columns[3:] == [["工单编号"], ["地址"], ["来电时间"]]
    assert [verdict.row for verdict in verdicts] == [2, 3, 4, 5, 6, 7]
    assert "昨天" in told(verdicts[1])[0][1]
    assert take(verdicts, MONDAY) == 1


def test_a_class_that_is_not_ours_stands_in_the_words(district, reading):
    take(reading(as_csv(line(1, 分类="市容环境/其他"))), MONDAY)
    order = WorkOrder.objects.get()
    assert order.category is None and "市容环境/其他" in order.description


def test_who_is_to_be_kept_secret_is(district, reading):
    take(reading(as_csv(line(1, 是否保密="是"))), MONDAY)
    assert WorkOrder.objects.get().confidential


def test_columns_that_mean_nothing_are_told_and_passed_over(district, tmp_path):
    path = tmp_path / "e.csv"
    path.write_bytes(as_csv([*line(1), "话务员7"], head=[*HEAD, "坐席"]))
    verdicts, ignored = read_file(path, district.people.district, MONDAY)
    assert ignored == ["坐席"] and verdicts[0].can_be_taken


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("e.pdf", b"%PDF"),
        ("e.xlsx", b"no workbook"),
        ("e.csv", b"\xff\xfe\xff"),
        ("e.csv", as_csv(head=["a", "b", "c"])),
        ("e.csv", as_csv([], head=["工单编号", "来电时间", "地址"])),
        ("e.csv", as_csv(*[line(n) for n in range(201)])),
    ],
)
def test_what_is_no_such_table_is_refused_whole(reading, name, content):
    with pytest.raises(Refused):
        reading(content, name)
    assert not WorkOrder.objects.exists()


def test_who_receives_for_the_district(district):
    d, p = district, district.people
    assert may_take_in(p.district)
    assert may_take_in(seat("receiver", d.district_centre, "report triage"))
    for user in (p.dispatcher, p.admin, p.leader, seat("half", d.district_centre, "triage")):
        assert not may_take_in(user)


def test_looking_a_file_through_takes_the_same_queries_for_any_number(
    district, reading, django_assert_num_queries
):
    district.people.district.__dict__.pop("grants", None)
    with django_assert_num_queries(2):
        reading(as_csv(*[line(n) for n in range(100)]))
