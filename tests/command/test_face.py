"""What the tags say: times, countdowns, masks, spark lines."""

import datetime
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from command import countdown, wording
from command.lanes import Lane, Leg, lay_out
from whistle.models import WorkOrder

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
NOW = datetime.datetime(2026, 10, 21, 15, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


def at(day, hour, minute=0, month=10):
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def render(source, **context):
    return Template("{% load face %}" + source).render(Context(context))


def clock(due, unit="work_hour", **fields):
    start = fields.pop("started", at(21, 9))
    given = {
        "what": "sign",
        "amount": 1,
        "limit": 1,
        "warn_at": due - datetime.timedelta(minutes=20),
    }
    given |= {"stopped": None, "paused_at": None, "late": False, "extended": 0}
    given |= {"policy": None, "storm_id": None, "own_from": None, "cut": ""}
    return SimpleNamespace(due=due, unit=unit, started=start, **(given | fields))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(21, 14, 20), "today 14:20"),
        (at(20, 17, 41), "yesterday 17:41"),
        (at(22, 10, 12), "tomorrow 10:12"),
        (at(12, 9, 14), "10-12 09:14"),
        (datetime.datetime(2025, 10, 12, 9, 14, tzinfo=SHANGHAI), "2025-10-12 09:14"),
        (datetime.datetime(2026, 10, 20, 16, 30, tzinfo=datetime.UTC), "today 00:30"),
    ],
)
def test_times_are_said_as_people_say_them(moment, said):
    assert wording.say_when(moment) == said


def test_the_exact_time_stands_in_the_title():
    assert 'title="2026-10-21 14:20:00"' in render("{{ at|when }}", at=at(21, 14, 20))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "just now"), (7, "7 min ago"), (150, "2 h ago"), (1500, "yesterday 14:12")],
)
def test_how_long_ago(minutes, said):
    assert wording.say_ago(NOW - datetime.timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("plain", "masked"),
    [
        ("张小三", "张*三"),
        ("李四", "李*"),
        ("王", "王"),
        ("欧阳小三", "欧**三"),
        ("13812341234", "138****1234"),
        ("025-5555 0110", "025****0110"),
        ("320104199001011234", "3201**********1234"),
        ("32010419900101123X", "3201**********123X"),
        ("", ""),
        (None, ""),
    ],
)
def test_masks_hide_who_it_is(plain, masked):
    assert wording.mask(plain) == masked


@pytest.mark.django_db
def test_a_running_clock_ticks_until_it_is_due():
    found = countdown.countdown_of(clock(at(21, 16)), NOW)
    assert (found.tone, found.left, found.hour) == ("", 48, "work_hour")


@pytest.mark.django_db
def test_a_clock_past_its_warning_runs_out_soon():
    assert countdown.countdown_of(clock(at(21, 15, 20)), NOW).tone == "soon"


@pytest.mark.django_db
def test_an_overdue_clock_is_late_and_counts_on():
    found = countdown.countdown_of(clock(at(21, 14, 37)), NOW)
    assert (found.tone, found.left) == ("late", -35)


@pytest.mark.django_db
def test_at_night_working_hours_do_not_tick():
    assert countdown.countdown_of(clock(at(22, 10)), at(21, 22)).left is None


@pytest.mark.django_db
def test_stopped_and_paused_clocks_stand_still():
    done = countdown.countdown_of(clock(at(21, 14), stopped=at(21, 13)), NOW)
    late = countdown.countdown_of(clock(at(21, 14), stopped=at(21, 15), late=True), NOW)
    held = countdown.countdown_of(clock(at(21, 18), paused_at=at(21, 12)), NOW)
    assert [(c.tone, c.left) for c in (done, late, held)] == [
        ("done", None),
        ("late", None),
        ("still", None),
    ]


@pytest.mark.django_db
def test_a_countdown_says_why():
    rule, reason, basis = countdown.why(clock(at(21, 10)))
    assert "Signing" in rule
    assert "10:00" in reason
    assert basis == "This paper's own limit"


@pytest.mark.django_db
def test_a_countdown_names_the_version_of_the_limits():
    dated = SimpleNamespace(valid_from=datetime.date(2026, 10, 19))
    assert countdown.why(clock(at(21, 10), policy=dated))[2] == (
        "By the limits in force from 2026-10-19"
    )
    own = countdown.why(clock(at(21, 10), what="handle"))
    assert own[2] == "The filing condition's own limit"
    dated = countdown.why(clock(at(21, 10), what="handle", own_from=dated.valid_from))
    assert dated[2] == "The filing condition's own limit in force from 2026-10-19"


