"""What the tables cannot say: rules of single verbs and what they set off."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from organization.models import Notice
from tests.cast import plain_photo
from tests.whistle.paces import Paces
from whistle.models import Response, Whistle
from workflow.actions import create
from workflow.errors import NotPossible
from workflow.sweep import run_clock


@pytest.fixture
def paces(district):
    return Paces(district)


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def refuses(field, act, *args, **given):
    with pytest.raises(ValidationError) as refused:
        act(*args, **given)
    assert field in refused.value.message_dict


def draft(paces, **fields):
    d = paces.d
    order = fields.pop("order", None) or paces.registered()
    defaults = {"level": 3, "caller": d.street, "centre": d.centre, "ask": "请共同处置"}
    tasks = fields.pop("tasks", paces.tasks(d.water))
    actor = fields.pop("actor", paces.p.dispatcher)
    whistle = Whistle(order=order, **{**defaults, **fields})
    create(whistle, "draft", actor=actor, now=paces.now, tasks=tasks)
    return whistle


def test_a_report_needs_a_title_or_a_category_and_a_place(paces):
    for fields, field in [
        ({"title": ""}, "title"),
        ({"lng": None, "lat": None, "address": ""}, "address"),
        ({"lng": float("nan")}, "lng"),
    ]:
        order = paces.new_order(**fields)
        refuses(field, create, order, "report", actor=paces.p.warden)


def test_the_centre_may_report_what_lies_in_a_grid(paces):
    order = paces.new_order()
    create(order, "report", actor=paces.p.dispatcher, now=paces.now)
    assert order.status == "reported"


def test_machine_intake_needs_no_person_but_says_where_it_comes_from(paces):
    order = paces.new_order(source="video", reporter=None)
    event = create(order, "report", trigger="video:17", now=paces.now)
    assert (event.actor, event.trigger) == (None, "video:17")


def test_the_same_number_of_a_source_is_received_once(paces):
    paces.reported(source="hotline", source_number="12345-1")
    again = paces.new_order(source="hotline", source_number="12345-1")
    refuses("source_number", create, again, "report", actor=paces.p.warden)


def test_an_order_fixed_on_the_spot_goes_back_to_its_grid(paces):
    order = paces.fixed()
    paces.step(order, "rework", paces.p.dispatcher, note="没有修好")
    assert (order.status, order.holder) == ("accepted", paces.d.grid)
    assert order.clocks.filter(what="handle", stopped=None).exists()


def test_a_street_never_dispatches_to_a_department(paces):
    order = paces.registered()
    for unit in (paces.d.water, paces.d.street, paces.d.other_street):
        refuses("unit", paces.step, order, "dispatch", paces.p.dispatcher, unit=unit)


def test_an_order_is_passed_on_downwards_only(paces):
    order = paces.accepted()
    for unit in (paces.d.street, paces.d.centre, paces.d.water, paces.d.other_centre):
        refuses("unit", paces.step, order, "pass_on", paces.p.office, unit=unit)
    paces.step(order, "pass_on", paces.p.office, unit=paces.d.community)
    assert (order.status, order.holder) == ("dispatched", paces.d.community)


def test_an_order_of_the_district_is_handed_down_through_street_and_office(paces):
    d, p = paces.d, paces.p
    order = paces.new_order(grid=None, community=None, street=None, centre=d.district_centre)
    create(order, "report", actor=p.district, now=paces.now)
    paces.step(order, "register", p.district, condition=d.condition)
    paces.step(order, "dispatch", p.district, unit=d.street)
    paces.step(order, "accept", p.street_clerk)
    paces.step(order, "pass_on", p.street_clerk, unit=d.office)
    paces.step(order, "accept", p.office)
    paces.step(order, "pass_on", p.office, unit=d.community)
    assert order.holder == d.community


def test_orders_join_only_an_open_order_of_the_same_centre_that_joins_no_other(paces):
    order, closed, joined = paces.reported(), paces.closed(), paces.merged()
    for into in (order, closed, joined):
        refuses("into", paces.step, order, "merge", paces.p.dispatcher, into=into)
    refuses(
        "into", paces.step, joined.merged_into, "merge", paces.p.dispatcher, into=paces.reported()
    )


def test_an_order_with_an_open_whistle_joins_no_other(paces):
    order = paces.drafted().order
    with pytest.raises(NotPossible):
        paces.step(order, "merge", paces.p.dispatcher, into=paces.reported())


def test_a_merged_order_that_is_split_off_starts_anew(paces):
    order = paces.merged()
    paces.step(order, "split", paces.p.dispatcher, note="不是同一处")
    assert (order.status, order.merged_into) == ("reported", None)
    assert order.due_what == "triage"


def test_an_order_that_others_have_joined_is_not_voided(paces):
    into = paces.merged().merged_into
    with pytest.raises(NotPossible):
        paces.step(into, "void", paces.p.dispatcher, note="误报")


def test_an_unsolved_order_is_closed_with_a_reason_only(paces):
    order = paces.verified()
    with pytest.raises(NotPossible):
        paces.step(order, "close", paces.p.dispatcher)
    paces.call_back(order, solved=False)
    refuses("reason", paces.step, order, "close", paces.p.dispatcher)
    paces.step(order, "close", paces.p.dispatcher, note="诉求超出政策")


def test_a_callback_that_reached_nobody_says_why(paces):
    order = paces.verified()
    refuses("remark", paces.step, order, "callback", paces.p.dispatcher, contacted="no")
    refuses("satisfaction", paces.step, order, "callback", paces.p.dispatcher, contacted="yes")
    paces.step(order, "callback", paces.p.dispatcher, contacted="no", note="三次未接")
    paces.step(order, "close", paces.p.dispatcher)


def test_a_refused_order_is_reopened_with_the_condition_it_never_had(paces):
    order = paces.refused()
    refuses("condition", paces.step, order, "reopen", paces.p.dispatcher, note="核对后属实")
    paces.step(order, "reopen", paces.p.dispatcher, note="核对后属实", condition=paces.d.condition)
    assert (order.status, order.condition) == ("registered", paces.d.condition)


def test_an_order_is_reopened_within_the_window_only(paces):
    order = paces.closed()
    paces.now += datetime.timedelta(days=31)
    with pytest.raises(NotPossible):
        paces.step(order, "reopen", paces.p.dispatcher, note="又坏了")


def test_an_order_is_verified_on_somebody_s_word_or_with_evidence(paces):
    order = paces.handled()
    refuses("method", paces.step, order, "verify", paces.p.dispatcher)
    refuses("method", paces.step, order, "verify", paces.p.dispatcher, method="spot")
    paces.step(order, "check", paces.p.dispatcher)
    paces.step(order.verifications.get(), "answer", paces.p.community, yes="no", words="没修好")
    refuses("method", paces.step, order, "verify", paces.p.dispatcher)
    photos = [plain_photo("after")]
    paces.step(order, "verify", paces.p.dispatcher, method="spot", photos=photos)


def test_what_was_said_on_the_ground_still_counts_after_a_reminder(paces):
    order = paces.handled()
    paces.step(order, "check", paces.p.dispatcher)
    paces.step(order.verifications.get(), "answer", paces.p.community, yes="yes", words="已修好")
    due = order.clocks.get(what="verify").due
    assert run_clock(due) == 1
    paces.now = due
    paces.step(order, "verify", paces.p.dispatcher)
    assert order.status == "verified"


def test_voiding_cancels_a_raised_whistle_with_its_draft_and_a_settled_one(paces):
    raised, settled = paces.raised(), paces.settled()
    for whistle in (raised, settled):
        order = fresh(whistle.order)
        paces.step(order, "void", paces.p.district, note="误报")
        assert {w.status for w in order.whistles.all()} == {"cancelled"}
        assert not Response.objects.open().filter(whistle__order=order).exists()


def test_voiding_leaves_a_scored_whistle_to_its_close(paces):
    whistle = paces.scored()
    paces.step(fresh(whistle.order), "void", paces.p.district, note="误报")
    paces.step(whistle, "close", paces.p.duty_leader)
    assert whistle.status == "closed"


def test_only_the_own_community_or_street_whistles_for_an_order(paces):
    d = paces.d
    refuses("caller", draft, paces, caller=d.other_street)
    refuses("caller", draft, paces, caller=d.community)
    refuses("caller", draft, paces, centre=d.other_centre, actor=paces.p.district)
    refuses("caller", draft, paces, centre=d.office, actor=paces.p.district)
    refuses("holder", draft, paces, holder=d.office)


def test_a_draft_names_departments_once_with_one_lead_and_real_limits(paces):
    lead = paces.tasks(paces.d.water)[0]
    assist = {**lead, "role": "assist"}
    for tasks, field in [
        ([lead, assist], "tasks"),
        ([assist], "tasks"),
        ([lead, {**lead, "unit": paces.d.housing}], "tasks"),
        ([{**lead, "unit": paces.d.office}], "unit"),
        ([{**lead, "amount": 0.5}], "amount"),
        ([{**lead, "amount": -1}], "amount"),
    ]:
        refuses(field, draft, paces, tasks=tasks)


def test_one_whistle_is_open_at_a_time(paces):
    whistle = paces.drafted()
    with pytest.raises(NotPossible):
        draft(paces, order=fresh(whistle.order))
    paces.step(whistle, "decline", paces.p.street_head, note="不必")
    assert draft(paces, order=fresh(whistle.order)).status == "drafted"


def test_rework_needs_somebody_to_do_it_again_or_a_further_department(paces):
    whistle = paces.settled()
    again = {"actor": paces.p.duty_leader, "note": "没有修好"}
    refuses("responses", paces.step, whistle, "rework", **again)
    called = paces.tasks(paces.d.water)
    refuses("tasks", paces.step, whistle, "rework", tasks=called, **again)
    added = paces.tasks(paces.d.district_centre)
    paces.step(whistle, "rework", tasks=added, **again)
    assert whistle.status == "blown"
    assert paces.response_of(whistle, paces.d.district_centre).role == "assist"


def test_rework_of_an_order_reworks_its_whistle_and_its_answers(paces):
    whistle = paces.verified_whistle()
    order = fresh(whistle.order)
    paces.step(order, "rework", paces.p.dispatcher, note="没有修好")
    assert (order.status, order.called_back, fresh(whistle).status) == ("whistled", None, "blown")
    assert {r.status for r in whistle.responses.all()} == {"arrived"}


def test_a_reworked_whistle_that_is_cancelled_gives_the_order_back_where_it_came_from(paces):
    whistle = paces.verified_whistle()
    paces.step(fresh(whistle.order), "rework", paces.p.dispatcher, note="没有修好")
    paces.step(whistle, "cancel", paces.p.street_head, note="街道自行解决")
    assert fresh(whistle.order).status == "registered"


def test_a_community_that_calls_back_its_raised_whistle_takes_the_draft_with_it(paces):
    low = paces.raised()
    paces.step(low, "cancel", paces.p.community_head, note="已解决")
    assert low.raised_to.get().status == "cancelled"
    assert fresh(low.order).status == "accepted"


def test_it_does_not_call_back_what_the_street_has_blown(paces):
    low = paces.raised()
    high = low.raised_to.get()
    paces.step(high, "confirm", paces.p.street_head)
    paces.step(high, "blow", paces.p.dispatcher)
    paces.step(low, "cancel", paces.p.community_head, note="已解决")
    assert (fresh(high).status, fresh(low.order).status) == ("blown", "whistled")


def test_a_whistle_of_which_every_unit_is_released_falls(paces):
    whistle = paces.blown()
    for response in whistle.responses.all():
        paces.step(response, "release", paces.p.street_head, note="误叫")
    assert (fresh(whistle).status, fresh(whistle.order).status) == ("cancelled", "registered")


def test_a_whistle_is_settled_when_the_last_open_answer_is_done_or_released(paces):
    response = paces.done()
    other = paces.response_of(response.whistle, paces.d.housing)
    assert fresh(response.whistle).status == "blown"
    paces.step(other, "release", paces.p.district, note="不需要")
    assert fresh(response.whistle).status == "settled"


def test_a_designated_department_answers_without_a_second_dispute(paces):
    response = paces.disputed()
    called = {"unit": paces.d.housing, "note": "依三定方案"}
    refuses("unit", paces.step, response, "designate", paces.p.district, **called)
    paces.step(
        response, "designate", paces.p.district, unit=paces.d.district_centre, note="依三定方案"
    )
    assert (response.status, response.unit) == ("signed", paces.d.district_centre)
    again = {"ground": "no_power", "note": "不属本局"}
    with translation.override("en"), pytest.raises(NotPossible, match="ruling"):
        paces.step(fresh(response), "dispute", paces.p.liaison, **again)


def test_presence_is_proved_by_the_caller_s_code_or_at_the_place(paces):
    response = paces.signed()
    far = {"lng": 118.80, "lat": 32.02}
    for proof in ({}, {"code": "wrong"}, far):
        refuses("code", paces.step, response, "arrive", paces.p.liaison, who="刘工", **proof)
    paces.step(response, "arrive", paces.p.liaison, who="刘工", lng=118.7902, lat=32.0201)
    assert response.events.get(verb="arrive").data["by"] == "place"


def test_an_emergency_whistle_settled_unconfirmed_is_confirmed_before_it_closes(paces):
    whistle = paces.blown_now(paces.d.water)
    paces.finish(paces.response_of(whistle, paces.d.water), paces.p.liaison)
    whistle = fresh(whistle)
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="已恢复")
    paces.call_back(whistle.order)
    paces.step(
        whistle, "score", paces.p.duty_leader, marks={r.pk: 40 for r in whistle.responses.all()}
    )
    with pytest.raises(NotPossible):
        paces.step(whistle, "close", paces.p.duty_leader)
    paces.step(whistle, "confirm", paces.p.street_head)
    paces.step(whistle, "close", paces.p.duty_leader)
    assert whistle.status == "closed"


def test_both_leaders_report_before_a_tough_whistle_closes(paces):
    whistle = paces.scored(kind="tough")
    for leader in (paces.p.leader, paces.p.deputy_leader):
        with pytest.raises(NotPossible):
            paces.step(whistle, "close", paces.p.duty_leader)
        paces.step(whistle, "leader_report", leader, presence="on_site", opinion="尽快")
    paces.step(whistle, "close", paces.p.duty_leader)


def test_a_leader_whom_nobody_has_named_is_not_waited_for(paces):
    whistle = paces.scored(kind="tough")
    paces.step(whistle, "leader_report", paces.p.leader, presence="video", opinion="尽快")
    whistle.relations().filter(kind="in_charge").delete()
    paces.step(whistle, "close", paces.p.duty_leader)


def test_the_level_is_that_of_the_hands_and_of_the_whistle(paces):
    order = paces.accepted()
    assert order.level == 2
    paces.step(order, "pass_on", paces.p.office, unit=paces.d.community)
    assert order.level == 1
    low = paces.raised()
    assert fresh(low.order).level == 2
    high = low.raised_to.get()
    paces.step(high, "confirm", paces.p.street_head)
    paces.step(high, "blow", paces.p.dispatcher)
    assert fresh(low.order).level == 3
    paces.step(high, "cancel", paces.p.street_head, note="已解决")
    assert fresh(low.order).level == 2
    paces.step(fresh(low), "cancel", paces.p.community_head, note="已解决")
    assert fresh(low.order).level == 1


def test_every_notice_names_a_paper_by_its_number(paces):
    paces.raised()
    paces.blown()
    assert Notice.objects.exists()
    assert not Notice.objects.filter(number="").exists()


def test_both_leaders_are_told_that_a_tough_whistle_waits_for_them(paces):
    whistle = paces.blown(kind="tough")
    told = Notice.objects.filter(number=whistle.number, flow="whistle", verb="blow")
    assert {"leader", "deputy_leader"} <= set(told.values_list("post__code", flat=True))


def test_letters_and_replies_are_numbered_and_stand_in_the_log(paces):
    response = paces.done()
    letter = response.whistle.events.get(verb="blow").data["letter_number"]
    reply = response.events.get(verb="finish").data["reply_number"]
    assert letter == "夫子庙街道哨函〔2026〕1号"
    assert reply == "区水务局复〔2026〕1号"
