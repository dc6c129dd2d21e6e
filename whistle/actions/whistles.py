"""What each verb of a whistle asks for and sets off."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.authority import acting_words, posts_of
from organization.calendar import due
from organization.calendar_words import listed
from organization.models import Unit
from whistle import flow
from whistle.actions.scoring import score_response
from whistle.actions.surveys import call_back_by
from whistle.flow import WHISTLE
from whistle.models import Response, Task, Whistle, WorkOrder
from workflow import numbers, policy
from workflow.actions import Act
from workflow.errors import NotPossible
from workflow.sight import widen

CALLED_KINDS = {
    Whistle.Level.STREET: {Unit.Kind.STREET},
    Whistle.Level.DISTRICT: {Unit.Kind.DEPARTMENT},
}
CALLER_KIND = {
    Whistle.Level.STREET: Unit.Kind.COMMUNITY,
    Whistle.Level.DISTRICT: Unit.Kind.STREET,
}


@WHISTLE.on("rule", "blow", "draft")
def order_can_whistle(act: Act) -> None:
    whistle = act.paper
    if whistle.raised_from_id is not None:
        return
    if whistle.order.status not in (flow.REGISTERED, flow.ACCEPTED):
        raise NotPossible(_("Only a registered order, or one in hand, can be whistled for."))
    if whistle.order.whistles.open().exclude(pk=whistle.pk).exists():
        raise NotPossible(_("A whistle is open for this order already."))


@WHISTLE.on("rule", "blow", "draft")
def caller_fits(act: Act) -> None:
    """The order's own community or street calls, or the one whose people hold the order."""
    whistle, order = act.paper, act.paper.order
    level = Whistle.Level(whistle.level)
    own = order.community_id if level == Whistle.Level.STREET else order.street_id
    near = own == whistle.caller_id or (order.holder and whistle.caller_id in order.holder.path)
    filed = whistle.centre.organ == Unit.CENTRE and whistle.centre.parent_id in whistle.caller.path
    if whistle.caller.kind != CALLER_KIND[level] or not near or not filed:
        raise ValidationError({"caller": _("This unit cannot whistle for this order.")})
    if whistle.pk is None and whistle.holder_id not in (None, order.holder_id):
        raise ValidationError({"holder": _("The order is not in the hands of this office.")})


@WHISTLE.on("rule", "draft", "raise")
def check_draft(act: Act) -> None:
    tasks = act.given["tasks"]
    check_tasks(act, tasks)
    if [task["role"] for task in tasks].count(Task.Role.LEAD) != 1:
        raise ValidationError({"tasks": _("Exactly one department takes the lead.")})


def check_tasks(act: Act, tasks: list[dict[str, Any]]) -> None:
    """Departments of the district, each once and with a limit that can be reckoned."""
    units = [task["unit"].pk for task in tasks]
    if len(set(units)) != len(units):
        raise ValidationError({"tasks": _("A department is named twice.")})
    for task in tasks:
        check_unit(Whistle.Level.DISTRICT, task["unit"])
        check_limit(act, task["amount"], task["time_unit"])


def check_unit(level: int, unit: Unit) -> None:
    if unit.kind not in CALLED_KINDS[Whistle.Level(level)]:
        raise ValidationError(
            {"unit": _("%(unit)s does not answer whistles of this level.") % {"unit": unit.title}}
        )


def check_limit(act: Act, amount: Any, time_unit: str) -> None:
    try:
        possible = amount > 0 and due(act.now, amount, time_unit) > act.now
    except ValueError:
        possible = False
    if not possible:
        raise ValidationError({"amount": _("A limit is some hours, or whole days.")})


@WHISTLE.on("then", "draft")
def keep_tasks(act: Act) -> None:
    Task.objects.bulk_create(
        Task(
            whistle=act.paper,
            unit=task["unit"],
            role=task["role"],
            text=task["text"],
            amount=task["amount"],
            time_unit=task["time_unit"],
        )
        for task in act.given["tasks"]
    )


@WHISTLE.on("rule", "confirm")
def note_confirmation(act: Act) -> None:
    act.paper.confirmed_at = act.now


