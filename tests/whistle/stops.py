"""Where the runs of the machine begin: papers at different points of their way."""

import datetime

from tests.whistle.twin import Twin

ONE = (("water", "lead"),)
TWO = (("water", "lead"), ("housing", "assist"))
PHOTOS = {"photos": True}
LEAD = {"lead_name": "刘工", "lead_phone": "13900000000"}
DONE = {"result": "已修复", "photos": True}
TOLD = {"talked_to": "陈先生", "settled_on": "当日"}
STRICT = {"method": "spot", "reason": "看过"}
HAPPY = {"contacted": "yes", "solved": True, "satisfaction": 5}
MINUTE = datetime.timedelta(minutes=1)


def stations_of(world):
    """{name: a twin that stands there}"""
    return {name: walk(world, *way) for name, way in WAYS.items()}


def walk(world, *ways):
    twin = Twin(world)
    for way in ways:
        for step in way:
            twin.ref.now += MINUTE
            take(twin, *step)
    return twin


def take(twin, who, kind, verb, given=(), *more):
    """A step of the newest paper of the kind, or of that number; with fields it is born."""
    kind, _space, n = kind.partition(" ")
    if more:
        twin.bear(kind, verb, who, more[0], given)
    else:
        newest = len(twin.ref.papers[kind]) - 1
        twin.act(kind, int(n) if n else newest, verb, who, given)
    if twin.said:
        raise AssertionError(twin.said)


def draft(kind, tasks):
    fields = {"order": 0, "level": 3, "type": kind}
    return ("dispatcher", "whistle", "draft", {"tasks": tasks}, fields)


REPORTED = [("warden", "order", "report", PHOTOS, {})]
REGISTERED = [*REPORTED, ("dispatcher", "order", "register", {"condition": True})]
IN_HAND = [
    *REGISTERED,
    ("dispatcher", "order", "dispatch", {"unit": "office"}),
    ("office", "order", "accept"),
]
TAKEN = [*REPORTED, ("community", "order", "take")]
HANDLED = [*IN_HAND, ("office", "order", "handle", {**DONE, **TOLD})]
VERIFIED = [*HANDLED, ("dispatcher", "order", "verify", STRICT)]
CLOSED = [
    *VERIFIED,
    ("dispatcher", "order", "callback", HAPPY),
    ("dispatcher", "order", "close"),
]
LOW = [*TAKEN, ("community", "whistle", "blow", {}, {"order": 0, "level": 2})]
RAISED = [
    *LOW,
    (
        "dispatcher",
        "whistle",
        "raise",
        {"reason": "产权", "kind": "routine", "ask": "请", "tasks": ONE},
    ),
]
EMERGENCY = [*REGISTERED, draft("emergency", ONE)]


def blown(kind, tasks):
    way = [("street_head", "whistle", "confirm"), ("dispatcher", "whistle", "blow")]
    return [*REGISTERED, draft(kind, tasks), *way]


def answered(who):
    return [
        (who, "response", "sign", LEAD),
        (who, "response", "arrive", {"who": "刘工", "code": True}),
        (who, "response", "finish", DONE),
    ]


SETTLED = [*blown("tough", ONE), *answered("liaison")]
JUDGED = [
    *SETTLED,
    ("duty_leader", "whistle", "verify", STRICT),
    ("dispatcher", "order", "callback", HAPPY),
]
BACK_TWICE = [
    *REGISTERED,
    *[
        ("dispatcher", "order", "dispatch", {"unit": "office"}),
        ("office", "order", "send_back", {"ground": "not_ours", "reason": "不属"}),
    ]
    * 2,
    ("dispatcher", "order", "dispatch", {"unit": "office"}),
]
DIVIDED = [*REGISTERED, ("dispatcher", "order", "divide", {"parts": ("换井盖", "清路面")})]
LAST_PART = [
    *DIVIDED,
    ("dispatcher", "order 1", "void", {"reason": "重复"}),
    ("dispatcher", "order", "dispatch", {"unit": "office"}),
    ("office", "order", "accept"),
    ("office", "order", "handle", {**DONE, **TOLD}),
    ("dispatcher", "order", "verify", STRICT),
]
WAYS = {
    "reported, and another": [REPORTED, REPORTED],
    "registered": [REGISTERED],
    "divided": [DIVIDED],
    "the last part to close": [LAST_PART],
    "registered, and another": [REGISTERED, REGISTERED],
    "in hand": [IN_HAND],
    "in hand of the community": [TAKEN],
    "returned twice": [BACK_TWICE],
    "handled": [HANDLED],
    "closed": [CLOSED],
    "whistled by the community": [LOW],
    "raised": [RAISED],
    "emergency": [EMERGENCY],
    "whistled for two": [blown("routine", TWO)],
    "settled": [SETTLED],
    "to score": [JUDGED],
}
