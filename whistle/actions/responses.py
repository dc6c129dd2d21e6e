"""What each verb of a response asks for and sets off."""

import hmac
from math import cos, hypot, radians

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from organization.models import Notice, Outbox, Post, Unit, User
from organization.outbox import call_duty_phone
from whistle import flow
from whistle.flow import RESPONSE
from whistle.models import Response, Task, Whistle, WorkOrder
from whistle.models.responses import seats
from workflow import numbers
from workflow.actions import Act
from workflow.sight import widen

ARRIVAL_RADIUS = 500
METRES_PER_DEGREE = 111_320


@RESPONSE.on("then", "call", "move")
def ring(act: Act) -> None:
    """One hour to sign cannot rest on an inbox: the duty phone is told at once."""
    response = act.paper
    sign = response.clocks.filter(what="sign", stopped=None).first()
    if sign is not None:
        number, title = response.subject_line()
        emergency = response.whistle.kind == Whistle.Kind.EMERGENCY
        call_duty_phone(
            response.clock_unit("sign"),
            key=f"call:{response.pk}:{sign.pk}",
            kind=Outbox.Kind.ALARM if emergency else Outbox.Kind.CALL,
            subject=f"{title} ({number})",
            text=response.phone_text(sign),
            now=act.now,
        )


@RESPONSE.on("then", "call", "designate", "move")
def show_order(act: Act) -> None:
    """Who answers sees the order, too: where it is, and what it looks like."""
    widen(act.paper.root, act.paper.unit)


@RESPONSE.on("rule", "sign")
def note_lead(act: Act) -> None:
    act.paper.lead_name = act.given["lead_name"]
    act.paper.lead_phone = act.given["lead_phone"]


@RESPONSE.on("rule", "name")
def send_person(act: Act) -> None:
    """A person of the street with the phone of his record, or somebody else by name and phone."""
    response, given = act.paper, act.given
    person = given.get("person")
    name = given.get("lead_name") or (str(person) if person else "")
    phone = given.get("lead_phone") or (person.phone if person else "")
    if not name:
        words = _("Choose a person of the street, or give name and phone of somebody else.")
        raise ValidationError({"person": words})
    if not phone:
        raise ValidationError({"lead_phone": _("No phone of this person is known: give one.")})
    seat = seat_of(response, person) if person else None
    response.lead_name, response.lead_phone = name, phone
    response.person, response.read_at = person, None
    response.section = seat.unit if seat and seat.unit_id != response.unit_id else None


def seat_of(response: Response, person: User) -> Post:
    """The post from which the street sends the person."""
    seat = seats(response.unit).filter(user=person).first()
    if seat is None:
        words = _("%(person)s holds no post in %(unit)s or its offices.")
        names = {"person": person, "unit": response.unit.title}
        raise ValidationError({"person": words % names})
    return seat.post


@RESPONSE.on("then", "name")
def tell_person(act: Act) -> None:
    """Who is sent sees the order, too; sent in place of another he learns of it by this notice."""
    response = act.paper
    if response.section is not None:
        widen(response.root, response.section)
    if act.event.old == act.event.new and response.person is not None:
        post = seat_of(response, response.person)
        notice = response.notice(post, Notice.Kind.WAITS, act.step.verb, act.now)
        Notice.objects.bulk_create([notice])


@RESPONSE.on("rule", "contact", "arrive", "progress", "finish")
def note_seat(act: Act) -> None:
    """Who was sent acts from the post from which the street sent him."""
    if act.step.at == "person":
        act.post_id = next((post.pk for post in act.paper.posts_meant(act.step)), None)


@RESPONSE.on("rule", "assign")
def hand_to_section(act: Act) -> None:
    response, section = act.paper, act.given["section"]
    if section.parent_id != response.unit_id:
        raise ValidationError({"section": _("This section does not belong to the department.")})
    response.section, response.person = section, act.given.get("person")
    response.read_at = None


@RESPONSE.on("rule", "contact")
def note_meeting(act: Act) -> None:
    act.paper.meet_at, act.paper.meet_place = act.given["meet_at"], act.given["meet_place"]