@pytest.mark.django_db
def test_the_page_gets_the_words_for_every_state_it_can_tick_into():
    words = countdown.tick_words()
    assert len(words) == 16
    for key, text in words.items():
        assert ("{h}" in text) == key.endswith("h") or key.endswith("hm"), key
        assert ("{m}" in text) == key.endswith("m"), key


@pytest.mark.django_db
def test_a_clock_row_is_drawn_as_a_chip():
    page = render("{% countdown clock %}", clock=clock(at(21, 15, 20)))
    assert "gc-count--soon" in page
    assert 'data-left="8"' in page


def test_nothing_is_drawn_for_no_clock():
    assert render("{% countdown clock %}", clock=None).strip() == ""


def test_a_badge_takes_a_paper_a_dict_or_a_word():
    paper = WorkOrder(status="registered")
    page = render(
        "{% badge paper %}{% badge 'lead' tone='line' %}{% badge it %}",
        paper=paper,
        it={"word": "x"},
    )
    assert "gc-badge--act" in page and "#i-send" in page
    assert "gc-badge--line" in page and ">x<" in page


def test_words_from_people_are_escaped():
    assert "<b>" not in render("{% badge word %}", word="<b>bold</b>")
    choice = {"label": "<b>bold</b>", "url": '?a="><b>', "current": True, "count": "<b>"}
    menu = render("{% menu_items choices %}", choices=[choice])
    assert "<b>" not in menu and 'aria-current="true"' in menu
    left = countdown.Countdown("<b>bold</b>", why=["the <b> rule", "a <b> reason"])
    chip = render("{% countdown count label=word %}", count=left, word="<b>")
    assert chip.count("<b>") == chip.count("</b>") == 1  # the rule is set in bold
    assert "<b>the &lt;b&gt; rule</b><br>a &lt;b&gt; reason" in chip


def test_json_in_an_attribute_cannot_break_out_of_it():
    page = render('<i data-pins="{{ pins|as_json }}"></i>', pins=[{"title": '"><script>'}])
    assert "<script>" not in page and page.count('"') == 2


def test_a_spark_line_needs_two_figures():
    assert "<svg" in render("{% spark values %}", values=[1, 3, 2])
    assert "<svg" not in render("{% spark values %}", values=[1])
    assert "<svg" in render("{% spark values %}", values=[5, 5, 5])


def lanes(*legs):
    return lay_out([Lane("区住建局", list(legs))], NOW)


@pytest.mark.django_db
def test_a_lane_shows_time_used_beyond_the_limit():
    laid = lanes(Leg("arrive", at(14, 9, 40), at(19, 18)), Leg("finish", at(14, 9, 40), at(28, 18)))
    arrive, finish = laid["rows"][0]["legs"]
    assert [bar["kind"] for bar in arrive["bars"]] == ["run", "over"]
    assert [bar["kind"] for bar in finish["bars"]] == ["run"]
    assert arrive["bars"][1]["x"] == arrive["due"]


@pytest.mark.django_db
def test_a_leg_done_in_time_is_one_bar_and_a_disputed_one_is_hatched():
    done = Leg("sign", at(14, 9), at(14, 10), stopped=at(14, 9, 30))
    held = Leg("arrive", at(14, 9), at(19, 18), held=at(19, 16))
    first, second = lanes(done, held)["rows"][0]["legs"]
    assert [bar["kind"] for bar in first["bars"]] == ["in"]
    assert [bar["kind"] for bar in second["bars"]] == ["run", "held"]


@pytest.mark.django_db
def test_lanes_stay_inside_their_axis():
    laid = lanes(Leg("finish", at(14, 9), at(28, 18)), Leg("sign", at(14, 9), at(14, 9, 1)))
    shares = [
        bar["x"] + bar["width"]
        for row in laid["rows"]
        for leg in row["legs"]
        for bar in leg["bars"]
    ]
    assert all(0 < share <= 100 for share in shares)
    assert 0 < laid["now"] < 100
    assert len(laid["off"]) == 4


@pytest.mark.django_db
def test_a_long_axis_is_labelled_sparsely():
    laid = lanes(Leg("finish", at(1, 9), at(30, 18, month=12)))
    assert len(laid["axis"]) <= 16


def test_figures_in_svg_have_a_point_in_every_language():
    with translation.override("de"):
        assert re.fullmatch(r"12\.50%", render("{{ share|percent }}", share=12.5))


@pytest.mark.django_db
def test_a_request_for_a_foreign_host_gets_the_page_of_an_error(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
