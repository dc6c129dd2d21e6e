"""A month scored by another scheme, and what of it deserves a second look."""

import pytest
import time_machine
from django.utils import translation

from command.bulletin.checks import checks
from command.bulletin.figures import Month, blown_in
from command.bulletin.trial import Tried, scheme_of, trial
from tests.cast import plain_photo, seat
from tests.command.pages import at, browser_of, cost
from tests.whistle.asking import fresh
from tests.whistle.paces import DAY, MINUTE, Paces
from tests.whistle.test_scores import EVERYTHING, late_and_scored, scored
from whistle.models import Card, Score, ScoreRule, ScoreScheme, Whistle

PAGE = "/bulletins/2026-10/trial/"
OCTOBER = Month(at(1, 0).date().replace(day=1))


@pytest.fixture
def paces(district):
    for fact, names in EVERYTHING.items():
        for name, points in names.items():
            scheme = ScoreScheme.objects.get()
            ScoreRule.objects.create(scheme=scheme, fact=fact, name=name, points=points)
    return Paces(district)


@pytest.fixture
def leader(district):
    return browser_of(district.people.leader)


def november():
    return time_machine.travel(at(19, 9).replace(month=11, day=2), tick=False)


def blown():
    return blown_in(Whistle.objects.all(), OCTOBER)


def mean_of(found, name="区水务局"):
    return next(row for row in found["rows"] if row["name"] == name)["mean"]


def tried(**prices):
    """The scheme in force, but for the prices of clocks."""
    now = Tried.of(scheme_of(OCTOBER))
    changed = {("late", what): -points for what, points in prices.items()}
    return Tried(now.platform, now.caller, now.prices | changed)


def exempted(paces):
    """Late, and left out of the assessment afterwards."""
    score = late_and_scored(paces)
    request = paces.ask(score.response, "exemption", paces.p.liaison)
    paces.step(request, "grant", paces.p.district)
    return score


def appealed(paces, score, **found):
    request = paces.ask(score.response, "appeal", paces.p.liaison)
    paces.step(request, "grant", paces.p.district, **found)
    second = seat("second", paces.d.district, "view arbitrate")
    paces.step(request, "grant", second)


def test_its_own_scheme_gives_every_answer_what_it_has(paces):
    late_and_scored(paces)
    exempted(paces)
    found = trial(blown(), tried())
    assert found["same"] == found["scored"] == 4
    assert [row["change"] for row in found["rows"]] == [0, 0]


def test_no_mark_is_lost_in_reckoning(paces):
    scored(paces, paces.blown(), mark=29)  # 29 / 50 × 50 is less than 29 in binary fractions
    found = trial(blown(), tried())
    assert found["same"] == found["scored"]


def test_another_price_of_a_fact_changes_the_mean(paces):
    was = late_and_scored(paces).total
    found = trial(blown(), tried(sign=13))
    assert mean_of(found) == was - 10
    assert [row["was"] for row in found["rows"]] == [was, was]


def test_the_mark_keeps_its_share(paces):
    scored(paces, paces.blown(), mark=40)
    now = Tried.of(scheme_of(OCTOBER))
    assert mean_of(trial(blown(), Tried(0, 100, now.prices))) == 80
    assert mean_of(trial(blown(), Tried(100, 0, now.prices))) == 100


def test_what_an_exemption_took_out_costs_nothing_under_any_scheme(paces):
    exempted(paces)
    assert mean_of(trial(blown(), tried(sign=40, contact=40))) == 95


def test_an_appeal_gives_back_the_lines_that_it_named_and_no_other(paces):
    score = late_and_scored(paces)
    appealed(paces, score, struck=[score.lines.get(name="sign")])
    score.refresh_from_db()
    found = trial(blown(), tried(sign=40))
    assert (mean_of(found), found["same"]) == (score.total, 2)
    contact = -tried().prices["late", "contact"]
    assert mean_of(trial(blown(), tried(contact=contact + 2))) == score.total - 2


def test_a_card_shown_after_the_score_is_not_held_against_it(paces):
    score = scored(paces, paces.blown())
    paces.now += DAY
    Card.objects.create(
        colour="red", unit=score.response.unit, order=score.response.whistle.order,
        response=score.response, event_n=1, at=paces.now,
    )  # fmt: skip
    assert mean_of(trial(blown(), tried())) == score.total


