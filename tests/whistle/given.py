"""What a person writes into the form of a step: all that it needs, and no more than it takes."""

from functools import cache

from tests.cast import plain_photo
from tests.whistle.paces import DAY
from whistle.models.ties import tied_to

# What a rule asks for beside the needs of the row.
ALSO = {
    "callback": ["solved", "satisfaction"],
    "verify": ["method"],
    "arrive": ["code"],
    "name": ["lead_name", "lead_phone"],
    "reopen": ["condition"],
    "rework": ["responses"],
    "grant": ["mark"],
}
TEXTS = {
    "result": "已修复",
    "talked_to": "陈先生",
    "settled_on": "当日",
    "grade": "own",
    "opinion": "同意",
    "presence": "on_site",
    "method": "spot",
    "contacted": "yes",
    "solved": True,
    "satisfaction": 4,
    "kind": "routine",
    "ask": "请水务局",
    "task": "修复",
    "amount": 2,
    "time_unit": "work_day",
    "lead_name": "刘工",
    "lead_phone": "13900000000",
    "meet_place": "现场",
    "who": "刘工",
    "yes": "yes",
    "words": "还在",
    "requirement": "三日内办结并报告",
    "colour": "yellow",
    "mark": 40,
    "agenda": "管网权属",
    "decisions": "由水务局牵头",
    "plan": "先抢修后确权",
    "more": "1 工作日",
    "remark": "已约好周三施工",
}


def other(paces, paper, step):
    return tied_to(paper).get() if step.verb == "unrelate" else paces.reported()


def parts(paces, paper, step):
    return [{"title": title, "condition": paces.d.condition} for title in ("更换井盖", "清理路面")]


def filled(paces, paper, step):
    """Inputs with which the step can be taken (the reason is the note)."""
    also = [name for name in ALSO.get(step.verb, []) if name in step.takes]
    names = [name for name in (*step.needs, *also) if name != "reason"]
    return {"note": "理由", **{name: value_of(name, paces, paper, step) for name in names}}


def value_of(name, paces, paper, step):
    if name in TEXTS:
        return TEXTS[name]
    return globals()[name](paces, paper, step)


def condition(paces, paper, step):
    return paces.d.condition


def into(paces, paper, step):
    return paces.reported()


def unit(paces, paper, step):
    d = paces.d
    if paper.flow.name == "workorder" and step.verb == "designate":
        return d.office
    named = {"dispatch": d.office, "pass_on": d.grid, "issue": d.office}
    named |= dict.fromkeys(("add", "move"), d.district_centre)
    return named.get(step.verb) or getattr(paper, "unit", None)


def ground(paces, paper, step):
    return {"request": "legal", "supervision": "overdue"}.get(paper.flow.name, "no_power")


def photos(paces, paper, step):
    return before_and_after()


@cache
def before_and_after():
    """Nobody looks at them, so the same two serve all."""
    return [plain_photo("before"), plain_photo("after", "blue")]


def until(paces, paper, step):
    return (paces.now + 30 * DAY).date()


def meet_at(paces, paper, step):
    return paces.now


def tasks(paces, paper, step):
    return paces.tasks(paces.d.water)


def present(paces, paper, step):
    return [paces.d.water]


def stages(paces, paper, step):
    return [paces.row(paces.d.water)]


def marks(paces, paper, step):
    return {response.pk: 40 for response in responses(paces, paper, step)}


def responses(paces, paper, step):
    return list(paper.responses.filter(status="done"))


def section(paces, paper, step):
    return paces.d.section if paper.is_level_three else paces.d.office


def code(paces, paper, step):
    return paper.whistle.arrival_code
