"""Which kind of work a person does here, read from the duties: decides pages, never permission."""

from dataclasses import dataclass

from organization.authority import grants_of
from organization.duty import Duty
from organization.models import Unit, User

WORKBENCH = {
    "desk": "desk",
    "field": "phone_home",
    "answerer": "answers",
    "confirmer": "confirmations",
    "leader": "overview",
    "rules": "administration",
    "viewer": "work_orders",
    "administrator": "sendings",
}


@dataclass(frozen=True)
class Offices:
    """The kinds of work, the main one first; `reports`: whether the person reports from a phone."""

    kinds: tuple[str, ...]
    reports: bool

    @property
    def main(self) -> str:
        return self.kinds[0]

    def any_of(self, wanted: frozenset[str]) -> bool:
        return bool(wanted.intersection(self.kinds))


def offices_of(user: User) -> Offices:
    if "offices" not in user.__dict__:
        user.__dict__["offices"] = read_offices(user)
    offices: Offices = user.__dict__["offices"]
    return offices


def read_offices(user: User) -> Offices:
    grants = grants_of(user)
    held = {(duty, grants.kinds[unit]) for duty, unit in grants.rows}
    duties = {duty for duty, _kind in held}
    kinds = [kind for kind, test in TESTS if test(held, duties)]
    return Offices(tuple(kinds) or ("nobody",), reports=_in_the_field(held, duties))


Held = set[tuple[str, str]]


def _at_a_desk(held: Held, duties: set[str]) -> bool:
    return Duty.TRIAGE in duties


def _in_the_field(held: Held, duties: set[str]) -> bool:
    places = {Unit.Kind.GRID, Unit.Kind.COMMUNITY}
    return any(duty == Duty.REPORT and kind in places for duty, kind in held)


def _confirms(held: Held, duties: set[str]) -> bool:
    return (Duty.CONFIRM, Unit.Kind.STREET) in held


def _answers(held: Held, duties: set[str]) -> bool:
    """Departments answer level 3; the street's centre names who answers level 2."""
    bodies = {Unit.Kind.DEPARTMENT, Unit.Kind.SECTION}
    called = any(duty == Duty.HANDLE and kind in bodies for duty, kind in held)
    return called or (Duty.DISPATCH, Unit.Kind.OFFICE) in held


def _may_be_sent(held: Held, duties: set[str]) -> bool:
    """People of streets and their offices are sent to communities that whistle (双轨)."""
    return any((Duty.HANDLE, kind) in held for kind in (Unit.Kind.STREET, Unit.Kind.OFFICE))


def _leads(held: Held, duties: set[str]) -> bool:
    tops = {Unit.Kind.DISTRICT, Unit.Kind.STREET}
    return any(duty == Duty.VIEW and kind in tops for duty, kind in held)


def _keeps_the_rules(held: Held, duties: set[str]) -> bool:
    return (Duty.ADMINISTER, Unit.Kind.DISTRICT) in held


def _views(held: Held, duties: set[str]) -> bool:
    return Duty.VIEW in duties


def _takes_in(held: Held, duties: set[str]) -> bool:
    return {Duty.TRIAGE, Duty.REPORT} <= duties


def _receives(held: Held, duties: set[str]) -> bool:
    """For the whole district; whether at its very centre, `whistle.hotline` decides."""
    tops = {Unit.Kind.DISTRICT, Unit.Kind.DEPARTMENT}
    return any({(Duty.REPORT, kind), (Duty.TRIAGE, kind)} <= held for kind in tops)


def _administers(held: Held, duties: set[str]) -> bool:
    return Duty.ADMINISTER in duties


TESTS = (
    ("desk", _at_a_desk),
    ("intake", _takes_in),
    ("receiver", _receives),
    ("confirmer", _confirms),
    ("field", _in_the_field),
    ("answerer", _answers),
    ("leader", _leads),
    ("rules", _keeps_the_rules),
    ("viewer", _views),
    ("sent", _may_be_sent),
    ("administrator", _administers),
)
