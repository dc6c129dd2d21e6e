"""An order's column: what it is, where it stands, what may be done, what happened."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.papers.advice import Advice, advise
from command.papers.dossier import Dossier, open_dossier
from command.papers.requests import ask_buttons, exempt_badges, request_rows
from command.papers.rows import (
    card_badges,
    clocks_row,
    first_countdown,
    kind_badge,
    order_badges,
    status_badge,
    step_rows,
    trace_rows,
    whole_clock,
    whole_limit,
)
from command.papers.supervision import hold_buttons, supervision_rows
from command.papers.surveys import displeased_badges, survey_rows
from command.signs import CLOCK_WORDS, VERB_ICONS, VERB_KEYS
from command.wording import say_when
from organization.calendar_words import listed, say_amount
from organization.masking import mask
from organization.models import User
from whistle import flow
from whistle.birth import levels_for
from whistle.disclosing import may_learn
from whistle.elements import elements_of
from whistle.filings import limit_on
from whistle.following import is_followed
from whistle.labels import ReturnGround
from whistle.masking import masked
from whistle.models import Whistle, WorkOrder
from whistle.models.ties import tied_to
from whistle.returns import first_receiver
from workflow.buttons import buttons, step_url
from workflow.sight import load_units


def order_page(
    order: WorkOrder, user: User, now: datetime.datetime, next_url: str, most: int | None = None
) -> dict[str, Any]:
    """Everything that `command/order_paper.html` shows; `most` events of the trace."""
    found = open_dossier(order)
    advice = advise(order, now)
    actions = order_actions(found, user, next_url)
    box = advise_actions(order, actions, advice, next_url) if advice else None
    return {
        "order": order,
        "badges": [
            *order_badges(order),
            *displeased_badges(order, order.open_whistle),
            *exempt_badges(found, order),
        ],
        "followed": is_followed(order, user),
        "count": first_countdown(found, order, now),
        "count_label": count_label(order),
        "place": place_of(order),
        "steps": step_rows(found, now, waits_for(found, actions)),
        "whistles": [whistle_row(found, whistle) for whistle in found.whistles],
        "parts": part_rows(found, user, now),
        "related": related_rows(found, user, now),
        "returned": returned(found),
        "requests": request_rows(found, user, next_url, now),
        "surveys": survey_rows(found, user, next_url, now),
        "supervisions": supervision_rows(found, now),
        "cards": card_badges(found.cards),
        "box": box,
        "due_words": due_words(found, now),
        "handle": whole_clock(found),
        "facts": facts(order, user),
        "photos": found.photos,
        "clocks": clocks_row(found, order, now),
        "elements": element_rows(found),
        "whole": whole_limit(found, now),
        "events": trace_rows(found.events[-most:] if most else found.events),
        "events_count": len(found.events),
        "actions": actions,
        "topics": topics(found),
    }


def count_label(order: WorkOrder) -> str:
    """Which limit the countdown of the head counts."""
    name = CLOCK_WORDS.get(order.due_what, "")
    return _("%(clock)s ") % {"clock": name} if name else ""


def element_rows(found: Dossier) -> list[dict[str, Any]]:
    """The four elements of the reply, once there is something to reply and until it is sent."""
    order = found.order
    if order.status not in (flow.HANDLED, flow.VERIFIED):
        return []
    told = {event.verb: event for event in found.events_of(order)}
    done = [r for r in found.responses_to(found.whistle) if r.status == flow.DONE]
    return elements_of(order, told, done).rows()


def waits_for(found: Dossier, actions: list[dict[str, Any]]) -> str:
    """Whose turn it is: the reader's, else that of departments, of the holder, of the centre."""
    order = found.order
    awaited = order.flow.awaits.get(order.status, ())
    if any(row["verb"] in awaited and not row["why"] for row in actions):
        return _("your turn")
    at_work = [r.unit.title for r in found.responses_to(found.whistle) if r.flow.is_open(r.status)]
    if order.status == flow.WHISTLED and at_work:
        return listed(at_work[:2])
    if order.status in (flow.DISPATCHED, flow.ACCEPTED) and order.holder:
        return order.holder.title
    return order.centre.title


def whistle_row(found: Dossier, whistle: Whistle) -> dict[str, Any]:
    """A whistle of the order and how each unit that it called stands."""
    return {
        "whistle": whistle,
        "badges": [kind_badge(whistle), status_badge(whistle)],
        "units": [
            {"name": response.unit.title, "badge": status_badge(response)}
            for response in found.responses_to(whistle)
        ],
    }


