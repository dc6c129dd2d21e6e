"""The files that describe an organization: which columns they have and how a cell is read."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from organization.duty import Duty
from organization.models.units import AREA_LEVELS
from organization.tables import (
    Column,
    Problem,
    Table,
    Unreadable,
    date,
    mail,
    matching,
    one_of,
    phone,
    read_table,
    text,
    whole,
    yes_no,
)

KINDS = {
    "district": "区",
    "department": "区级部门",
    "section": "科室",
    "street": "街道",
    "office": "街道内设机构",
    "community": "社区",
}
ORGANS = {
    "party": "党政",
    "livelihood": "民生",
    "city": "城管",
    "development": "发展",
    "safety": "平安",
    "enforcement": "执法",
    "centre": "指挥中心",
    "service": "便民",
}
RELATIONS = {"in_charge": "分管", "paired": "挂包"}
PERIOD = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


class Grant(NamedTuple):
    """A duty at a unit; without a unit, at the post's own."""

    duty: str
    unit: str


def read_duties(cell: str) -> list[Grant]:
    """Duties such as `view report handle@320104001000`, each at a unit or at the post's own."""
    grants = []
    for word in cell.split():
        duty, _at, unit = word.partition("@")
        if duty not in Duty.values:
            words = {"word": duty, "known": ", ".join(Duty.values)}
            raise Unreadable(_("“%(word)s” is no duty; the duties are %(known)s") % words)
        grants.append(Grant(duty, unit))
    return grants


def read_periods(cell: str) -> list[int]:
    """Minutes of the day from `09:00-12:00 14:00-18:00`."""
    minutes: list[int] = []
    for word in cell.split():
        found = PERIOD.fullmatch(word)
        if not found:
            raise Unreadable(_("periods such as 09:00-12:00 14:00-18:00 are expected"))
        hours = [int(number) for number in found.groups()]
        minutes += [hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]]
    if minutes != sorted(set(minutes)) or len(minutes) > 8 or minutes[-1] > 24 * 60:
        raise Unreadable(_("at most four periods of one day in their order are expected"))
    return minutes


unit_code = matching(
    r"[0-9A-Z]{9,16}", lambda: _("the code of a unit is expected: digits and capital letters")
)
post_code = matching(
    r"[0-9A-Za-z-]{1,40}", lambda: _("at most 40 letters, digits and hyphens are expected")
)
username = matching(
    r"[\w.@+-]{1,150}", lambda: _("letters, digits and the signs @ . + - _ are expected")
)
month_day = whole(101, 1231)

CODE = Column("code", "编码", unit_code)
VALID = [
    Column("valid_from", "生效日期", date, None),
    Column("valid_to", "失效日期", date, None),
]
DATED = [Column("valid_from", "生效日期", date), VALID[1]]

COLUMNS = {
    "units": [
        CODE,
        Column("kind", "类型", one_of(KINDS)),
        Column("name", "名称", text(60)),
        Column("short", "简称", text(20), ""),
        Column("parent", "上级编码", unit_code, ""),
        Column("organ", "机构角色", one_of(ORGANS), ""),
        Column("template", "机构模板", text(40), ""),
        Column("duty_phone", "值班电话", phone, ""),
        Column("duty_mail", "值班邮箱", mail, ""),
        Column("area_level", "管理级别", one_of({level: level for level, _n in AREA_LEVELS}), ""),
        *VALID,
    ],
    "organ_templates": [
        Column("template", "机构模板", text(40)),
        Column(
            "serial", "序号", matching(r"[A-Z]\d\d", lambda: _("a serial such as Q01 is expected"))
        ),
        Column("organ", "机构角色", one_of(ORGANS), ""),
        Column("name", "名称", text(60)),
        Column("short", "简称", text(20), ""),
    ],
    "posts": [
        Column("code", "编码", post_code),
        Column("unit", "单位编码", unit_code),
        Column("name", "岗位", text(60)),
        Column("head", "负责人", yes_no, False),
        Column("leader", "主要领导", yes_no, False),
        Column("duties", "职责权限", read_duties, []),
    ],
    "people": [
        Column("username", "用户名", username),
        Column("name", "姓名", text(30)),
        Column("phone", "电话", phone, ""),
        Column("demo", "示例", yes_no, False),
        Column("login", "示例登录", yes_no, False),
        Column("engineer", "系统工程师", yes_no, False),
    ],
    "postings": [
        Column("post", "岗位编码", post_code),
        Column("username", "用户名", username),
        Column("deputy", "代理人", yes_no, False),
        *DATED,
    ],
    "relations": [
        Column("kind", "关系", one_of(RELATIONS)),
        Column("post", "岗位编码", post_code),
        Column("unit", "单位编码", unit_code),
        *DATED,
    ],
    "working_hours": [
        Column("unit", "单位编码", unit_code, ""),
        Column("season_from", "季节起", month_day, 101),
        Column("season_to", "季节止", month_day, 1231),
        Column("periods", "工作时段", read_periods),
        *DATED,
    ],
}


@dataclass
class Files:
    """The organization's tables of one folder; a file that is not there is an empty table."""

    units: Table
    organ_templates: Table
    posts: Table
    people: Table
    postings: Table
    relations: Table
    working_hours: Table

    @property
    def tables(self) -> list[Table]:
        return [getattr(self, name) for name in COLUMNS]

    @property
    def problems(self) -> list[Problem]:
        return [problem for table in self.tables for problem in table.problems]


def read_files(folder: Path) -> Files:
    tables = {}
    for name, columns in COLUMNS.items():
        path = folder / f"{name}.csv"
        tables[name] = read_table(path, columns) if path.exists() else Table(path.name)
    return Files(**tables)
