"""双轨: the street sends a person of its own to the community that whistled (level 2)."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from organization.models import Notice
from tests.cast import plain_photo, seat
from tests.command.pages import at, browser_of
from tests.whistle.paces import Paces
from whistle.candidates import people
from workflow.trace import verify_paper

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def engineer(district):
    """Somebody of an office who looks at its papers, and holds no duty of the street."""
    user = seat("engineer", district.office, "view")
    user.name, user.phone = "周工", "13912345678"
    user.save()
    return user


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def name(paces, response, **given):
    paces.step(response, "name", paces.p.dispatcher, **given)


def test_who_is_sent_is_of_the_street_and_his_phone_is_that_of_his_record(paces, engineer):
    response = paces.called_street()
    listed = set(people(response))
    assert {engineer, paces.p.street_clerk, paces.p.office} <= listed
    assert not {paces.p.warden, paces.p.community, paces.p.liaison, paces.p.leader} & listed
    name(paces, response, person=engineer)
    response = fresh(response)
    assert (response.person, response.section) == (engineer, paces.d.office)
    assert (response.lead_name, response.lead_phone) == ("周工", "13912345678")


def test_he_learns_of_it_and_finds_the_task_with_the_place_in_his_list(paces, engineer):
    client = browser_of(engineer)
    assert client.get("/answers/").status_code == 404
    response = paces.called_street()
    name(paces, response, person=engineer)
    post = engineer.postings.get().post
    notice = Notice.objects.get(post=post, flow="response", kind="waits")
    page = client.get("/answers/")
    card = page.context["groups"][1].cards[0]
    assert card["act"]["verb"] == "arrive"
    assert "平江府社区" in card["sub"]
    assert "平江府路26号" in card["sub"]
    assert client.get(f"/inbox/{notice.pk}/").status_code == 302
    assert client.get(response.get_absolute_url()).status_code == 200
    assert client.get(response.whistle.order.get_absolute_url()).status_code == 200
    assert fresh(response).read_at is not None


def test_arriving_progress_and_finishing_are_his_to_do(paces, engineer):
    response = paces.called_street()
    name(paces, response, person=engineer)
    with pytest.raises(ValidationError, match="code"):
        paces.step(response, "arrive", engineer, who="周工")
    paces.step(response, "arrive", engineer, who="周工", code=response.whistle.arrival_code)
    paces.step(response, "progress", engineer, result="已约物业")
    photos = [plain_photo("after")]
    paces.step(response, "finish", engineer, result="已修复", photos=photos)
    assert fresh(response.whistle).status == "settled"
    posts = set(response.events.filter(actor=engineer).values_list("post__code", flat=True))
    assert posts == {"engineer"}
    assert list(verify_paper(response)) == []


def test_a_colleague_who_was_not_sent_may_not(paces, engineer):
    response = paces.called_street()
    name(paces, response, person=engineer)
    code = response.whistle.arrival_code
    with pytest.raises(PermissionDenied):
        paces.step(response, "arrive", paces.p.office, who="王工", code=code)
    paces.step(response, "arrive", paces.p.street_clerk, who="王工", code=code)


def test_another_is_sent_in_his_place(paces, engineer):
    response = paces.signed_street(engineer)
    name(paces, response, person=paces.p.street_clerk, lead_phone="13900000002")
    response = fresh(response)
    assert (response.person, response.section) == (paces.p.street_clerk, None)
    assert response.status == "signed"
    post = paces.p.street_clerk.postings.get().post
    assert Notice.objects.filter(post=post, flow="response", verb="name").count() >= 1
    with pytest.raises(PermissionDenied):
        paces.step(response, "arrive", engineer, who="周工", code=response.whistle.arrival_code)


def test_somebody_from_outside_is_sent_by_name_and_phone(paces):
    response = paces.called_street()
    name(paces, response, lead_name="李师傅", lead_phone="13900000003")
    assert (fresh(response).person, fresh(response).lead_name) == (None, "李师傅")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "person"),
        ({"lead_name": "李师傅"}, "lead_phone"),
        ({"person": "office"}, "lead_phone"),
        ({"person": "warden", "lead_phone": "13900000003"}, "person"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name_of_the_field(paces, given, field):
    response = paces.called_street()
    if "person" in given:
        given = given | {"person": getattr(paces.p, given["person"])}
    with pytest.raises(ValidationError) as caught:
        name(paces, response, **given)
    assert set(caught.value.message_dict) == {field}


def test_a_raised_whistle_keeps_all_its_past(paces, engineer):
    response = paces.arrived_street(engineer)
    paces.step(
        response, "progress", engineer, result="产权不清，需区水务局", photos=[plain_photo()]
    )
    low = fresh(response.whistle)
    before = list(response.events.values_list("hash", flat=True))
    raised = {"kind": "routine", "ask": "请水务局", "tasks": paces.tasks(paces.d.water)}
    paces.step(low, "raise", paces.p.dispatcher, note="涉及产权", **raised)
    response = fresh(response)
    assert response.status == "released"
    assert list(response.events.values_list("hash", flat=True))[: len(before)] == before
    assert response.attachments.count() == 1
    high = low.raised_to.get()
    assert (high.raised_from, high.level) == (low, 3)
    client = browser_of(paces.p.dispatcher)
    for page in (low.get_absolute_url(), low.order.get_absolute_url()):
        assert "产权不清" in client.get(page).text
    assert low.get_absolute_url() in client.get(low.order.get_absolute_url()).text