def part_rows(found: Dossier, user: User, now: datetime.datetime) -> list[dict[str, Any]]:
    """The parts of a divided order that the reader may see, each with who has it until when."""
    if not any(event.verb == "divide" for event in found.events_of(found.order)):
        return []
    return lines_of(WorkOrder.objects.visible_to(user).filter(part_of=found.order), now)


def related_rows(found: Dossier, user: User, now: datetime.datetime) -> list[dict[str, Any]]:
    """The orders tied to it that the reader may see."""
    if not found.order.is_tied:
        return []
    tied = tied_to(found.order).values("pk")
    return lines_of(WorkOrder.objects.visible_to(user).filter(pk__in=tied), now)


def lines_of(orders: QuerySet[Any], now: datetime.datetime) -> list[dict[str, Any]]:
    """Other orders on the page of one, each with who has it until when."""
    rows = list(orders.order_by("pk"))
    load_units(*rows)
    return [
        {
            "order": order,
            "badge": status_badge(order),
            "unit": (order.holder or order.centre).title,
            "count": paper_countdown(order, now),
        }
        for order in rows
    ]


def returned(found: Dossier) -> dict[str, Any] | None:
    """What the arbiter has to know: who returned it when and why, and who received it first."""
    order = found.order
    if order.status != flow.DISPUTED:
        return None
    rows = [event for event in found.events_of(order) if event.verb == "send_back"]
    return {"first": first_receiver(order), "rows": [returned_row(event) for event in rows]}


def returned_row(event: Any) -> dict[str, Any]:
    grounds = {str(code): str(label) for code, label in ReturnGround.choices}
    ground = event.data.get("ground", "")
    return {
        "unit": event.data.get("from", {}).get("name", ""),
        "at": event.at,
        "ground": grounds.get(ground, ground),
        "note": event.note,
    }


def place_of(order: WorkOrder) -> str:
    units = [unit.title for unit in (order.street, order.community, order.grid) if unit]
    return " · ".join(filter(None, [order.address, " ".join(units)]))


def topics(found: Dossier) -> str:
    """The papers whose changes concern the page, as the live stream names them."""
    whistles = [f"whistle:{whistle.pk}" for whistle in found.whistles]
    return " ".join([f"workorder:{found.order.pk}", *whistles])


def facts(order: WorkOrder, user: User) -> list[dict[str, Any]]:
    rows = [
        fact(_("Category"), category_of(order)),
        fact(_("Filing condition"), condition_of(order)),
        fact(_("Reported by"), reporter_of(order)) | {"reveal": reveal_url(order, user)},
        urgency_of(order),
    ]
    if order.holder:
        rows.append(fact(_("In hand of"), order.holder.name))
        rows.append(fact(_("Level"), order.get_level_display()))
    if order.source_number:
        rows.append(fact(_("Number at the source"), order.source_number))
        rows.append(fact(_("Limit of the source"), say_due(order.source_due)))
    if order.suspended_until:
        rows.append(fact(_("Suspended until"), f"{order.suspended_until:%Y-%m-%d}", wide=True))
    if order.called_back:
        rows.append(fact(_("Callback"), answer_of(order), wide=True))
    if order.merged_into:
        url = order.merged_into.get_absolute_url()
        rows.append(fact(_("Merged into"), str(order.merged_into), wide=True) | {"url": url})
    if order.part_of and is_seen(order.part_of, user):
        url = order.part_of.get_absolute_url()
        rows.append(fact(_("Part of"), str(order.part_of), wide=True) | {"url": url})
    if order.description:
        rows.append(fact(_("Description"), order.description, wide=True))
    return rows


def is_seen(order: WorkOrder, user: User) -> bool:
    """A department that was whistled for a part does not see the whole."""
    return WorkOrder.objects.visible_to(user).filter(pk=order.pk).exists()


def fact(label: str, value: str, *, wide: bool = False) -> dict[str, Any]:
    return {"label": label, "value": value, "wide": wide, "badge": None, "url": "", "reveal": ""}


def category_of(order: WorkOrder) -> str:
    return f"{order.category.major_name} / {order.category.name}" if order.category else ""


def condition_of(order: WorkOrder) -> str:
    if order.condition is None:
        return ""
    stands = limit_on(order.condition, timezone.localdate())
    limit = say_amount(stands.amount, stands.unit)
    return f"{order.condition.text} · {limit}"


