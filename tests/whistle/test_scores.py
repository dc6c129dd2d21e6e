"""One assessment per answer: every point is a line, and every line names what proves it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.cast import plain_photo, seat
from tests.whistle.paces import DAY, Paces
from whistle.actions.scoring import enter
from whistle.models import Response, ScoreLine, ScoreRule
from workflow.models import Rung
from workflow.sweep import run_clock

EVERYTHING = {"card": {"yellow": 5, "red": 10}, "verb": {"deny": 10, "designate": 5}}


@pytest.fixture
def paces(district):
    for fact, names in EVERYTHING.items():
        for name, points in names.items():
            scheme = ScoreRule.objects.first().scheme
            ScoreRule.objects.create(scheme=scheme, fact=fact, name=name, points=points)
    return Paces(district)


@pytest.fixture
def second(district):
    return seat("second", district.district, "view arbitrate")


def scored(paces, whistle, mark=45):
    """Whoever has not answered yet answers; the caller verifies and gives the mark."""
    for response in whistle.responses.exclude(status="done"):
        actor = {"320104B02000": paces.p.liaison}.get(response.unit.code, paces.p.housing)
        if response.status == "called":
            paces.step(response, "sign", actor, lead_name="刘工", lead_phone="13900000000")
        if response.status == "signed":
            paces.step(response, "arrive", actor, who="刘工", code=whistle.arrival_code)
        paces.step(response, "finish", actor, result="已修复", photos=[plain_photo("after")])
    whistle.refresh_from_db()
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="现场已恢复")
    paces.call_back(whistle.order)
    marks = {r.pk: mark for r in whistle.responses.filter(status="done")}
    paces.step(whistle, "score", paces.p.duty_leader, marks=marks)
    return Response.objects.get(whistle=whistle, unit=paces.d.water).score


def late_and_scored(paces, mark=45):
    """Signed a day late."""
    paces.give_room()
    whistle = paces.blown()
    paces.now += 1 * DAY
    return scored(paces, whistle, mark)


def lines_of(score):
    return [(line.fact, line.name, line.points) for line in score.lines.all()]


def sums(score):
    score.refresh_from_db()
    return score.platform, score.caller, score.total


def test_what_was_in_time_costs_nothing(paces):
    score = scored(paces, paces.blown())
    assert lines_of(score) == [("base", "", 50), ("mark", "", 45)]
    assert sums(score) == (50, 45, 95)


def test_a_line_names_the_clock_and_the_step_that_stopped_it(paces):
    score = late_and_scored(paces)
    assert lines_of(score)[:2] == [("base", "", 50), ("late", "sign", -3)]
    line = score.lines.get(fact="late", name="sign")
    clock = score.response.clocks.get(what="sign")
    assert line.clock == clock.pk
    assert score.response.events.get(n=line.event_n).verb == "sign"


def test_the_mark_names_the_step_of_the_whistle(paces):
    score = scored(paces, paces.blown())
    line = score.lines.get(fact="mark")
    assert score.response.whistle.events.get(n=line.event_n).verb == "score"


def test_steps_and_cards_cost_what_the_scheme_says(paces):
    Rung.objects.filter(flow="response", clock="sign", n=2).update(does="red")
    response = paces.called()
    clock, code = response.clocks.get(what="sign"), response.whistle.arrival_code
    run_clock(clock.warn_at)
    run_clock(clock.due)
    paces.now = clock.due
    held = paces.held(response.whistle.order, paces.d.water)
    paces.step(held, "card", paces.p.dispatcher, colour="yellow", note="逾期未报告")
    response.refresh_from_db()
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    paces.step(response, "arrive", paces.p.liaison, who="刘工", code=code)
    paces.step(response, "deny", paces.p.duty_leader, note="未到")
    score = scored(paces, response.whistle)
    costs = {(fact, name): points for fact, name, points in lines_of(score) if points < 0}
    assert costs[("verb", "deny")] == -10
    assert (costs[("card", "red")], costs[("card", "yellow")]) == (-10, -5)
    assert costs[("late", "sign")] == -3
    assert {line.card.colour for line in score.lines.filter(fact="card")} == {"red", "yellow"}


def test_the_platform_s_part_is_never_below_nothing(paces):
    ScoreRule.objects.filter(fact="late", name="sign").update(points=60)
    score = late_and_scored(paces)
    assert ("floor", "", 13) in lines_of(score)
    assert sums(score) == (0, 45, 45)


def test_a_dispute_costs_only_who_loses_it(paces):
    lost, moved = paces.disputed(), paces.disputed()
    district, water = paces.p.district, paces.d.water
    paces.step(lost, "designate", district, unit=water, note="属本局职责")
    paces.step(moved, "designate", district, unit=paces.d.district_centre, note="另有主管")
    for response, costs in ((lost, [("verb", "designate", -5)]), (moved, [])):
        response.refresh_from_db()
        response.unit = water
        Response.objects.filter(pk=response.pk).update(unit=water)
        score = scored(paces, response.whistle)
        assert [line for line in lines_of(score) if line[0] == "verb"] == costs


def test_what_was_late_before_a_ruling_is_not_its_new_unit_s_doing(paces):
    response = paces.called()
    paces.now += 1 * DAY
    paces.step(response, "dispute", paces.p.liaison, ground="no_power", note="不属本局")
    paces.step(
        response, "designate", paces.p.district, unit=paces.d.district_centre, note="另有主管"
    )
    Response.objects.filter(pk=response.pk).update(unit=paces.d.water)
    score = scored(paces, response.whistle)
    assert "sign" not in [name for _fact, name, _points in lines_of(score)]


def test_an_exemption_takes_the_facts_out(paces):
    whistle = paces.blown()
    paces.now += 1 * DAY
    response = paces.response_of(whistle, paces.d.water)
    request = paces.ask(response, "exemption", paces.p.liaison)
    paces.step(request, "grant", paces.p.district)
    score = scored(paces, whistle)
    costs = score.lines.filter(fact__in=ScoreLine.COSTS)
    assert costs.exists() and not costs.filter(struck=None).exists()
    assert {line.request for line in score.lines.filter(fact="struck")} == {request}
    assert sums(score) == (50, 45, 95)


def test_an_exemption_after_scoring_gives_back_what_was_taken(paces):
    score = late_and_scored(paces)
    before = lines_of(score)
    request = paces.ask(score.response, "exemption", paces.p.liaison)
    paces.step(request, "grant", paces.p.district)
    assert lines_of(score)[: len(before)] == before
    assert sums(score) == (50, 45, 95)


def appealed(paces, score):
    return paces.ask(score.response, "appeal", paces.p.liaison, note="暴雨封路")


def test_a_granted_appeal_corrects_by_new_lines_what_the_reviewers_named(paces, second):
    score = late_and_scored(paces, mark=30)
    before, line = lines_of(score), score.lines.get(name="sign")
    request = appealed(paces, score)
    paces.step(request, "grant", paces.p.district, struck=[line], mark=40)
    assert lines_of(score) == before
    paces.step(request, "grant", second)
    assert lines_of(score) == [*before, ("struck", "sign", 3), ("remark", "", 10)]
    assert {row.request for row in score.lines.filter(n__gt=len(before))} == {request}
    struck = score.lines.get(fact="struck")
    assert (struck.of, request.events.get(n=struck.event_n).verb) == (line, "grant")
    platform, caller, _total = sums(score)
    assert (platform, caller) == (50 + sum(p for f, _n, p in before if f == "late") + 3, 40)


def test_a_reviewer_must_say_what_is_wrong(paces):
    score = late_and_scored(paces)
    request = appealed(paces, score)
    with pytest.raises(ValidationError, match="struck"):
        paces.step(request, "grant", paces.p.district)
    with pytest.raises(ValidationError, match="mark"):
        paces.step(request, "grant", paces.p.district, mark=51)
    other = late_and_scored(paces).lines.get(name="sign")
    with pytest.raises(ValidationError, match="struck"):
        paces.step(request, "grant", paces.p.district, struck=[other])


def test_a_rejected_appeal_changes_nothing(paces):
    score = late_and_scored(paces)
    before, request = lines_of(score), appealed(paces, score)
    paces.step(request, "grant", paces.p.district, mark=50)
    paces.step(request, "withdraw", paces.p.liaison)
    assert lines_of(score) == before


def test_what_is_given_back_shrinks_the_floor_first(paces, second):
    ScoreRule.objects.filter(fact="late", name="sign").update(points=30)
    ScoreRule.objects.filter(fact="late", name="contact").update(points=40)
    score = late_and_scored(paces)
    assert sums(score)[0] == 0 and ("floor", "", 20) in lines_of(score)
    request, line = appealed(paces, score), score.lines.get(name="sign")
    paces.step(request, "grant", paces.p.district, struck=[line])
    paces.step(request, "grant", second)
    assert lines_of(score)[-2:] == [("struck", "sign", 30), ("floor", "", -20)]
    assert sums(score)[0] == 10


def test_lines_stand_for_ever(paces):
    score = scored(paces, paces.blown())
    table = ScoreLine._meta.db_table
    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET points = 50"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(IntegrityError, match="with_cause"), transaction.atomic():
        enter(score, [ScoreLine(fact="remark", points=5)], paces.now)
