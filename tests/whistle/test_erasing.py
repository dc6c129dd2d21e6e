"""Words erased by law are gone from the log and from the papers onto which they were copied."""

import pytest
from django.apps import apps
from django.db import connection

from organization.models import Outbox
from tests.cast import plain_photo
from tests.whistle.paces import Paces
from whistle.erasing import erase
from workflow.trace import paper_models, verify_paper

WRITTEN = "王大爷住三楼"


@pytest.fixture
def paces(district):
    return Paces(district)


def tables_that_say(words):
    """The tables in which the words still stand, whatever column."""
    found = []
    for model in apps.get_app_config("whistle").get_models():
        sql = f'SELECT 1 FROM "{model._meta.db_table}" t WHERE t::text LIKE %s LIMIT 1'
        with connection.cursor() as cursor:
            cursor.execute(sql, [f"%{words}%"])
            if cursor.fetchone():
                found.append(model.__name__)
    return found


def papers_of(order):
    for model in paper_models():
        yield from model.objects.filter(**{model.to_root or "pk": order.pk})


def spoken_whistle(paces):
    """A whistle in whose every step somebody writes of a resident."""
    whistle = paces.blown(description=WRITTEN)
    response, liaison = paces.response_of(whistle, paces.d.water), paces.p.liaison
    paces.ask(response, "exemption", liaison, note=WRITTEN)
    paces.step(response, "sign", liaison, lead_name="刘工", lead_phone="13900000000")
    paces.step(response, "contact", liaison, meet_at=paces.now, meet_place=WRITTEN)
    code = whistle.arrival_code
    paces.step(response, "arrive", liaison, who=WRITTEN, code=code)
    paces.step(response, "finish", liaison, result=WRITTEN, photos=[plain_photo("after")])
    paper = paces.held(whistle.order, paces.d.housing, requirement=WRITTEN)
    paces.step(paper, "sign", paces.p.housing)
    paces.step(paper, "answer", paces.p.housing, result=WRITTEN)
    return whistle


def test_no_copy_of_the_words_is_left(paces):
    order = spoken_whistle(paces).order
    order.whistles.update(ask=WRITTEN)
    erase(order)
    assert tables_that_say(WRITTEN) == []
    assert [fault for paper in papers_of(order) for fault in verify_paper(paper)] == []


def test_the_question_and_its_answer_are_gone(paces):
    order = paces.reported()
    paces.step(order, "check", paces.p.dispatcher, question=WRITTEN)
    paces.step(order.verifications.get(), "answer", paces.p.warden, yes="yes", words=WRITTEN)
    assert "Verification" in tables_that_say(WRITTEN)
    erase(order)
    assert tables_that_say(WRITTEN) == []


def test_what_a_community_asked_of_its_street_is_gone(paces):
    whistle = paces.level_two()
    assert whistle.responses.get().task == whistle.ask
    erase(whistle.order)
    assert tables_that_say(whistle.ask) == []


def test_the_words_of_other_orders_stay(paces):
    other = paces.handled()
    erase(paces.handled())
    assert other.events.get(verb="handle").words["result"] == "换新井盖"


def test_no_message_to_the_phone_is_left(paces):
    """What the reporter was told, and the address of the survey; those of others stay."""
    other = paces.verified(reporter_phone="13812341234")
    order = paces.verified(reporter_phone="13812341234")
    for told in (other, order):
        paces.step(told, "inform", paces.p.dispatcher, remark="明日施工")
        paces.survey(told)
    erase(order)
    keys = set(Outbox.objects.filter(key__regex="^(inform|survey):").values_list("key", flat=True))
    survey, inform = sorted(keys, reverse=True)
    assert survey == f"survey:{other.surveys.get().pk}"
    assert inform.startswith(f"inform:{other.pk}:") and len(keys) == 2