def reporter_of(order: WorkOrder) -> str:
    """Staff by name, others masked, who asked for secrecy not at all."""
    if order.confidential:
        return _("kept secret")
    if order.reporter is not None:
        return f"{order.reporter} {mask(order.reporter.phone)}"
    return " ".join(filter(None, masked(order).values()))


def reveal_url(order: WorkOrder, user: User) -> str:
    """Where the reporter is shown in full, for those whose work needs it."""
    known = order.reporter_id or order.reporter_name or order.reporter_phone
    if not known or not may_learn(user, order):
        return ""
    return reverse("work_order_reporter", args=[order.number])


def urgency_of(order: WorkOrder) -> dict[str, Any]:
    row = fact(_("Urgency"), order.get_urgency_display())
    pressing = order.urgency != WorkOrder.Urgency.NORMAL
    return row | {"badge": "soon", "icon": "bolt"} if pressing else row


def say_due(due: datetime.datetime | None) -> str:
    return say_when(due) if due else ""


def answer_of(order: WorkOrder) -> str:
    """What the reporter said when called back."""
    if order.solved is None:
        return _("nobody could be asked")
    solved = _("it was solved") if order.solved else _("it was not solved")
    return listed([solved, _("satisfaction %(n)s of 5") % {"n": order.satisfaction}])


def order_actions(found: Dossier, user: User, next_url: str) -> list[dict[str, Any]]:
    """The action bar with signs and keys, and the whistle among its buttons."""
    order = found.order
    rows = buttons(order, user, next_url=next_url)
    if order.called_back and (close := may_take(rows, "close")):
        put_first(rows, close)
    if order.solved is False and (rework := may_take(rows, "rework")):
        put_first(rows, rework)
    for row in rows:
        row |= {"icon": VERB_ICONS.get(row["verb"], ""), "key": VERB_KEYS.get(row["verb"], "")}
    if may_whistle(found, user):
        rows.insert(1, whistle_button(order, next_url))
    return rows + ask_buttons(order, user, next_url) + hold_buttons(found, user, next_url)


def may_whistle(found: Dossier, user: User) -> bool:
    """At most one whistle of an order is open."""
    order = found.order
    if order.status not in (flow.REGISTERED, flow.ACCEPTED):
        return False
    if any(whistle.flow.is_open(whistle.status) for whistle in found.whistles):
        return False
    return bool(levels_for(order, user))


def whistle_button(order: WorkOrder, next_url: str) -> dict[str, Any]:
    return {
        "verb": "whistle",
        "label": order.flow.label("whistle"),
        "url": reverse("whistle_for", args=[order.number]),
        "icon": VERB_ICONS["whistle"],
        "key": VERB_KEYS["whistle"],
        "why": "",
    }


def advise_actions(
    order: WorkOrder, actions: list[dict[str, Any]], advice: Advice, next_url: str
) -> dict[str, Any] | None:
    """Let the one main button do what is advised, by one press.

    Returns the box beside it, which also sends the order elsewhere; None if the reader may not,
    or may not whistle while a whistle is open.
    """
    row = may_take(actions, "dispatch")
    if row is None:
        return None
    given = {"seen": order.trace_count, "next": next_url}
    box = {"advice": advice, "url": step_url(order, "dispatch"), "given": given}
    box["choose_url"] = row["url"]
    if advice.by_whistle:
        row = may_take(actions, "whistle")
        if row is None:
            return None
        words = _("Whistle for %(unit)s")
    else:
        row |= {"direct": True, "url": box["url"], "fields": {"unit": advice.unit.code, **given}}
        words = _("Dispatch to %(unit)s")
    row["label"] = words % {"unit": advice.unit.title}
    put_first(actions, row)
    return box


def may_take(actions: list[dict[str, Any]], verb: str) -> dict[str, Any] | None:
    return next((row for row in actions if row["verb"] == verb and not row["why"]), None)


def put_first(actions: list[dict[str, Any]], main: dict[str, Any]) -> None:
    """Make it the one solid button of the page."""
    for row in actions:
        row["main"] = row is main
    actions.sort(key=lambda row: not row["main"])


def due_words(found: Dossier, now: datetime.datetime) -> str:
    """When the handling must be done, for it runs from the filing on, whoever gets the order."""
    clock = whole_clock(found)
    if clock is None or not clock.running:
        return ""
    words = _("To be settled by %(due)s (limit %(limit)s).")
    limit = say_amount(clock.limit, clock.unit)
    return words % {"due": say_when(clock.due, now), "limit": limit}
