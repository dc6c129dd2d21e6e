"""满意度调查: asked by a link, answered once, and what the answer is worth."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from organization.models import Notice, Outbox
from organization.sealed import unseal
from tests.cast import LONG_AGO, plain_photo
from tests.whistle.paces import DAY, Paces
from whistle.erasing import erase
from whistle.models import SilenceRule, Survey
from workflow.actions import transition
from workflow.errors import NotPossible
from workflow.sweep import run_clock

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def paces(district):
    return Paces(district)


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def told(user, kind):
    rows = Notice.objects.filter(post=user.postings.get().post, flow="survey", kind=kind)
    return list(rows.values_list("verb", flat=True))


def accept(paces, whistle, method="survey"):
    paces.step(whistle, "verify", paces.p.duty_leader, method=method, note="居民已确认")


def test_an_answer_is_the_callback_of_an_order_that_waits_for_it(paces):
    survey = paces.surveyed()
    paces.answer_survey(survey, solved=True, satisfaction=4, remark="很快")
    order = fresh(survey.order)
    assert (order.solved, order.satisfaction, order.called_back) == (True, 4, paces.now)
    event = order.events.get(verb="callback")
    assert (event.actor, event.trigger) == (None, f"survey:{survey.pk}:answer")
    assert event.words["remark"] == "很快"
    assert told(paces.p.dispatcher, "told") == ["answer"]
    paces.step(order, "close", paces.p.dispatcher)


def test_a_displeased_answer_reworks_nothing_but_waits_for_a_decision(paces):
    survey = paces.surveyed()
    paces.answer_survey(survey, solved=False, satisfaction=1)
    order = fresh(survey.order)
    assert order.status == "verified"
    assert told(paces.p.dispatcher, "waits") == ["answer"]
    with pytest.raises(ValidationError, match="reason"):
        paces.step(order, "close", paces.p.dispatcher)
    paces.step(order, "rework", paces.p.dispatcher, note="居民反映未解决")
    assert fresh(order).solved is None


def test_a_whistle_is_accepted_by_survey_only_with_an_answer_that_says_solved(paces):
    whistle = paces.settled()
    with pytest.raises(ValidationError, match="method"):
        accept(paces, whistle)
    survey = paces.survey(whistle)
    with pytest.raises(ValidationError, match="method"):
        accept(paces, whistle)
    paces.answer_survey(survey, solved=True, satisfaction=2)
    accept(paces, whistle)
    order = fresh(whistle.order)
    assert (order.status, order.solved, order.satisfaction) == ("verified", True, 2)
    assert order.events.last().verb == "callback"
    marks = {r.pk: 40 for r in whistle.responses.all()}
    paces.step(whistle, "score", paces.p.duty_leader, marks=marks)


def test_an_unsolved_answer_sends_back_and_does_not_count_for_the_next_result(paces):
    whistle = paces.settled()
    paces.answer_survey(paces.survey(whistle), solved=False, satisfaction=1)
    with pytest.raises(ValidationError, match="method"):
        accept(paces, whistle)
    done = list(whistle.responses.order_by("pk"))
    paces.step(whistle, "rework", paces.p.duty_leader, note="未解决", responses=done)
    assert fresh(whistle).reworks == 1
    for response, actor in zip(done, (paces.p.liaison, paces.p.housing), strict=True):
        paces.step(response, "finish", actor, result="重修", photos=[plain_photo("after")])
    with pytest.raises(ValidationError, match="method"):
        accept(paces, fresh(whistle))


def test_accepted_in_another_way_the_answer_is_the_callback_all_the_same(paces):
    whistle = paces.settled()
    paces.answer_survey(paces.survey(whistle), solved=False, satisfaction=2)
    accept(paces, whistle, method="expert")
    order = fresh(whistle.order)
    assert (order.status, order.solved) == ("verified", False)


def test_an_open_survey_of_a_result_that_was_accepted_is_answered_later(paces):
    whistle = paces.settled()
    survey = paces.survey(whistle)
    accept(paces, whistle, method="spot")
    assert fresh(whistle.order).called_back is None
    paces.answer_survey(survey, satisfaction=3)
    assert fresh(whistle.order).satisfaction == 3


def test_a_community_asks_about_its_own_whistle(paces):
    whistle = paces.level_two()
    response = whistle.responses.get()
    paces.step(response, "name", paces.p.dispatcher, lead_name="王工", lead_phone="13900000001")
    code = whistle.arrival_code
    paces.step(response, "arrive", paces.p.street_clerk, who="王工", code=code)
    paces.step(
        response, "finish", paces.p.street_clerk, result="已修", photos=[plain_photo("after")]
    )
    survey = paces.survey(fresh(whistle), paces.p.community)
    assert survey.asker == paces.d.community
    paces.answer_survey(survey, solved=False, satisfaction=1)
    assert told(paces.p.community, "waits") == ["answer"]


def test_who_is_reached_by_phone_is_not_asked_twice(paces):
    survey = paces.surveyed()
    with pytest.raises(NotPossible, match="waits|等"):
        paces.survey(survey.order)
    order = fresh(survey.order)
    paces.step(order, "callback", paces.p.dispatcher, contacted="no", note="无人接听")
    assert fresh(survey).status == "asked"
    paces.call_back(order)
    assert fresh(survey).status == "dropped"
    with pytest.raises(NotPossible):
        paces.answer_survey(fresh(survey))
    with pytest.raises(NotPossible):
        paces.survey(fresh(order))


@pytest.mark.parametrize("verb", ["rework", "void"])
def test_a_survey_falls_with_what_it_asks_about(paces, verb):
    survey = paces.surveyed()
    actor = paces.p.district if verb == "void" else paces.p.dispatcher
    paces.step(fresh(survey.order), verb, actor, note="重新处置")
    assert fresh(survey).status == "dropped"
    assert not survey.clocks.filter(stopped=None).exists()


def test_silence_lapses_by_itself_and_the_centre_learns_of_it(paces):
    survey = paces.surveyed()
    assert survey.clocks.get().policy.amount == 1
    for _rung in range(2):
        run_clock(paces.now + 2 * DAY)
    assert fresh(survey).status == "lapsed"
    assert told(paces.p.dispatcher, "late") == ["lapse"]
    with pytest.raises(NotPossible):
        paces.answer_survey(fresh(survey))
    paces.survey(fresh(survey.order))


@pytest.fixture
def silence_closes(paces):
    SilenceRule.objects.create(kind="survey", outcome="closed", valid_from=LONG_AGO)


def keep_silent(paces, survey, state="sent"):
    Outbox.objects.filter(key__startswith=f"survey:{survey.pk}").update(state=state)
    due = survey.clocks.get(what="answer").due
    while run_clock(due + HOUR):
        pass
    return fresh(survey.order)


def test_by_policy_the_order_of_a_silent_reporter_is_closed(paces, silence_closes):
    survey = paces.survey(paces.verified(reporter_phone="13812341234"))
    assert "逾期未评价视为办结" in sent_about(survey)[0]
    order = keep_silent(paces, survey)
    assert (order.status, order.solved, fresh(survey).status) == ("closed", None, "lapsed")
    callback, close = order.events.order_by("-n")[:2][::-1]
    assert (callback.verb, callback.data["contacted"], close.verb) == ("callback", "no", "close")
    assert close.actor is None and close.trigger == f"survey:{survey.pk}:lapse"
    assert "未在规定时间内答复" in callback.words["remark"]
    assert told(paces.p.dispatcher, "told") == ["lapse"]
    paces.step(order, "reopen", paces.p.dispatcher, note="居民来电：又漏水了")


def test_who_could_not_be_called_before_is_not_called_again_by_silence(paces, silence_closes):
    survey = paces.survey(paces.verified(reporter_phone="13812341234"))
    order = fresh(survey.order)
    paces.step(order, "callback", paces.p.dispatcher, contacted="no", note="无人接听")
    order = keep_silent(paces, survey)
    assert order.status == "closed"
    assert order.events.get(verb="callback").note == "无人接听"


def test_what_was_asked_before_the_rule_is_not_closed_by_it(paces):
    survey = paces.survey(paces.verified(reporter_phone="13812341234"))
    SilenceRule.objects.create(kind="survey", outcome="closed", valid_from=LONG_AGO)
    assert "视为办结" not in sent_about(survey)[0]
    assert keep_silent(paces, survey).status == "verified"


def test_nobody_is_silent_whom_the_message_has_not_reached(paces, silence_closes):
    unsent = paces.survey(paces.verified(reporter_phone="13812341234"))
    assert keep_silent(paces, unsent, state="failed").status == "verified"
    phoneless = paces.surveyed()
    assert phoneless.silence == "called"
    assert keep_silent(paces, phoneless).called_back is None
    assert told(paces.p.dispatcher, "late") == ["lapse", "lapse"]


def test_silence_closes_nothing_that_a_rule_keeps_open(paces, silence_closes):
    """The whistle has still to be scored; the reporter's silence is not its mark."""
    whistle = paces.settled(reporter_phone="13812341234")
    accept(paces, whistle, method="spot")
    survey = paces.survey(fresh(whistle.order))
    order = keep_silent(paces, survey)
    assert (order.status, order.called_back, fresh(survey).status) == ("verified", None, "lapsed")
    assert told(paces.p.dispatcher, "late") == ["lapse"]


