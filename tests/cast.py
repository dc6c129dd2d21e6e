"""The cast of the tests, by office: a small district with one street, one community, one grid."""

import datetime
import io
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from PIL import Image

from organization.models import Post, Posting, Relation, Unit, UnitGrant, User
from tests.recorded import Recording
from whistle.models import Category, Condition, ScoreRule, ScoreScheme
from workflow.attachments import Photo
from workflow.models import Rung, TimeLimit

LONG_AGO = datetime.date(2020, 1, 1)
MONDAY = datetime.datetime(2026, 10, 19, 9, 0, tzinfo=timezone.get_fixed_timezone(480))

LIMITS = [
    ("workorder", "triage", "", 2, "work_hour"),
    ("workorder", "dispatch", "", 0.5, "work_hour"),
    ("workorder", "sign", "", 1, "work_hour"),
    ("workorder", "arbitrate", "", 1, "work_day"),
    ("workorder", "handle", "", 5, "work_day"),
    ("workorder", "verify", "", 1, "work_day"),
    ("workorder", "callback", "", 2, "work_day"),
    ("workorder", "reopen", "", 30, "natural_day"),
    ("whistle", "confirm", "", 4, "work_hour"),
    ("whistle", "confirm", "blown", 24, "urgent_hour"),
    ("whistle", "blow", "", 1, "work_hour"),
    ("whistle", "score", "", 3, "work_day"),
    ("response", "sign", "", 1, "work_hour"),
    ("response", "sign", "emergency", 0.5, "urgent_hour"),
    ("response", "contact", "", 24, "urgent_hour"),
    ("response", "arrive", "", 3, "work_day"),
    ("response", "arrive", "tough", 5, "work_day"),
    ("response", "arrive", "emergency", 2, "urgent_hour"),
    ("response", "finish", "street", 3, "work_day"),
    ("response", "arbitrate", "", 1, "work_day"),
    ("request", "decide", "", 1, "work_day"),
    ("request", "decide", "return", 4, "work_hour"),
    ("verification", "answer", "check", 2, "work_hour"),
    ("verification", "answer", "verify", 1, "work_day"),
    ("survey", "answer", "verify", 3, "natural_day"),
    ("survey", "answer", "callback", 1, "natural_day"),
    ("supervision", "sign", "", 2, "work_hour"),
    ("supervision", "report", "", 2, "work_day"),
    ("supervision", "report", "instruction", 5, "work_day"),
    ("supervision", "finish", "", 5, "work_day"),
    ("supervision", "sign_off", "", 1, "work_day"),
]


def grant(post, unit, *duties):
    content_type = ContentType.objects.get_for_model(Unit)
    for permission in Permission.objects.filter(content_type=content_type, codename__in=duties):
        UnitGrant.objects.create(group=post.group, permission=permission, content_object=unit)


def seat(code, unit, duties="", *, at=None, user=None, **fields):
    """A post in a unit with duties there (or `at` another unit), and a person in it."""
    post = Post.objects.establish(code=code, name=code, unit=unit, **fields)
    grant(post, at or unit, *duties.split())
    user = user or User.objects.create(username=code, name=code)
    Posting.objects.create(post=post, user=user, valid_from=LONG_AGO)
    return user


def plain_photo(label="other", colour="grey"):
    content = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "JPEG")
    return Photo(content, label)


def make_units():
    make = Unit.objects.establish
    kind = Unit.Kind
    d = make(code="320104000000", name="秦淮区", kind=kind.DISTRICT)
    s = make(code="320104002000", name="夫子庙街道", kind=kind.STREET, parent=d)
    s2 = make(code="320104003000", name="红花街道", kind=kind.STREET, parent=d)
    c = make(code="320104002001", name="平江府社区", kind=kind.COMMUNITY, parent=s)
    water = make(
        code="320104B02000",
        name="区水务局",
        kind=kind.DEPARTMENT,
        parent=d,
        duty_phone="02500000002",
    )
    return SimpleNamespace(
        district=d,
        street=s,
        other_street=s2,
        community=c,
        grid=make(code="320104002001Z001", name="综合网格01", kind=kind.GRID, parent=c),
        district_centre=make(
            code="320104B01000", name="区指挥中心", kind=kind.DEPARTMENT, parent=d, organ="centre"
        ),
        centre=make(
            code="320104002Q07", name="夫子庙指挥中心", kind=kind.OFFICE, parent=s, organ="centre"
        ),
        office=make(
            code="320104002Q03", name="夫子庙城管部", kind=kind.OFFICE, parent=s, organ="city"
        ),
        other_centre=make(
            code="320104003Q07", name="红花指挥中心", kind=kind.OFFICE, parent=s2, organ="centre"
        ),
        water=water,
        housing=make(code="320104B03000", name="区住建局", kind=kind.DEPARTMENT, parent=d),
        section=make(code="320104B02K01", name="管网科", kind=kind.SECTION, parent=water),
    )


