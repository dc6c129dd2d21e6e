"""The lead's plan with its stages, joint meetings, and what becomes of their assignments."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organization.authority import posts_holding
from organization.duty import Duty
from organization.models import Notice, Unit
from organization.outbox import call_duty_phone
from whistle.actions.orders import LONGEST_SUSPENSION
from whistle.assignment_flow import ASSIGNMENT, GIVEN
from whistle.flow import RESPONSE, WHISTLE
from whistle.models import Assignment, Meeting, Whistle
from workflow.actions import Act
from workflow.errors import NotPossible


@ASSIGNMENT.on("rule", "give")
def set_down(act: Act) -> None:
    paper, given = act.paper, act.given
    paper.unit, paper.text, paper.day = given["unit"], given["text"], given["day"]


@ASSIGNMENT.on("rule", "answer")
def note_result(act: Act) -> None:
    act.paper.result, act.paper.answered_at = act.given["result"], act.now


def units_of(whistle: Whistle) -> list[Unit]:
    """Who can be given something to do: who answers the whistle, and the street that called."""
    answers = whistle.responses.standing().select_related("unit").order_by("-role", "pk")
    return [*(response.unit for response in answers), whistle.caller]


def check_rows(name: str, rows: list[dict[str, Any]], whistle: Whistle, act: Act) -> None:
    """Each for a unit of the whistle, until a day after today and within a year."""
    known, today = {unit.pk for unit in units_of(whistle)}, timezone.localdate(act.now)
    for row in rows:
        if row["unit"].pk not in known:
            words = _("%(unit)s does not answer this whistle.") % {"unit": row["unit"].title}
            raise ValidationError({name: words})
        if not today < row["day"] <= today + LONGEST_SUSPENSION:
            words = _("Choose a day after today, at most a year away.")
            raise ValidationError({name: words})


def give(act: Act, whistle: Whistle, kind: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        paper = Assignment(whistle=whistle, kind=kind)
        act.give_birth(paper, "give", unit=row["unit"], text=row["text"], day=row["day"])


def drop(act: Act, papers: Any, note: str) -> None:
    for paper in papers.open().order_by("pk"):
        act.step_on(paper, "cancel", note=note)


# 方案


@RESPONSE.on("rule", "plan")
def check_plan(act: Act) -> None:
    check_rows("stages", act.given["stages"], act.paper.whistle, act)


@RESPONSE.on("then", "plan")
def give_stages(act: Act) -> None:
    """A new plan takes the place of the one before; what was done of that stays done."""
    whistle = act.paper.whistle
    stages = whistle.assignments.filter(kind=Assignment.Kind.STAGE)
    drop(act, stages, _("There is a new plan."))
    give(act, whistle, Assignment.Kind.STAGE, act.given["stages"])


@RESPONSE.on("rule", "progress")
def check_stage(act: Act) -> None:
    stage, response = act.given.get("stage"), act.paper
    if stage is None:
        return
    own = stage.whistle_id == response.whistle_id and stage.unit_id == response.unit_id
    if not own or stage.status != GIVEN:
        raise ValidationError({"stage": _("Choose an open stage of this unit.")})


@RESPONSE.on("then", "progress")
def report_stage(act: Act) -> None:
    if (stage := act.given.get("stage")) is not None:
        act.step_on(stage, "answer", result=act.given["result"])


# 联席会议


def summoned(whistle: Whistle, convenor: Unit) -> list[Unit]:
    """Who must come: the units still answering, and the street where another calls."""
    answers = whistle.responses.open().select_related("unit").order_by("-role", "pk")
    units = [*(response.unit for response in answers), whistle.caller]
    return [unit for unit in units if unit != convenor]


def convenor_of(act: Act) -> Unit:
    unit: Unit = act.paper.place(act.step.at)
    return unit


@WHISTLE.on("rule", "meet")
def check_meeting(act: Act) -> None:
    if act.given["meet_at"] < act.now:
        raise ValidationError({"meet_at": _("This time is past.")})
    units = summoned(act.paper, convenor_of(act))
    if not units:
        raise NotPossible(_("Nobody is at work who could be called together."))
    act.data["summoned"] = units


@WHISTLE.on("then", "meet")
def summon(act: Act) -> None:
    """Called again before it was held, the meeting is moved; everybody is told again."""
    whistle, given = act.paper, act.given
    told = {"at": given["meet_at"], "place": given["meet_place"], "agenda": given["agenda"]}
    told["unit"] = convenor_of(act)
    meeting = whistle.meetings.open().first() or Meeting(whistle=whistle)
    for name, value in told.items():
        setattr(meeting, name, value)
    meeting.save()
    tell(act, act.data["summoned"])
    for unit in act.data["summoned"]:
        key = f"meeting:{meeting.pk}:{act.event.n}:{unit.pk}"
        call_duty_phone(unit, key=key, text=summons(whistle, unit, meeting), now=act.now)


def summons(whistle: Whistle, unit: Unit, meeting: Meeting) -> str:
    number, title = whistle.subject_line()
    words = _(
        "%(by)s calls %(unit)s to a joint meeting on %(title)s (%(number)s): %(at)s, %(place)s."
    )
    return words % {
        "by": meeting.unit.title,
        "unit": unit.title,
        "title": title,
        "number": number,
        "at": date_format(timezone.localtime(meeting.at), "m-d H:i"),
        "place": meeting.place,
    }


def tell(act: Act, units: Iterable[Unit]) -> None:
    """Into the inboxes of who answers for these units; the street's is its command centre's."""
    whistle = act.paper
    for unit in units:
        street = unit == whistle.caller
        duty, at = (Duty.DISPATCH, whistle.centre) if street else (Duty.HANDLE, unit)
        Notice.objects.bulk_create(
            whistle.notice(post, Notice.Kind.TOLD, act.step.verb, act.now)
            for post in posts_holding([duty], at)
        )


@WHISTLE.on("rule", "minute")
def check_minutes(act: Act) -> None:
    known = {unit.pk for unit in units_of(act.paper)}
    if any(unit.pk not in known for unit in act.given["present"]):
        raise ValidationError({"present": _("Choose units of this whistle.")})
    check_rows("assignments", act.given.get("assignments") or [], act.paper, act)


@WHISTLE.on("then", "minute")
def keep_minutes(act: Act) -> None:
    meeting = act.paper.meetings.open().get()
    meeting.decisions, meeting.minuted_at = act.given["decisions"], act.now
    meeting.save(update_fields=["decisions", "minuted_at"])
    rows = act.given.get("assignments") or []
    give(act, act.paper, Assignment.Kind.MEETING, rows)


@WHISTLE.on("then", "call_off")
def call_off(act: Act) -> None:
    act.paper.meetings.open().update(called_off_at=act.now)
    tell(act, summoned(act.paper, convenor_of(act)))


# The end


@WHISTLE.on("rule", "close")
def nothing_left_to_do(act: Act) -> None:
    open_ones = act.paper.assignments.open().select_related("unit")
    if left := sorted({paper.unit.title for paper in open_ones}):
        raise NotPossible(_("Still to be done by: %(who)s.") % {"who": ", ".join(left)})


@WHISTLE.on("then", "close", "cancel")
def end_meetings(act: Act) -> None:
    """What was not held by then is not held any more, what was not done not done."""
    drop(act, act.paper.assignments, act.note)
    act.paper.meetings.open().update(called_off_at=act.now)


@RESPONSE.on("then", "release", "withdraw", "designate", "move")
def take_back(act: Act) -> None:
    """Who does not answer the whistle any more has nothing left to do for it."""
    whistle = act.paper.whistle
    known = [unit.pk for unit in units_of(whistle)]
    drop(act, whistle.assignments.exclude(unit__in=known), act.note)
