"""Categories, time limits and score schemes from the documented files of a district's folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from organization.loading.sync import Progress, Tally, sync
from organization.models.units import AREA_LEVELS
from organization.tables import (
    Column,
    Problem,
    Table,
    date,
    one_of,
    one_of_these,
    positive,
    read_table,
    text,
    whole,
    yes_no,
)
from whistle import load_words
from whistle.flow import RESPONSE
from whistle.load_words import FLOWS
from whistle.models import (
    Assignment,
    Card,
    Category,
    ChecklistLine,
    Condition,
    Request,
    ScoreRule,
    ScoreScheme,
    SilenceRule,
    SupervisionOrder,
    Survey,
    Whistle,
    WorkOrder,
)
from whistle.models.silence import SURVEY
from whistle.spreadsheet import LIMIT_UNITS, Filing, Reading, read_categories
from workflow.models import Rung, TimeLimit

# Limits that no timer runs: how long a closed order may be reopened.
WINDOWS = {"workorder": {"reopen"}}
# Which kinds of a paper may have limits of their own (see `policy_kind` of the papers).
KINDS = {
    "workorder": set(WorkOrder.Urgency.values),
    "whistle": {*Whistle.Kind.values, "blown"},
    "response": {*Whistle.Kind.values, "street"},
    "assignment": set(Assignment.Kind.values),
    "verification": {"check", "verify"},
    "survey": set(Survey.Kind.values),
    "request": set(Request.Kind.values),
    "supervision": set(SupervisionOrder.Kind.values),
}
UNITS = {unit.value: name for name, unit in LIMIT_UNITS.items()}
AREAS = {level: level for level, _name in AREA_LEVELS}
RUNGS = {
    "holder": "提醒承办人",
    "head": "报单位负责人",
    "above": "报上级单位",
    "leader": "报分管领导",
    "yellow": "黄牌",
    "red": "红牌",
}
SILENT = {
    "extension": "延期",
    "suspension": "挂账",
    "return": "退单",
    "exemption": "剔除",
    "appeal": "申诉",
    "survey": "回访评价",
}
DECISIONS = {"granted": "视为同意", "rejected": "视为不同意"}
ENDS = {"closed": "视为办结", "called": "转人工回访"}
FACTS = {"late": "超时", "verb": "步骤", "card": "亮牌"}

COLUMNS = {
    "time_limits": [
        Column("flow", "流程", one_of(dict.fromkeys(FLOWS, ""))),
        Column("clock", "时限", text(12)),
        Column("kind", "类型", text(12), ""),
        Column("area", "管理级别", one_of(AREAS), ""),
        Column("amount", "数值", positive),
        Column("unit", "时间单位", one_of(UNITS)),
        Column("valid_from", "生效日期", date),
        Column("sample", "示例", yes_no, False),
    ],
    "ladders": [
        Column("flow", "流程", one_of(dict.fromkeys(FLOWS, "")), ""),
        Column("clock", "时限", text(12), ""),
        Column("kind", "类型", text(12), ""),
        Column("n", "级次", whole(1, 20)),
        Column("percent", "百分比", whole(1, 100), None),
        Column("after", "超时后", positive, None),
        Column("unit", "时间单位", one_of(UNITS), ""),
        Column("does", "动作", one_of(RUNGS)),
        Column("valid_from", "生效日期", date),
        Column("sample", "示例", yes_no, False),
    ],
    "silence_rules": [
        Column("kind", "类型", one_of(SILENT)),
        Column("outcome", "逾期未答", one_of(DECISIONS | ENDS)),
        Column("valid_from", "生效日期", date),
        Column("sample", "示例", yes_no, False),
    ],
    "score_schemes": [
        Column("name", "名称", text(40)),
        Column("valid_from", "生效日期", date),
        Column("platform_points", "平台分", whole(0, 100)),
        Column("caller_points", "评价分", whole(0, 100)),
        Column("sample", "示例", yes_no, False),
    ],
    **load_words.COLUMNS,
    "checklists": [
        Column("category", "小类", text(20)),
        Column("n", "序号", whole(1, 99)),
        Column("text", "核对内容", text(100)),
        Column("required", "必核", yes_no, True),
        Column("valid_from", "生效日期", date),
        Column("valid_to", "失效日期", date, None),
        Column("sample", "示例", yes_no, False),
    ],
    "score_rules": [
        Column("scheme", "方案生效日期", date),
        Column("fact", "事实", one_of(FACTS)),
        Column("name", "时限或步骤", text(20)),
        Column("points", "扣分", whole(1, 100)),
    ],
}
CATEGORIES = ("categories.xlsx", "categories.csv")


@dataclass
class Policies:
    """What the folder says about time limits, scores and categories."""

    time_limits: Table
    ladders: Table
    silence_rules: Table
    phrases: Table
    reporter_texts: Table
    checklists: Table
    score_schemes: Table
    score_rules: Table
    categories: Reading

    @property
    def problems(self) -> list[Problem]:
        tables = (
            self.time_limits,
            self.ladders,
            self.silence_rules,
            self.phrases,
            self.reporter_texts,
            self.checklists,
            self.score_schemes,
            self.score_rules,
            self.categories,
        )
        return [problem for table in tables for problem in table.problems]


def read_policies(folder: Path) -> Policies:
    tables = {}
    for name, columns in COLUMNS.items():
        path = folder / f"{name}.csv"
        tables[name] = read_table(path, columns) if path.exists() else Table(path.name)
    policies = Policies(**tables, categories=read_category_file(folder))
    check_limits(policies.time_limits)
    check_ladders(policies.ladders)
    check_silence(policies.silence_rules)
    classes = cases_of(policies.categories)
    load_words.check_phrases(policies.phrases, classes)
    load_words.check_reporter_texts(policies.reporter_texts, classes)
    check_checklists(policies.checklists, classes)
    check_scores(policies.score_schemes, policies.score_rules)
    return policies


def read_category_file(folder: Path) -> Reading:
    found = [folder / name for name in CATEGORIES if (folder / name).exists()]
    if len(found) > 1:
        message = _("the folder holds %s too; keep one of them") % found[1].name
        return Reading(found[0].name, problems=[Problem(found[0].name, message)])
    return read_categories(found[0]) if found else Reading(CATEGORIES[0])


def check_limits(limits: Table) -> None:
    limits.check_unique("flow", "clock", "kind", "area", "valid_from")
    for row in limits:
        check_names(limits, row, WINDOWS.get(row["flow"], set()))


def check_names(table: Table, row: Any, windows: Iterable[str] = ()) -> None:
    """Whether the flow has such a clock and such a kind; blank is any."""
    flow = row["flow"]
    clocks = {timer.what for timer in FLOWS[flow].timers}.union(windows)
    if row["clock"] and row["clock"] not in clocks:
        table.complain(row, "clock", one_of_these(sorted(clocks)))
    if row["kind"] and row["kind"] not in KINDS[flow]:
        table.complain(row, "kind", one_of_these(sorted(KINDS[flow])))


def check_ladders(ladders: Table) -> None:
    """Each ladder has rungs 1, 2, 3 … in the order in which they are reached."""
    ladders.check_unique("flow", "clock", "kind", "valid_from", "n")
    for row in ladders:
        if row["flow"]:
            check_names(ladders, row)
        elif row["clock"] or row["kind"]:
            ladders.complain(row, "flow", _("a clock or a kind wants the name of its flow"))
        if (row["percent"] is None) == (row["after"] is None):
            ladders.complain(row, "percent", _("either a percentage or a time after the deadline"))
        elif (row["after"] is None) != (row["unit"] == ""):
            ladders.complain(
                row, "unit", _("the unit of the time after the deadline, and only of it")
            )
    for rows in by_ladder(ladders).values():
        wrong = [row for n, row in enumerate(rows, 1) if row["n"] != n]
        if wrong:
            ladders.complain(wrong[-1], "n", _("the rungs of a ladder are numbered 1, 2, 3 …"))
        heights = [(row["percent"] or 101, row["after"] or 0) for row in rows]
        if heights != sorted(heights) or len({row["unit"] for row in rows if row["unit"]}) > 1:
            message = _("rungs rise: percentages first, then times after it in one unit")
            ladders.complain(rows[0], "percent", message)


def by_ladder(ladders: Table) -> dict[tuple[Any, ...], list[Any]]:
    names = ("flow", "clock", "kind", "valid_from")
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in sorted(ladders, key=lambda row: row["n"]):
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return found


def check_silence(rules: Table) -> None:
    rules.check_unique("kind", "valid_from")
    for row in rules:
        fitting = ENDS if row["kind"] == SURVEY else DECISIONS
        if row["outcome"] not in fitting:
            rules.complain(row, "outcome", one_of_these(sorted(fitting)))


def check_checklists(checklists: Table, classes: set[str] | None) -> None:
    checklists.check_unique("category", "text", "valid_from")
    checklists.check_dates()
    load_words.check_classes(checklists, classes)


def cases_of(classes: Reading) -> set[str] | None:
    """The classes that rows can name; None if that cannot be said: their own file is wrong."""
    if classes.problems:
        return None
    named = {f"{row.kind}-{row.major_code}-{row.code}" for row in classes.filings}
    return named or set(Category.ids_by_case())


def check_scores(schemes: Table, rules: Table) -> None:
    schemes.check_unique("valid_from")
    rules.check_unique("scheme", "fact", "name")
    days = {row["valid_from"] for row in schemes}
    facts = {
        "late": {timer.what for timer in RESPONSE.timers},
        "verb": set(RESPONSE.verbs),
        "card": set(Card.Colour.values),
    }
    for row in schemes:
        if row["platform_points"] + row["caller_points"] != 100:
            schemes.complain(row, "caller_points", _("both parts together are 100 points"))
    for row in rules:
        if row["scheme"] not in days:
            message = _("the valid_from of a scheme in score_schemes.csv is expected")
            rules.complain(row, "scheme", message)
        if row["name"] not in facts[row["fact"]]:
            rules.complain(row, "name", one_of_these(sorted(facts[row["fact"]])))


# writing


def write_limits(policies: Policies, progress: Progress) -> Tally:
    key = ["flow", "clock", "kind", "area", "valid_from"]
    rows = [row.values for row in policies.time_limits]
    tally = sync(TimeLimit.objects.all(), TimeLimit, key, rows, progress)
    key = ["flow", "clock", "kind", "valid_from", "n"]
    rows = [row.values for row in policies.ladders]
    return tally + sync(Rung.objects.all(), Rung, key, rows, progress)


def write_silence(policies: Policies, progress: Progress) -> Tally:
    rows = [row.values for row in policies.silence_rules]
    return sync(SilenceRule.objects.all(), SilenceRule, ["kind", "valid_from"], rows, progress)


def write_checklists(policies: Policies, progress: Progress) -> Tally:
    ids = Category.ids_by_case() if policies.checklists.rows else {}
    names = [column.name for column in COLUMNS["checklists"] if column.name != "category"]
    rows = [
        {"category_id": ids[row["category"]]} | {name: row[name] for name in names}
        for row in policies.checklists
    ]
    key = ["category_id", "text", "valid_from"]
    return sync(ChecklistLine.objects.all(), ChecklistLine, key, rows, progress)


def write_scores(policies: Policies, progress: Progress) -> Tally:
    schemes = [row.values for row in policies.score_schemes]
    tally = sync(ScoreScheme.objects.all(), ScoreScheme, ["valid_from"], schemes, progress)
    ids = dict(ScoreScheme.objects.values_list("valid_from", "pk"))
    rules = [
        {"scheme_id": ids[row["scheme"]]} | {name: row[name] for name in ("fact", "name", "points")}
        for row in policies.score_rules
    ]
    key = ["scheme_id", "fact", "name"]
    return tally + sync(ScoreRule.objects.all(), ScoreRule, key, rules, progress)


def write_categories(policies: Policies, progress: Progress) -> Tally:
    """Classes and conditions; one that the file no longer has goes out of use, not away."""
    filings = policies.categories.filings
    if not filings:
        return Tally()
    key = ["kind", "major_code", "code"]
    classes = {tuple(getattr(f, name) for name in key): f for f in filings}
    rows = [category_values(filing) for filing in classes.values()]
    tally = sync(Category.objects.all(), Category, key, rows, progress)
    tally += retire(Category, [tuple(row[name] for name in key) for row in rows], key)
    ids = {(c.kind, c.major_code, c.code): c.pk for c in Category.objects.all()}
    rows = [condition_values(f, ids[f.kind, f.major_code, f.code]) for f in filings]
    key = ["category_id", "text"]
    tally += sync(Condition.objects.all(), Condition, key, rows, progress)
    return tally + retire(Condition, [tuple(row[name] for name in key) for row in rows], key)


def category_values(filing: Filing) -> dict[str, Any]:
    names = ("kind", "major_code", "major_name", "code", "name")
    return {name: getattr(filing, name) for name in names} | {"active": True}


def condition_values(filing: Filing, category: int) -> dict[str, Any]:
    names = ("text", "amount", "unit", "closing", "supervisor", "responsible")
    names += ("legal_basis", "legal_clause", "collection")
    values = {name: getattr(filing, name) for name in names}
    return values | {"category_id": category, "active": True}


def retire(model: Any, kept: list[tuple[Any, ...]], key: list[str]) -> Tally:
    present = set(kept)
    gone = [
        item
        for item in model.objects.filter(active=True)
        if tuple(getattr(item, name) for name in key) not in present
    ]
    model.objects.filter(pk__in=[item.pk for item in gone]).update(active=False)
    return Tally(0, 0, len(gone), 0)
