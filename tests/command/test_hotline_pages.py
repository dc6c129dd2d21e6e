"""The hotline's page: a file is looked through before it is taken, replies are handed over once."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from command.views.hotline import KEPT, sealed_file
from organization.sealed import opened, seal
from tests.govcenter.test_permissions import BACKEND
from tests.whistle.hotline import as_csv, as_xlsx, line
from tests.whistle.paces import Paces
from whistle.models import HandOver, WorkOrder

URL = "/hotline/"


@pytest.fixture
def centre(district):
    client = Client()
    client.force_login(district.people.district, BACKEND)
    return client


def upload(client, content, name="export.csv"):
    return client.post(URL, {"file": SimpleUploadedFile(name, content)})


def kept(page):
    return page.context["kept"]


def test_nothing_is_taken_before_it_was_shown(centre):
    page = upload(centre, as_csv(line(1), line(2, 地址="")))
    assert page.status_code == 200 and not WorkOrder.objects.exists()
    assert "可收 1 件" in page.text and "有误 1 行" in page.text
    assert "NJ26100001" in page.text and "地址" in page.text
    assert "13812345521" not in page.text and "陈建国" not in page.text


def test_what_was_shown_is_taken(centre):
    page = upload(centre, as_xlsx(line(1), line(2)), "export.xlsx")
    done = centre.post(f"{URL}take/", {"kept": kept(page)})
    assert "已收 2 件" in done.text
    assert all(order.number in done.text for order in WorkOrder.objects.all())
    again = centre.post(f"{URL}take/", {"kept": kept(page)})
    assert "已收过 2 件" in again.text and WorkOrder.objects.count() == 2


def test_a_file_that_is_no_table_is_refused_in_words(centre):
    page = upload(centre, b"%PDF", "export.pdf")
    assert page.status_code == 400 and ".xlsx 或 .csv" in page.text
    assert upload(centre, b"x" * 600_000).status_code == 400
    assert centre.post(URL).status_code == 400


def test_a_sealed_file_is_its_persons_own_and_for_an_hour(centre, district):
    other = sealed_file(district.people.dispatcher, "e.csv", as_csv(line(1)))
    mine = json.loads(opened(sealed_file(district.people.district, "e.csv", as_csv(line(1)))))
    old = seal(json.dumps({**mine, "at": mine["at"] - KEPT - 1}))
    for forged in ("", "x", other, old):
        answer = centre.post(f"{URL}take/", {"kept": forged})
        assert answer.status_code == 302 and answer.url == URL
    assert not WorkOrder.objects.exists()


def test_a_name_of_a_file_leads_nowhere(centre):
    assert upload(centre, as_csv(line(1)), "../../etc/passwd.csv").status_code == 200


@pytest.fixture
def ended(district):
    paces = Paces(district)
    hotline = {"source": "hotline", "reporter": None}
    return [getattr(paces, w)(source_number=f"NJ{w}", **hotline) for w in ("closed", "refused")]


def test_replies_are_exported_in_the_hotlines_form(centre, ended):
    answer = centre.get(f"{URL}replies/export/")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.values)
    assert rows[0][:6] == ("工单编号", "本单位编号", "处理结果", "受理时间", "与谁沟通", "解决措施")
    assert [row[0] for row in rows[1:]] == ["NJclosed", "NJrefused"]
    assert rows[1][4:7] == ("陈先生", "换新井盖", "当日")
    assert not HandOver.objects.exists()


def test_only_the_replies_shown_are_noted_as_handed_over(centre, ended):
    page = centre.get(URL)
    assert "NJclosed" in page.text and "NJrefused" in page.text
    shown = [reply.event for reply in page.context["replies"].rows()]
    done = centre.post(f"{URL}replies/handed/", {"event": [shown[0], "x", "9" * 30]}, follow=True)
    assert "已标记 1 条答复为已移交" in done.text
    assert "NJclosed" not in done.text and "NJrefused" in done.text
    assert "NJclosed" in centre.get(URL, {"show": "handed"}).text


def test_the_page_takes_the_same_queries_for_any_number(
    centre, ended, district, django_assert_max_num_queries
):
    centre.get(URL)
    paces = Paces(district)
    for n in range(4):
        paces.refused(source_number=f"R{n}", source="hotline", reporter=None)
    with django_assert_max_num_queries(17):
        centre.get(URL)