@RESPONSE.on("rule", "arrive")
def prove_presence(act: Act) -> None:
    """The answerer shows the caller's code or stands at the place; the caller's word is enough."""
    response, given = act.paper, act.given
    response.arrived_at = act.now
    if act.step.at == "caller":
        act.data["by"] = "caller"
        return
    code = given.get("code") or ""
    if code and hmac.compare_digest(code, response.whistle.arrival_code):
        act.data["by"] = "code"
        return
    metres = distance(response.whistle.order, given.get("lng"), given.get("lat"))
    if metres is None or metres > ARRIVAL_RADIUS:
        raise ValidationError(
            {"code": _("Scan the street's code, or sign in within 500 m of the place.")}
        )
    act.data |= {"by": "place", "metres": round(metres)}


def distance(order: WorkOrder, lng: float | None, lat: float | None) -> float | None:
    """Metres between the order's place and a point (a plane is exact enough in a district)."""
    if None in (order.lng, order.lat, lng, lat):
        return None
    east = (order.lng - lng) * cos(radians(lat)) * METRES_PER_DEGREE  # type: ignore[operator, arg-type]
    north = (order.lat - lat) * METRES_PER_DEGREE  # type: ignore[operator]
    return hypot(east, north)


@RESPONSE.on("rule", "deny")
def forget_arrival(act: Act) -> None:
    act.paper.arrived_at = None


@RESPONSE.on("rule", "finish")
def write_reply(act: Act) -> None:
    """The result goes back as a numbered reply (回函) of the department."""
    response = act.paper
    response.result = act.given["result"]
    year, serial = numbers.take("reply", response.unit, act.now)
    response.reply_number = f"{response.unit.title}复〔{year}〕{serial}号"
    act.data["reply_number"] = response.reply_number


@RESPONSE.on("rule", "redo")
def count_redo(act: Act) -> None:
    act.paper.redone += 1


@RESPONSE.on("rule", "designate")
def name_unit(act: Act) -> None:
    response, unit = act.paper, act.given["unit"]
    if unit.kind != Unit.Kind.DEPARTMENT:
        raise ValidationError({"unit": _("Only a department can be designated.")})
    need_uncalled(unit, response.whistle.responses.standing().exclude(pk=response.pk))
    if unit != response.unit:
        hand_over(act, unit)
    response.designated = True


def need_uncalled(unit: Unit, standing: QuerySet[Response]) -> None:
    if standing.filter(unit=unit).exists():
        raise ValidationError({"unit": _("This department has been called already.")})


def hand_over(act: Act, unit: Unit) -> None:
    """Whom the unit had named to lead, and where the work lay in it, is no longer so."""
    response = act.paper
    act.data["from"] = {"id": response.unit_id, "name": response.unit.title}
    response.lead_name = response.lead_phone = ""
    response.section = response.person = None
    response.unit = unit


@RESPONSE.on("rule", "move")
def move_to_successor(act: Act) -> None:
    """After a reform of the departments: the successor signs and comes anew, the limit stays."""
    response, unit = act.paper, act.given["unit"]
    if unit.kind != Unit.Kind.DEPARTMENT:
        raise ValidationError({"unit": _("Only a department takes over an answer.")})
    need_uncalled(unit, response.whistle.responses.standing())
    hand_over(act, unit)
    response.meet_at = response.arrived_at = None
    response.meet_place = ""


@RESPONSE.on("then", "designate", "move")
def tell_new_leader(act: Act) -> None:
    """Another department leads: who is in charge of it is to report in person now (双报到)."""
    whistle = act.paper.whistle
    if whistle.is_tough and act.paper.role == Task.Role.LEAD and "from" in act.data:
        step = next(step for step in whistle.flow.steps if step.verb == "leader_report")
        Notice.objects.bulk_create(
            whistle.notice(post, Notice.Kind.WAITS, step.verb, act.now)
            for post in whistle.posts_meant(step)
        )


@RESPONSE.on("then", "finish", "release")
def settle_whistle(act: Act) -> None:
    """When no answer is open any more the whistle is settled, or falls if nobody was left."""
    whistle = act.paper.whistle
    whistle.refresh_from_db()
    if whistle.status != flow.BLOWN or whistle.responses.open().exists():
        return
    done = Response.objects.filter(whistle=whistle, status=flow.DONE).exists()
    if done:
        act.step_on(whistle, "settle")
    else:
        act.step_on(whistle, "cancel", note=_("Every unit was released."))
