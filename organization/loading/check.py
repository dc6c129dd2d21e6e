"""What the rows of several files and the database must agree on before anything is written."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from organization.loading.files import Files
from organization.models import Post, Posting, Relation, Unit, User
from organization.tables import Row, Table

# kind → the form of its code, the kind of its parent, and how many signs it shares with it
FORMS = {
    "district": (r"\d{6}000000", "", 0),
    "department": (r"\d{6}[A-Z]\d\d000", "district", 6),
    "section": (r"\d{6}[A-Z]\d\d[A-Z]\d\d", "department", 9),
    "street": (r"\d{6}(?!000)\d{3}000", "district", 6),
    "office": (r"\d{9}[A-Z]\d\d", "street", 9),
    "community": (r"\d{9}(?!000)\d{3}", "street", 9),
}
FAR = datetime.date.max


@dataclass
class Known:
    """What there is already and what the files add: codes of units by kind, posts, people."""

    units: dict[str, str] = field(default_factory=dict)
    posts: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    centres: Counter[str] = field(default_factory=Counter)

    @classmethod
    def stored(cls) -> "Known":
        units = dict(Unit.objects.values_list("code", "kind"))
        centres = Unit.objects.filter(organ=Unit.CENTRE).values_list("parent__code", flat=True)
        posts = set(Post.objects.values_list("code", flat=True))
        return cls(
            units, posts, set(User.objects.values_list("username", flat=True)), Counter(centres)
        )


def check(files: Files, known: Known) -> None:
    """Complain to the tables; add to `known` what the files bring."""
    for table in (files.units, files.postings, files.relations, files.working_hours):
        table.check_dates()
    check_units(files, known)
    check_posts(files, known)
    check_people(files, known)
    check_relations(files, known)
    check_unit_column(files.working_hours, known)


def check_units(files: Files, known: Known) -> None:
    files.units.check_unique("code")
    files.organ_templates.check_unique("template", "serial")
    known.units |= {row["code"]: row["kind"] for row in files.units}
    templates = {row["template"] for row in files.organ_templates}
    for row in files.units:
        check_form(files.units, row, known)
        if row["template"] and row["kind"] != "street":
            files.units.complain(row, "template", _("only a street has a template"))
        elif row["template"] and row["template"] not in templates:
            message = _("a template of organ_templates.csv is expected")
            files.units.complain(row, "template", message)
    known.units |= {code: "office" for _row, _organ, code in organs(files)}
    check_organs(files)
    check_centres(files, known)


def check_form(units: Table, row: Row, known: Known) -> None:
    pattern, above, shared = FORMS[row["kind"]]
    if not re.fullmatch(pattern, row["code"], re.ASCII):
        units.complain(row, "code", form_of(row["kind"]))
    elif not above:
        if row["parent"]:
            units.complain(row, "parent", _("a district has no unit above it"))
    elif known.units.get(row["parent"]) != above:
        message = _("the code of a unit of kind %s is expected") % above
        units.complain(row, "parent", message)
    elif row["parent"][:shared] != row["code"][:shared]:
        message = _("a code that begins like that of the unit above (%s) is expected")
        units.complain(row, "code", message % row["parent"][:shared])


def form_of(kind: str) -> str:
    return {
        "district": _("six digits and six zeros are expected, e.g. 320104000000"),
        "department": _("a code such as 320104B01000 is expected"),
        "section": _("a code such as 320104B01K01 is expected"),
        "street": _("nine digits and three zeros are expected, e.g. 320104001000"),
        "office": _("a code such as 320104001Q01 is expected"),
        "community": _("twelve digits are expected, e.g. 320104001001"),
    }[kind]


def organs(files: Files) -> Iterable[tuple[Row, Row, str]]:
    """The offices that the streets' templates make: row of the street, of the template, code."""
    for street in files.units:
        for organ in files.organ_templates:
            if street["template"] and organ["template"] == street["template"]:
                yield street, organ, street["code"][:9] + organ["serial"]


def check_organs(files: Files) -> None:
    made = {code: street for street, _organ, code in organs(files)}
    for row in files.units:
        if row["code"] in made:
            message = _("the template of %s makes this office already")
            files.units.complain(row, "code", message % made[row["code"]]["code"])


def check_centres(files: Files, known: Known) -> None:
    """A street, and the district, has one command centre: every paper is managed by one."""
    written = {row["code"] for row in files.units}
    stored = {code: count for code, count in known.centres.items() if code not in written}
    found = Counter(stored)
    found.update(row["parent"] for row in files.units if row["organ"] == Unit.CENTRE)
    found.update(s["code"] for s, organ, _code in organs(files) if organ["organ"] == Unit.CENTRE)
    for row in files.units:
        if row["kind"] in ("street", "district") and found[row["code"]] != 1:
            message = _("exactly one unit with the organ centre is expected right below it, not %s")
            files.units.complain(row, "code", message % found[row["code"]])


def check_posts(files: Files, known: Known) -> None:
    files.posts.check_unique("code")
    known.posts |= {row["code"] for row in files.posts}
    check_unit_column(files.posts, known)
    for row in files.posts:
        for grant in row["duties"]:
            if grant.unit and grant.unit not in known.units:
                message = _("the unit %s is not known") % grant.unit
                files.posts.complain(row, "duties", message)


def check_unit_column(table: Table, known: Known) -> None:
    for row in table:
        if row["unit"] and row["unit"] not in known.units:
            table.complain(row, "unit", _("the code of a unit is expected"))


def check_post_column(table: Table, known: Known) -> None:
    for row in table:
        if row["post"] not in known.posts:
            table.complain(row, "post", _("the code of a post is expected"))


def check_people(files: Files, known: Known) -> None:
    files.people.check_unique("username")
    known.users |= {row["username"] for row in files.people}
    for row in files.people:
        if row["login"] and not row["demo"]:
            message = _("only sample people may log in with the sample password")
            files.people.complain(row, "login", message)
    check_post_column(files.postings, known)
    for row in files.postings:
        if row["username"] not in known.users:
            files.postings.complain(row, "username", _("a person of people.csv is expected"))
    stored = Posting.objects.values_list("post__code", "user__username", "valid_from", "valid_to")
    check_overlaps(files.postings, ("post", "username"), stored)


def check_relations(files: Files, known: Known) -> None:
    check_unit_column(files.relations, known)
    check_post_column(files.relations, known)
    stored = Relation.objects.values_list(
        "kind", "post__code", "unit__code", "valid_from", "valid_to"
    )
    check_overlaps(files.relations, ("kind", "post", "unit"), stored)


def check_overlaps(table: Table, key: Sequence[str], stored: Iterable[tuple[Any, ...]]) -> None:
    """The same tie may not hold twice on one day, in the file or beside what is stored."""
    spans: dict[tuple[Any, ...], dict[datetime.date, tuple[datetime.date, Row | None]]] = {}
    for *names, start, end in stored:
        spans.setdefault(tuple(names), {})[start] = (end or FAR, None)
    table.check_unique(*key, "valid_from")
    for row in table:
        tie = tuple(row[name] for name in key)
        spans.setdefault(tie, {})[row["valid_from"]] = (row["valid_to"] or FAR, row)
    for tied in spans.values():
        days = sorted(tied)
        for before, after in zip(days, days[1:], strict=False):
            end, earlier = tied[before]
            blamed = tied[after][1] or earlier
            if end >= after and blamed:
                message = _("the same tie already holds then, from %s on") % before
                table.complain(blamed, "valid_from", message)