def make_people(u):
    people = SimpleNamespace(
        warden=seat("warden", u.grid, "view report handle"),
        community=seat("community", u.community, "view report handle inspect score", head=True),
        community_head=seat("community_head", u.community, "view confirm", leader=True),
        dispatcher=seat("dispatcher", u.centre, "view report triage dispatch inspect supervise"),
        duty_leader=seat(
            "duty_leader", u.street, "view dispatch inspect score supervise", head=True
        ),
        street_head=seat("street_head", u.street, "view confirm", leader=True),
        street_clerk=seat("street_clerk", u.street, "view handle"),
        office=seat("office", u.office, "view handle", head=True),
        liaison=seat("liaison", u.water, "view handle", head=True),
        housing=seat("housing", u.housing, "view handle", head=True),
        district=seat(
            "district",
            u.district,
            "view report triage dispatch inspect supervise arbitrate",
            head=True,
        ),
        leader=seat("leader", u.district, "view", leader=True),
        deputy_leader=seat("deputy_leader", u.district, "view"),
        stranger=seat("stranger", u.other_street, "view triage dispatch inspect handle confirm"),
        admin=seat("admin", u.district, "administer"),
    )
    relation(people.leader, u.street, Relation.Kind.PAIRED)
    relation(people.deputy_leader, u.water, Relation.Kind.IN_CHARGE)
    return people


def relation(user, unit, kind):
    post = user.postings.get().post
    Relation.objects.create(post=post, unit=unit, kind=kind, valid_from=LONG_AGO)


def make_policy():
    for flow, clock, kind, amount, unit in LIMITS:
        TimeLimit.objects.create(
            flow=flow,
            clock=clock,
            kind=kind,
            amount=Decimal(str(amount)),
            unit=unit,
            valid_from=LONG_AGO,
        )
        make_ladder(flow, clock, kind, unit)
    scheme = ScoreScheme.objects.create(name="示例", valid_from=LONG_AGO)
    facts = {"sign": 3, "contact": 3, "arrive": 10, "finish": 10}
    for name, points in facts.items():
        ScoreRule.objects.create(scheme=scheme, fact="late", name=name, points=points)
    ScoreRule.objects.create(scheme=scheme, fact="verb", name="redo", points=5)


def make_ladder(flow, clock, kind, unit):
    """Warned at 80 %, told when due, and one of the limit's units after each other."""
    names = {"flow": flow, "clock": clock, "kind": kind, "valid_from": LONG_AGO}
    Rung.objects.create(**names, n=1, percent=80, does="holder")
    Rung.objects.create(**names, n=2, percent=100, does="head")
    Rung.objects.create(**names, n=3, after=1, unit=unit, does="above")
    Rung.objects.create(**names, n=4, after=2, unit=unit, does="leader")


def make_category():
    category = Category.objects.create(
        kind="component", major_code="01", major_name="公用设施", code="02", name="污水井盖"
    )
    return Condition.objects.create(
        category=category, text="破损大于25平方厘米", amount=4, unit="work_hour"
    )


def make_district():
    """Units, people, policy and one filing condition."""
    units = make_units()
    people = make_people(units)
    make_policy()
    return SimpleNamespace(
        **vars(units), condition=make_category(), people=people, units=units, now=MONDAY
    )


@pytest.fixture(scope="session")
def recorded_district(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Recording(make_district)


@pytest.fixture
def district(db, recorded_district, settings, tmp_path):
    """Units, people, policy and one filing condition; photos go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return recorded_district.replay()