@WHISTLE.on("rule", "blow", "blow_now")
def write_letter(act: Act) -> None:
    """Level 3 goes out as a numbered letter (承办需求信函) of the street."""
    whistle = act.paper
    whistle.blown_at = act.now
    if whistle.is_level_three:
        year, serial = numbers.take("letter", whistle.caller, act.now)
        whistle.letter_number = f"{whistle.caller.title}哨函〔{year}〕{serial}号"
        act.data["letter_number"] = whistle.letter_number


@WHISTLE.on("then", "blow", "blow_now")
def call_units(act: Act) -> None:
    """Who is called learns of it, and so does whoever holds the order by now."""
    whistle = act.paper
    for task in whistle.tasks.select_related("unit") if whistle.pk else ():
        call(act, task.unit, task.role, task.text, task.amount, task.time_unit)
    if whistle.is_level_two:
        call_street(act)
    widen(whistle)
    set_level(whistle.order, whistle.level)
    if whistle.order.status != flow.WHISTLED:
        act.step_on(whistle.order, "whistle")


def set_level(order: WorkOrder, level: int) -> None:
    if order.level != level:
        order.level = level
        order.save(update_fields=["level"])


def call(act: Act, unit: Unit, role: str, text: str, amount: Any, time_unit: str) -> None:
    response = Response(
        whistle=act.paper, unit=unit, role=role, task=text, amount=amount, time_unit=time_unit
    )
    act.give_birth(response, "call")


def call_street(act: Act) -> None:
    whistle = act.paper
    street = whistle.caller.above(Unit.Kind.STREET)
    assert street is not None
    limits = policy.limits("response", ["finish"], "street", timezone.localdate(act.now))
    finish = limits["finish"]
    call(act, street, Task.Role.LEAD, whistle.ask[:300], finish.amount, finish.unit)


@WHISTLE.on("then", "raise")
def draft_above(act: Act) -> None:
    """The community's call becomes the street's: a level-3 draft, this one stays behind it."""
    low, given = act.paper, act.given
    for response in low.responses.open():
        act.step_on(response, "withdraw")
    draft = Whistle(
        order=low.order,
        level=Whistle.Level.DISTRICT,
        kind=given["kind"],
        caller=low.centre.parent,
        centre=low.centre,
        ask=given["ask"],
        raised_from=low,
    )
    act.give_birth(draft, "draft", tasks=given["tasks"])


@WHISTLE.on("then", "lower")
def call_street_again(act: Act) -> None:
    call_street(act)
    set_level(act.paper.order, act.paper.level)


@WHISTLE.on("then", "decline", "cancel")
def undo(act: Act) -> None:
    """The answers are withdrawn; a whistle raised from this one falls unless it has been blown."""
    whistle = act.paper
    for response in whistle.responses.open():
        act.step_on(response, "withdraw")
    for above in whistle.raised_to.filter(status__in=[flow.DRAFTED, flow.CONFIRMED]):
        act.step_on(above, "cancel", note=act.note)
    low = whistle.raised_from
    if low is not None and low.status == flow.RAISED and low_may_return(act):
        act.step_on(low, "lower")
    elif whistle.order.status == flow.WHISTLED and not whistle.order.whistles.open().exists():
        act.step_on(whistle.order, "unwhistle")


def low_may_return(act: Act) -> bool:
    """A draft that falls with the whistle it was raised from does not give it back."""
    low = act.paper.raised_from
    return act.trigger != f"whistle:{low.pk}:cancel" and low.flow.is_open(low.status)


@WHISTLE.on("rule", "add")
def check_added(act: Act) -> None:
    check_unit(act.paper.level, act.given["unit"])
    check_limit(act, act.given["amount"], act.given["time_unit"])
    if act.paper.responses.standing().filter(unit=act.given["unit"]).exists():
        raise ValidationError({"unit": _("This department has been called already.")})


@WHISTLE.on("then", "add")
def call_added(act: Act) -> None:
    given = act.given
    call(act, given["unit"], Task.Role.ASSIST, given["task"], given["amount"], given["time_unit"])


