"""Large files of the hotline: kept, looked through and taken row by row, gone on with when cut."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from organization.models import Posting
from organization.tables import Refused
from tests.cast import MONDAY, seat
from tests.command.pages import browser_of, cost
from tests.whistle.hotline import as_csv, line
from whistle import hotline, hotline_files
from whistle.models import HotlineFile, HotlineRow, WorkOrder

NIGHT = datetime.timedelta(days=31)


@pytest.fixture
def sent(district):
    def send(*lines):
        return hotline_files.keep(district.people.district, "a.csv", as_csv(*lines), MONDAY)

    return send


def verdicts(file):
    return list(file.rows.values_list("row", "verdict"))


def taken(file):
    hotline_files.have_taken(file, file.by)
    hotline_files.work_off()
    file.refresh_from_db()


def test_a_file_is_looked_through_then_taken_row_by_row(sent):
    file = sent(line(1), line(2, 地址=""), line(3))
    hotline_files.work_off()
    file.refresh_from_db()
    assert file.state == "shown" and not WorkOrder.objects.exists()
    assert verdicts(file) == [(2, "ready"), (3, "wrong"), (4, "ready")]
    taken(file)
    assert (file.state, file.kept) == ("done", "")
    assert verdicts(file) == [(2, "taken"), (3, "wrong"), (4, "taken")]
    numbers = set(file.rows.filter(verdict="taken").values_list("number", flat=True))
    assert numbers == set(WorkOrder.objects.values_list("number", flat=True))


def test_what_is_kept_is_sealed_and_hides_who_called(sent):
    file = sent(line(1, 地址="", 来电人="陈建国"))
    raw = HotlineFile.objects.extra(select={"raw": "kept"}).get(pk=file.pk).raw
    assert not raw.startswith("5bel") and "陈建国" not in raw
    hotline_files.work_off()
    assert "13812345521" not in str(list(HotlineRow.objects.values()))


def test_a_run_that_was_cut_off_goes_on_where_it_stood(sent, monkeypatch):
    monkeypatch.setattr(hotline_files, "LOT", 2)
    file = sent(*[line(n) for n in range(1, 6)])
    ticks = iter([0, 0, 1, 99, 100])
    monkeypatch.setattr(hotline_files.time, "monotonic", lambda: next(ticks, 100))
    assert hotline_files.work_off(seconds=10) == 2
    monkeypatch.undo()
    file.refresh_from_db()
    assert (file.state, file.rows.count()) == ("looking", 2)
    hotline_files.work_off()
    hotline_files.have_taken(file, file.by)
    real, calls = hotline.ReportForm.act, []

    def killed(form, now):
        calls.append(form)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(form, now)

    monkeypatch.setattr(hotline.ReportForm, "act", killed)
    with pytest.raises(KeyboardInterrupt):
        hotline_files.work_off()
    monkeypatch.undo()
    assert WorkOrder.objects.count() == file.rows.filter(verdict="taken").count() == 2
    hotline_files.work_off()
    assert WorkOrder.objects.count() == file.rows.filter(verdict="taken").count() == 5


def test_what_came_in_meanwhile_is_known_and_taken_once(sent, district, tmp_path):
    file = sent(line(1), line(2))
    hotline_files.work_off()
    path = tmp_path / "b.csv"
    path.write_bytes(as_csv(line(1)))
    hotline.take(hotline.read_file(path, district.people.district, MONDAY)[0], MONDAY)
    taken(file)
    assert verdicts(file) == [(2, "known"), (3, "taken")]
    assert WorkOrder.objects.filter(source_number="NJ26100001").count() == 1


def test_five_thousand_rows_and_no_more(sent, monkeypatch):
    monkeypatch.setattr(hotline_files, "LARGEST", 3)
    sent(*[line(n) for n in range(3)])
    with pytest.raises(Refused):
        sent(*[line(n) for n in range(4)])


def test_who_does_not_receive_any_more_takes_nothing(sent):
    file = sent(line(1))
    hotline_files.work_off()
    hotline_files.have_taken(file, file.by)
    Posting.objects.filter(user=file.by).update(valid_to="2026-01-02")
    hotline_files.work_off()
    file.refresh_from_db()
    assert (file.state, file.kept) == ("refused", "") and file.refusal
    assert not WorkOrder.objects.exists()


def test_the_page_keeps_a_large_file_and_shows_how_far_it_is(district, monkeypatch):
    monkeypatch.setattr("command.views.hotline.MOST", 2)
    centre = browser_of(district.people.district)
    content = as_csv(*[line(n) for n in range(3)], line(9, 地址=""))
    answer = centre.post("/hotline/", {"file": SimpleUploadedFile("a.csv", content)})
    file = HotlineFile.objects.get()
    assert answer.url == f"/hotline/files/{file.pk}/"
    page = centre.get(answer.url).text
    assert "Looking the rows through" in page and 'hx-trigger="every 2s"' in page
    hotline_files.work_off()
    page = centre.get(answer.url).text
    assert "Take these 3" in page and 'hx-trigger="every 2s"' not in page
    wrong = centre.get(answer.url, {"verdict": "wrong"}).text
    assert "NJ26100009" in wrong and "NJ26100001" not in wrong
    centre.post(f"{answer.url}take/")
    hotline_files.work_off()
    done = centre.get(answer.url).text
    assert all(order.number in done for order in WorkOrder.objects.all())
    assert "a.csv" in centre.get("/hotline/").text


def test_strangers_find_no_file_and_another_receiver_takes_none_of_mine(sent, district):
    file = sent(line(1))
    hotline_files.work_off()
    url = f"/hotline/files/{file.pk}/"
    assert browser_of(district.people.dispatcher).get(url).status_code == 404
    other = browser_of(seat("receiver", district.district_centre, "view report triage"))
    assert "Take these" not in other.get(url).text
    other.post(f"{url}take/")
    file.refresh_from_db()
    assert file.state == "shown"


def test_the_page_costs_the_same_for_many_rows(sent, district):
    few = sent(line(1))
    many = sent(*[line(n) for n in range(2, 60)])
    hotline_files.work_off()
    centre = browser_of(district.people.district)
    costs = {cost(centre, f"/hotline/files/{file.pk}/") for file in (few, many)}
    assert len(costs) == 1 and max(costs) <= 20


def test_by_api_a_file_is_sent_looked_through_and_taken(district):
    client = APIClient()
    client.force_login(district.people.district, "django.contrib.auth.backends.ModelBackend")
    content = as_csv(line(1), line(2, 地址=""))
    answer = client.post("/api/hotline/files/", {"file": SimpleUploadedFile("a.csv", content)})
    assert (answer.status_code, answer.json()["state"]) == (202, "looking"), answer.json()
    url = f"/api/hotline/files/{answer.json()['id']}/"
    assert client.post(f"{url}take/").status_code == 409
    hotline_files.work_off()
    shown = client.get(url).json()
    assert (shown["state"], shown["ready"], shown["wrong"]) == ("shown", 1, 1)
    wrong = client.get(f"{url}rows/?verdict=wrong").json()["results"]
    assert [(row["row"], row["problems"][0][0]) for row in wrong] == [(3, "地址")]
    assert client.post(f"{url}take/").json()["state"] == "taking"
    hotline_files.work_off()
    assert client.get(url).json()["taken"] == 1
    bad = client.post("/api/hotline/files/", {"file": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert bad.status_code == 400 and "file" in bad.json()["fields"]
    assert Client().get(url).status_code == 401


def test_files_of_a_month_ago_are_forgotten_their_orders_stay(sent):
    file = sent(line(1))
    hotline_files.work_off()
    taken(file)
    assert hotline_files.forget(MONDAY + NIGHT) > 0
    assert not HotlineRow.objects.exists() and WorkOrder.objects.count() == 1