def test_a_survey_about_a_whistle_closes_nothing(paces, silence_closes):
    whistle = paces.settled(reporter_phone="13812341234")
    assert paces.survey(whistle).silence == "called"


def test_nobody_in_the_house_answers(paces):
    survey = paces.surveyed()
    with pytest.raises(Exception, match="not yours|不由您"):
        transition(survey, "answer", actor=paces.p.dispatcher, solved=True, satisfaction=5)


def sent_about(survey):
    rows = Outbox.objects.filter(key__startswith=f"survey:{survey.pk}").order_by("pk")
    return [message.real_text for message in rows]


def test_who_has_not_answered_is_reminded_once(paces):
    survey = paces.survey(paces.verified(reporter_phone="13812341234"))
    due = survey.clocks.get(what="answer").due
    for moment in (due - 5 * HOUR, due - 4 * HOUR, due - HOUR):
        run_clock(moment)
    _first, again = sent_about(survey)
    assert "还在等您的评价" in again and f"/s/{survey.code}/" in again


def test_who_has_answered_or_left_no_phone_is_not_reminded(paces):
    answered = paces.survey(paces.verified(reporter_phone="13812341234"))
    paces.answer_survey(answered)
    erased = paces.survey(paces.verified(reporter_phone="13812341234"))
    erase(erased.order)
    nameless = paces.survey(paces.verified())
    run_clock(nameless.clocks.get(what="answer").due - HOUR)
    assert len(sent_about(answered)) == 1
    assert sent_about(nameless) == sent_about(erased) == []


def test_the_reporters_phone_gets_the_link_and_the_database_neither_phone_nor_code(paces):
    order = paces.verified(reporter_phone="13812341234", reporter_name="陈先生")
    survey = paces.survey(order)
    message = Outbox.objects.get(key=f"survey:{survey.pk}")
    assert (message.to, survey.texted) == ("138****1234", True)
    assert f"/s/{survey.code}/" in message.real_text
    assert survey.code not in message.text
    assert message.real_to == "13812341234"
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, code_hash FROM whistle_survey WHERE id = %s", [survey.pk])
        token, hashed = cursor.fetchone()
        cursor.execute("SELECT sealed_to FROM organization_outbox WHERE id = %s", [message.pk])
        sealed = cursor.fetchone()[0]
    assert survey.code not in (token, hashed)
    assert unseal(token) == survey.code
    assert "13812341234" not in sealed
    assert Survey.objects.of_code(survey.code) == survey


def test_without_a_phone_nothing_is_sent(paces):
    survey = paces.surveyed()
    assert not survey.texted
    assert not Outbox.objects.filter(key__startswith="survey").exists()
