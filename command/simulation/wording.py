"""What people write in a simulated past: cases, addresses and phrases out of the texts beside."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from command.simulation.ground import Spot
from command.simulation.hours import work_hours
from organization.models import Unit
from whistle.models import Condition

FOLDER = Path(__file__).parent / "texts"
# In working hours.
SHORT, PATIENT = 14, 20
NAMED_LIKE_ESTATES = "园村苑城寓庄湾郊"
PLAIN = {
    "titles": ["{place}{category}：{fault}"],
    "words": ["{place}{category}，{fault}。"],
    "results": ["已处置到位，现场恢复。"],
}
ORGANS = {
    "综合行政执法局": "enforcement",
    "平安建设部": "safety",
    "民生保障部": "livelihood",
    "城市管理部": "city",
}


@cache
def text(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Case:
    """Something that goes wrong now and then, filed under one condition."""

    condition: Condition
    weight: int
    scene: str
    titles: tuple[str, ...]
    words: tuple[str, ...]
    results: tuple[str, ...]
    kinds: tuple[str, ...]
    lead: Unit | None
    assist: tuple[Unit, ...]

    def likely(self, kind: str, patient: bool) -> float:
        """For what must be done within hours nobody meets first, emergencies apart; nor may it
        lie about for long."""
        hours = work_hours(self.condition.amount, self.condition.unit)
        if patient:
            return self.weight * (0.02 if hours < PATIENT else 1)
        return self.weight * (0.1 if hours < SHORT and kind in ("routine", "tough") else 1)

    def pick(self, what: str, variant: int) -> str:
        """Title, description and result of one variant go together."""
        texts: tuple[str, ...] = getattr(self, what)
        return texts[variant % len(texts)]

    @property
    def desk(self) -> str:
        """Who settles it in the street: the organ of an office, the community, or a department."""
        responsible = self.condition.responsible
        if "社区" in responsible:
            return "community"
        if "街道" in responsible or not responsible:
            return next((organ for name, organ in ORGANS.items() if name in responsible), "city")
        return "department"


class Wording:
    """The cases that this district's conditions and departments allow."""

    def __init__(self) -> None:
        departments = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT).exclude(organ=Unit.CENTRE)
        self.departments = {unit.name: unit for unit in departments}
        active = Condition.objects.filter(active=True).select_related("category")
        filed = {(c.category.name, c.text): c for c in active}
        rows = [*text("components")["case"], *text("events")["case"]]
        known = [
            self.case(filed[row["category"], row["fault"]], row)
            for row in rows
            if (row["category"], row["fault"]) in filed
        ]
        self.cases = known or [self.case(condition, PLAIN) for condition in filed.values()]

    def case(self, condition: Condition, row: dict[str, Any]) -> Case:
        named = [self.departments[n] for n in row.get("assist", ()) if n in self.departments]
        return Case(
            condition=condition,
            weight=row.get("weight", 1),
            scene=row.get("scene", "street"),
            titles=tuple(row["titles"]),
            words=tuple(row["words"]),
            results=tuple(row["results"]),
            kinds=tuple(row.get("whistle", ())),
            lead=self.departments.get(row.get("lead", "")),
            assist=tuple(named),
        )

    def choose(self, rng: Random, kind: str = "", *desks: str, patient: bool = False) -> Case:
        """A likely case: one that asks for a whistle of the kind, or lies on one of the desks.

        A patient one can mostly lie there for days without being late.
        """
        fit = [
            case
            for case in self.cases
            if (kind in case.kinds if kind else case.desk in (desks or ORGANS.values()))
        ]
        cases = fit or self.cases
        return rng.choices(cases, [case.likely(kind, patient) for case in cases])[0]

    def called(self, rng: Random, case: Case, most: int) -> list[Unit]:
        """The departments that a whistle calls, the one in the lead first."""
        others = [unit for unit in case.assist if unit != case.lead]
        rng.shuffle(others)
        units = [case.lead, *others] if case.lead else others
        return (units or list(self.departments.values()))[:most]


def phrase(rng: Random, *path: str, **facts: Any) -> str:
    """One of the phrases that stand under the path, filled in."""
    found: Any = text("phrases")
    for name in path:
        found = found[name]
    return str(rng.choice(found)).format_map(facts)


def ground(rng: Random, verb: str) -> tuple[str, str]:
    """A legal ground and the words that go with it."""
    row = rng.choice(text("phrases")["ground"][verb])
    return row["code"], rng.choice(row["reasons"])


def duty_of(rng: Random, unit: Unit, what: str) -> str:
    """What a department is asked, reports or answers."""
    known = text("departments")
    return str(rng.choice(known.get(unit.name, known["other"])[what]))


def someone(rng: Random) -> str:
    words = text("places")["words"]
    return f"{rng.choice(words['surname'])}{rng.choice(words['manner'])}"


def estate(rng: Random, near: str) -> str:
    """A housing estate of the community; some communities are named like one already."""
    forms = text("places")["words"]["estate"]
    form = "{community}{n}号院" if near.endswith(tuple(NAMED_LIKE_ESTATES)) else rng.choice(forms)
    return form.format(community=near, n=rng.randint(1, 60))


def facts_of(rng: Random, spot: Spot, case: Case) -> dict[str, Any]:
    """Everything that titles and descriptions may name at a spot."""
    places, n = text("places"), rng.randint(2, 6)
    words, near = places["words"], spot.community.title.removesuffix("社区")
    road = rng.choice(places["roads"].get(spot.street.name, [f"{near}路"]))
    shop = f"“{rng.choice(words['owner'])}{rng.choice(words['shop'])}”"
    return {
        "category": case.condition.category.name,
        "fault": case.condition.text,
        "road": road,
        "place": f"{road}{rng.randint(1, 220)}号{rng.choice(words['beside'])}",
        "estate": estate(rng, near),
        "block": f"{rng.randint(1, 28)}幢{rng.randint(1, 4)}单元",
        "shop": shop,
        "n": n,
        "who": someone(rng),
    }