def test_the_page_shows_the_ranking_under_the_points_that_were_asked(paces, leader):
    was = late_and_scored(paces).total
    with november():
        page = leader.get(PAGE)
        given = {field.name: field.value() for field in page.context["form"]}
        other = leader.get(PAGE, given | {"late-sign": 13})
    assert [row["mean"] for row in page.context["trial"]["rows"]] == [was] * 2
    assert [row["mean"] for row in other.context["trial"]["rows"]] == [was - 10] * 2
    assert "2 of 2 scores come out as they were given" in other.text
    assert {score.total for score in Score.objects.all()} == {was}


def test_points_that_make_no_scheme_are_refused_and_kept(paces, leader):
    with november():
        page = leader.get(PAGE, {"platform": 60, "caller": 50, "minutes": 10, "late-sign": "x"})
    assert "The two parts together make 100 points." in page.text
    assert set(page.context["form"].errors) >= {"caller", "late-sign"}
    assert "trial" not in page.context
    assert 'value="60"' in page.text


def test_a_month_before_the_first_scheme_says_so(paces, leader):
    ScoreScheme.objects.update(valid_from="2026-11-01")
    with november():
        page = leader.get(PAGE)
    assert "No score scheme was in force in this month" in page.text


def test_only_those_who_see_drafts_may_try(paces, district):
    with november():
        assert browser_of(district.people.liaison).get(PAGE).status_code == 404
        assert browser_of(district.people.district).get(PAGE).status_code == 200


def test_what_one_does_not_see_is_not_reckoned(paces):
    scored(paces, paces.blown())
    elsewhere = Whistle.objects.visible_to(paces.p.stranger)
    assert trial(blown_in(elsewhere, OCTOBER), tried())["scored"] == 0


def test_the_page_asks_no_more_often_when_there_is_more(paces, leader):
    for _n in range(3):  # six marks that are alike: every check has something to show
        exempted(paces)
    with november():
        few = cost(leader, PAGE)
    for _n in range(3):
        exempted(paces)
    with november():
        assert cost(leader, PAGE) == few


def rows(minutes=10):
    """Title of the check → (unit, how many, of how many) of each row."""
    with translation.override("en"):
        found = checks(blown(), minutes)
    return {
        check.title: [(row.unit, row.n, row.of, row.note) for row in check.rows] for check in found
    }


def test_an_answer_at_once_after_arrival_is_shown(paces):
    whistle = paces.blown()
    scored(paces, whistle)
    found = rows()["Finished as soon as arrived"]
    assert found == [("区水务局", 1, 1, ""), ("区住建局", 1, 1, "")]
    assert rows()["Finished in the last moment"] == []


def test_an_answer_in_the_last_minutes_is_shown(paces):
    paces.give_room()
    whistle = paces.blown()
    response = paces.response_of(whistle, paces.d.water)
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    paces.step(response, "arrive", paces.p.liaison, who="刘工", code=whistle.arrival_code)
    paces.now = response.clocks.get(what="finish").due - 5 * MINUTE
    paces.step(response, "finish", paces.p.liaison, result="已修", photos=[plain_photo("after")])
    assert rows()["Finished in the last moment"] == [("区水务局", 1, 1, "")]
    assert rows(minutes=4)["Finished in the last moment"] == []
    assert rows()["Finished as soon as arrived"] == []


def test_who_is_released_late_is_shown_for_there_is_no_score(paces):
    whistle = paces.blown(paces.d.water, paces.d.housing)
    paces.now += 9 * DAY
    response = paces.response_of(whistle, paces.d.housing)
    paces.step(response, "release", paces.p.street_head, note="职责不在该局")
    assert rows()["Released when it was late"] == [(response.unit.title, 1, 1, "")]


def test_marks_that_are_all_the_same_are_shown_from_five_on(paces):
    scored(paces, paces.blown(), mark=45)
    scored(paces, paces.blown(), mark=45)
    assert rows()["All marks alike"] == []
    scored(paces, paces.blown(), mark=45)
    assert rows()["All marks alike"] == [(paces.d.street.title, 6, 6, "6 times 45")]
    scored(paces, paces.blown(), mark=44)
    assert rows()["All marks alike"] == []


def test_a_whistle_that_was_called_off_and_blown_again_is_shown(paces):
    whistle = paces.blown()
    paces.step(whistle, "cancel", paces.p.street_head, note="重吹")
    assert rows()["Called off and blown again"] == []
    paces.now += DAY
    again = paces.drafted_for(fresh(whistle.order))
    paces.step(again, "confirm", paces.p.street_head)
    paces.step(again, "blow", paces.p.dispatcher)
    assert rows()["Called off and blown again"] == [(paces.d.street.title, 1, 2, "")]