@WHISTLE.on("rule", "leader_report")
def note_relations(act: Act) -> None:
    """In which relation the person reports, and from which post: his own, or one he acts in."""
    own = act.paper.relations().filter(post__in=posts_of(act.actor)).order_by("kind", "pk")
    act.data["relations"] = sorted({relation.kind for relation in own})
    act.post_id = own[0].post_id


@WHISTLE.on("rule", "verify")
def note_method(act: Act) -> None:
    act.paper.method = act.given["method"]


@WHISTLE.on("then", "verify")
def settle_order(act: Act) -> None:
    order = act.paper.order
    act.step_on(order, "settle")
    call_back_by(act, order)


@WHISTLE.on("rule", "rework")
def choose_redone(act: Act) -> None:
    """Somebody goes to work again: who has answered, or a department called beside them."""
    chosen, added = act.given.get("responses") or [], act.given.get("tasks") or []
    if not chosen and not added:
        raise ValidationError({"responses": _("Choose who is to do it again, or add somebody.")})
    if any(r.whistle_id != act.paper.pk or r.status != flow.DONE for r in chosen):
        raise ValidationError({"responses": _("Choose answers of this whistle that are done.")})
    if added and act.paper.is_level_two:
        raise ValidationError({"tasks": _("This whistle calls the street alone.")})
    check_tasks(act, added)
    if act.paper.responses.standing().filter(unit__in=[t["unit"] for t in added]).exists():
        raise ValidationError({"tasks": _("This department has been called already.")})
    act.paper.reworks += 1


@WHISTLE.on("then", "rework")
def redo(act: Act) -> None:
    """The order's own limit begins anew first: those of the answers lie inside it."""
    order = act.paper.order
    if order.status == flow.VERIFIED:
        act.step_on(order, "rework", note=act.note)
    for response in act.given.get("responses") or []:
        act.step_on(response, "redo", note=act.note)
    for task in act.given.get("tasks") or []:
        call(act, task["unit"], Task.Role.ASSIST, task["text"], task["amount"], task["time_unit"])


@WHISTLE.on("rule", "score")
def ready_to_score(act: Act) -> None:
    order = act.paper.order
    if order.is_whole and order.called_back is None:
        raise NotPossible(_("The reporter has not been called back yet."))
    done = set(act.paper.responses.filter(status=flow.DONE).values_list("pk", flat=True))
    if set(act.given["marks"]) != done:
        raise ValidationError({"marks": _("Give a mark to each department that answered.")})


@WHISTLE.on("then", "score")
def write_scores(act: Act) -> None:
    for response in act.paper.responses.filter(status=flow.DONE):
        score_response(response, act.given["marks"][response.pk], act.now, act.event.n)


@WHISTLE.on("rule", "close")
def ready_to_close(act: Act) -> None:
    whistle = act.paper
    whistle.closed_at = act.now
    if whistle.status == flow.RAISED:
        return
    if whistle.awaits_confirmation:
        raise NotPossible(_("The main leader has not confirmed this whistle yet."))
    if whistle.is_tough and (missing := missing_leaders(whistle)):
        raise NotPossible(_("Not reported yet: %(who)s.") % {"who": listed(missing)})


def missing_leaders(whistle: Whistle) -> list[str]:
    """Which of the two leaders of a tough whistle (双报到) has not reported: post, person, why he.

    Where nobody stands in the relation nobody can report: that leader is not waited for.
    """
    missing = whistle.relations().exclude(kind__in=whistle.reported())
    relations = list(missing.select_related("post", "unit").order_by("-kind", "pk"))
    named = acting_words(relation.post for relation in relations)
    words = _("%(who)s (%(relation)s %(unit)s)")
    return [
        words % {"who": who, "relation": row.get_kind_display(), "unit": row.unit.title}
        for who, row in zip(named, relations, strict=True)
    ]


@WHISTLE.on("then", "close")
def close_below(act: Act) -> None:
    low = act.paper.raised_from
    if low is not None and low.status == flow.RAISED:
        act.step_on(low, "close")
