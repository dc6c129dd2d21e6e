"""Notes outside of the steps: for colleagues, or for the reporter."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from command.progress import tell
from organization.models import Notice, Outbox
from tests.whistle.paces import Paces
from whistle.erasing import erase
from whistle.following import follow
from workflow.errors import NotPossible
from workflow.forms import form_for
from workflow.trace import verify_paper

WORDS = "已约好周三上午施工"


@pytest.fixture
def paces(district):
    return Paces(district)


def told(paces, user, verb):
    return Notice.objects.filter(post__postings__user=user, verb=verb, kind=Notice.Kind.TOLD)


def test_a_note_is_kept_and_moves_nothing(paces):
    order = paces.accepted()
    before = order.status, order.status_since, order.holder_id
    event = paces.step(order, "note", paces.p.community, remark=WORDS)
    assert event.words["remark"] == WORDS
    assert (order.status, order.status_since, order.holder_id) == before
    assert not order.clocks.filter(started=event.at)


def test_whose_turn_it_is_finds_the_note_in_the_inbox(paces):
    order = paces.accepted()
    paces.step(order, "note", paces.p.dispatcher, remark=WORDS)
    assert told(paces, paces.p.office, "note").count() == 1
    assert not told(paces, paces.p.dispatcher, "note")


def test_who_follows_is_told_of_a_note(paces):
    order = paces.accepted()
    follow(order, paces.p.duty_leader, paces.now)
    order.refresh_from_db()
    paces.step(order, "note", paces.p.office, remark=WORDS)
    assert told(paces, paces.p.duty_leader, "note").count() == 1


@pytest.mark.parametrize("status", ["closed", "refused", "void", "merged"])
def test_a_note_can_be_added_when_all_is_over(paces, status):
    order = getattr(paces, status)()
    paces.step(order, "note", paces.p.dispatcher, remark=WORDS)


def test_who_does_not_see_the_order_writes_no_note_on_it(paces):
    with pytest.raises(PermissionDenied):
        paces.step(paces.accepted(), "note", paces.p.stranger, remark=WORDS)


def test_an_empty_note_is_none(paces):
    with pytest.raises(ValidationError) as refused:
        paces.step(paces.accepted(), "note", paces.p.dispatcher, remark="")
    assert "remark" in refused.value.message_dict


def test_departments_write_on_their_own_answer(paces):
    whistle = paces.blown()
    response = paces.response_of(whistle, paces.d.water)
    paces.step(response, "note", paces.p.liaison, remark=WORDS)
    with pytest.raises(PermissionDenied):
        paces.step(response, "note", paces.p.housing, remark=WORDS)
    paces.step(whistle, "note", paces.p.dispatcher, remark=WORDS)
    with pytest.raises(PermissionDenied):
        paces.step(whistle, "note", paces.p.liaison, remark=WORDS)


def test_the_reporter_reads_what_is_for_him_and_nothing_else(paces):
    order = paces.accepted()
    paces.step(order, "note", paces.p.dispatcher, remark="疑似重复报警人")
    paces.step(order, "inform", paces.p.dispatcher, remark=WORDS)
    said = tell(order)
    assert [note["words"] for note in said["notes"]] == [WORDS]
    assert "疑似" not in str(said)


@pytest.mark.parametrize("who", ["community", "warden", "street_head", "liaison"])
def test_only_the_centre_and_the_holder_speak_to_the_reporter(paces, who):
    with pytest.raises(PermissionDenied):
        paces.step(paces.accepted(), "inform", getattr(paces.p, who), remark=WORDS)


def test_the_holder_speaks_to_the_reporter_while_it_is_in_his_hands(paces):
    order = paces.accepted()
    paces.step(order, "inform", paces.p.office, remark=WORDS)
    order = paces.handled()
    with pytest.raises(PermissionDenied):
        paces.step(order, "inform", paces.p.office, remark=WORDS)


@pytest.mark.parametrize(
    "words", ["请找刘工13912345678", "身份证32010619800101123X", "139 1234 5678"]
)
def test_a_phone_or_an_identity_number_is_not_shown_to_everybody(paces, words):
    with pytest.raises(ValidationError) as refused:
        paces.step(paces.accepted(), "inform", paces.p.dispatcher, remark=words)
    assert "remark" in refused.value.message_dict


def test_who_reported_by_phone_gets_it_there(paces):
    order = paces.accepted(reporter_phone="13912345678")
    paces.step(order, "inform", paces.p.dispatcher, remark=WORDS)
    message = Outbox.objects.get(key__startswith="inform:")
    assert message.sealed_to == "13912345678" and "139****5678" == message.to
    assert WORDS in message.sealed_text and WORDS in message.text and "****" not in message.text


def test_who_left_no_phone_gets_no_message(paces):
    order = paces.accepted(reporter_phone="")
    paces.step(order, "inform", paces.p.dispatcher, remark=WORDS)
    assert not Outbox.objects.filter(key__startswith="inform:")


def test_the_reporter_of_a_part_is_spoken_to_about_the_whole(paces):
    part = paces.divided().parts.first()
    with pytest.raises(NotPossible):
        paces.step(part, "inform", paces.p.dispatcher, remark=WORDS)


def test_what_was_noted_can_be_erased(paces):
    order = paces.accepted()
    event = paces.step(order, "note", paces.p.dispatcher, remark=WORDS)
    erase(order)
    assert WORDS not in str(order.events.get(n=event.n).words)
    assert verify_paper(order) == []


def test_the_form_of_a_note_asks_for_nothing_beside_it(paces):
    for verb in ("note", "inform"):
        assert list(form_for(paces.accepted(), verb, paces.p.dispatcher).fields) == ["remark"]


def test_what_was_erased_is_not_shown_as_an_empty_note(paces):
    order = paces.accepted()
    paces.step(order, "inform", paces.p.dispatcher, remark=WORDS)
    erase(order)
    assert tell(order)["notes"] == []
