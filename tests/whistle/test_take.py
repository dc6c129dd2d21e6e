"""Steps taken from pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organization.models import User
from tests.whistle.faces import picture
from tests.whistle.paces import MINUTE, Paces
from whistle.birth import levels_for
from whistle.models import Whistle, WorkOrder
from workflow.buttons import buttons, step_url, what_happens
from workflow.errors import NotPossible
from workflow.trace_page import trace_rows

PASSWORD = "not-easy-to-guess-7"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def enter(client):
    def enter(user):
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_the_page_shows_the_form_and_what_will_happen(paces, enter):
    order = paces.reported()
    page = enter(paces.p.dispatcher).get(step_url(order, "register"))
    text = page.content.decode()
    assert page.status_code == 200 and "破损大于25平方厘米" in text
    assert order.number in text and 'name="seen"' in text
    assert "派遣" in text


def test_a_dialog_gets_the_form_alone(paces, enter):
    order = paces.reported()
    part = enter(paces.p.dispatcher).get(step_url(order, "register"), headers=HTMX)
    assert part.content.decode().lstrip().startswith("<form")


def test_taking_a_step_leads_back_to_where_one_came_from(paces, enter, district):
    order = paces.reported()
    data = {"condition": district.condition.pk, "seen": order.trace_count, "next": "/desk/"}
    client = enter(paces.p.dispatcher)
    done = client.post(step_url(order, "register"), data)
    assert (done.status_code, done["Location"]) == (302, "/desk/")
    other = paces.reported()
    data |= {"next": "https://elsewhere.example/", "seen": other.trace_count}
    done = client.post(step_url(other, "register"), data, headers=HTMX)
    assert (done.status_code, done["HX-Redirect"]) == (204, other.get_absolute_url())


def test_a_refusal_keeps_what_was_typed(paces, enter):
    order = paces.reported()
    data = {"note": "重复来电，无新情况"}
    page = enter(paces.p.dispatcher).post(step_url(order, "refuse"), data)
    assert page.status_code == 400
    assert "重复来电，无新情况" in page.content.decode()
    assert page.context["form"].errors.keys() == {"ground"}


def test_who_comes_second_sees_who_was_first_and_may_go_on(paces, enter, district):
    order = paces.handled()
    seen = order.trace_count
    paces.step(order, "verify", paces.p.dispatcher, method="spot", note="看过")
    client = enter(paces.p.district)
    data = {"note": "未清理干净", "seen": seen}
    page = client.post(step_url(order, "rework"), data)
    text = page.content.decode()
    assert page.status_code == 409 and "dispatcher" in text and "未清理干净" in text
    hidden = {it["name"]: it["value"] for it in page.context["stale"]["hidden"]}
    assert client.post(step_url(order, "rework"), hidden).status_code == 302
    order.refresh_from_db()
    assert order.status == "accepted"


def test_a_step_that_is_over_is_409_with_the_state_now(paces, enter):
    order = paces.accepted()
    for method in ("get", "post"):
        page = getattr(enter(paces.p.office), method)(step_url(order, "accept"))
        assert page.status_code == 409 and order.get_status_display() in page.content.decode()


def test_strangers_and_those_without_the_duty(paces, enter):
    order = paces.reported()
    url = step_url(order, "register")
    assert enter(paces.p.stranger).get(url).status_code == 404
    assert enter(paces.p.warden).get(url).status_code == 403
    assert enter(paces.p.warden).post(url).status_code == 403
    unknown = url.replace("register", "settle")
    assert enter(paces.p.dispatcher).post(unknown).status_code == 409


def test_a_sealed_step_asks_for_the_password_again(paces, enter):
    head = paces.p.street_head
    head.set_password(PASSWORD)
    head.save()
    whistle = paces.drafted()
    url = step_url(whistle, "confirm")
    client = enter(head)
    asked = client.get(url, headers=HTMX)
    assert asked.context["form"].fields.keys() == {"note", "password"}
    wrong = client.post(url, {"password": "guess"}, headers=HTMX)
    assert wrong.context["form"].errors.keys() == {"password"}
    assert client.post(url, {"password": PASSWORD}).status_code == 302
    whistle.refresh_from_db()
    assert whistle.status == "confirmed"
    second = paces.drafted()
    assert client.post(step_url(second, "confirm")).status_code == 302


def test_an_office_drafts_a_whistle_from_the_order(paces, enter, district):
    order = paces.accepted()
    client = enter(paces.p.office)
    url = reverse("whistle_for", args=[order.number])
    assert "区水务局" in client.get(url).content.decode()
    row = {"unit": district.water.code, "role": "lead", "text": "抢修", "amount": "2"}
    data = {f"tasks-0-{k}": v for k, v in row.items()} | {
        "tasks-TOTAL_FORMS": "4",
        "tasks-INITIAL_FORMS": "0",
        "kind": "routine",
        "ask": "请共同处置",
        "level": "3",
    }
    missing = client.post(url, data)
    assert missing.context["form"].errors.keys() == {"tasks"}
    data["tasks-0-time_unit"] = "work_day"
    assert client.post(url, data).status_code == 302
    whistle = Whistle.objects.get()
    assert (whistle.status, whistle.holder) == ("drafted", district.office)


def test_a_community_blows_at_level_two(paces, enter, district):
    order = paces.taken()
    url = reverse("whistle_for", args=[order.number])
    done = enter(paces.p.community).post(url, {"ask": "请街道来人", "level": "2"})
    assert done.status_code == 302
    assert WorkOrder.objects.get().status == "whistled"


def test_photos_are_for_those_who_see_the_paper(paces, enter):
    order = paces.reported()
    photo = order.attachments.get()
    url = reverse("file", args=["workorder", photo.pk])
    shown = enter(paces.p.dispatcher).get(url)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["X-Content-Type-Options"] == "nosniff" and "private" in shown["Cache-Control"]
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    thumb = reverse("thumb", args=["workorder", photo.pk])
    assert enter(paces.p.dispatcher).get(thumb).status_code == 404
    assert enter(paces.p.stranger).get(url).status_code == 404
    other = reverse("file", args=["nothing", photo.pk])
    assert enter(paces.p.dispatcher).get(other).status_code == 404


def test_nginx_may_send_the_file(paces, enter, settings):
    settings.FILES_ACCEL = "/kept/"
    photo = paces.reported().attachments.get()
    answer = enter(paces.p.dispatcher).get(reverse("file", args=["workorder", photo.pk]))
    assert answer["X-Accel-Redirect"] == f"/kept/{photo.file}" and answer.content == b""


def test_buttons_say_what_is_main_and_what_is_missing(paces):
    order = paces.registered()
    bar = {b["verb"]: b for b in buttons(order, fresh(paces.p.dispatcher), next_url="/desk/")}
    assert bar["dispatch"]["main"] and not bar["dispatch"]["why"]
    assert "next=%2Fdesk%2F" in bar["dispatch"]["url"]
    assert bar["void"]["danger"] and not bar["void"]["main"]
    assert list(bar)[0] == "dispatch"
    lacking = {b["verb"]: b for b in buttons(order, fresh(paces.p.office))}
    assert lacking["dispatch"]["why"] and lacking["dispatch"]["show"]
    signed = paces.dispatched()
    accept = next(b for b in buttons(signed, fresh(paces.p.office)) if b["verb"] == "accept")
    assert accept["direct"] and accept["fields"] == {"seen": signed.trace_count}


def test_nobody_is_asked_while_somebody_is_to_answer(paces):
    order = paces.asked().order
    bar = {b["verb"]: b for b in buttons(order, fresh(paces.p.dispatcher))}
    assert bar["check"]["why"] == "已交办现场核查。"
    with pytest.raises(NotPossible):
        paces.step(order, "check", paces.p.dispatcher)
    again = paces.answered().order
    assert not {b["verb"]: b for b in buttons(again, fresh(paces.p.dispatcher))}["check"]["why"]


def test_an_order_offers_the_whistles_that_the_person_may_make(paces):
    order = paces.registered()
    assert levels_for(order, fresh(paces.p.dispatcher)) == [3]
    assert levels_for(order, fresh(paces.p.warden)) == []
    assert levels_for(paces.taken(), fresh(paces.p.community)) == [2]


def test_what_happens_names_status_and_deadline(paces):
    order = paces.registered()
    step = order.flow.at("registered", "dispatch")[0]
    assert "待签收" in what_happens(order, step, paces.now)
    assert "2026-10-19" in what_happens(order, step, paces.now)


def test_what_happens_names_no_deadline_beyond_the_whole_limit(paces):
    order = paces.registered()
    whole = order.clocks.get(what="handle")
    step = order.flow.at("registered", "dispatch")[0]
    late = whole.due - MINUTE * 20
    assert f"{timezone.localtime(whole.due):%H:%M}" in what_happens(order, step, late)


def test_the_trace_says_what_was_given(paces):
    order = paces.handled()
    rows = {row["verb"]: row for row in trace_rows(order)}
    assert rows["report"]["photos"][0]["label"] == "other"
    assert any("夫子庙城管部" in line for line in rows["dispatch"]["lines"])
    assert any("换新井盖" in line for line in rows["handle"]["lines"])
    assert rows["register"]["name"] and rows["register"]["actor"] == "dispatcher"


def test_evidence_photos_can_be_given_with_a_step(paces, enter):
    order = paces.accepted()
    data = {"result": "换新", "talked_to": "陈", "settled_on": "当日", "photos": picture()}
    done = enter(paces.p.office).post(step_url(order, "handle"), data)
    assert done.status_code == 302
    assert order.attachments.filter(label="after").count() == 1
