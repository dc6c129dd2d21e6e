"""The liaison's inbox: answers of one's units in four groups, what runs out first at the head."""

import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.boards import Column, first_ones
from command.countdown import Countdown, clock_name, countdown_of, why
from command.field_work import NEVER, place_words
from command.papers.rows import kind_badge, status_badge
from command.wording import say_when
from organization.authority import units_where
from organization.duty import Duty
from organization.models import Posting, Unit, User
from organization.models.posts import on
from whistle import flow
from whistle.models import Response, Score, WorkOrder
from whistle.models.responses import ResponseClock
from whistle.models.whistles import WhistleClock
from workflow.buttons import step_url
from workflow.clock import pauses_under

ON_BOARD = 12
ANSWERERS = (Unit.Kind.DEPARTMENT, Unit.Kind.SECTION, Unit.Kind.STREET, Unit.Kind.OFFICE)

# A disputed answer waits in the group that it came from.
UNSIGNED = Q(status=flow.CALLED) | Q(status=flow.DISPUTED, lead_name="")
SIGNED = Q(status=flow.SIGNED) | Q(status=flow.DISPUTED) & ~Q(lead_name="")
DONE = Q(status=flow.DONE, whistle__status__in=flow.WHISTLE_OPEN)
GROUPS = {
    "sign": (gettext_lazy("To sign"), UNSIGNED, gettext_lazy("Nothing to sign.")),
    "arrive": (gettext_lazy("To arrive"), SIGNED, gettext_lazy("Nowhere to go.")),
    "work": (gettext_lazy("At work"), Q(status=flow.ARRIVED), gettext_lazy("Nothing in hand.")),
    "score": (gettext_lazy("To be scored"), DONE, gettext_lazy("Nothing waits for a score.")),
}


def answering_units(user: User) -> list[Unit]:
    """Departments, sections, streets and offices for which the person handles, in this order."""
    held = Unit.objects.filter(pk__in=units_where(user, Duty.HANDLE), kind__in=ANSWERERS)
    return sorted(held, key=lambda unit: (ANSWERERS.index(Unit.Kind(unit.kind)), unit.code))


def answers_of(user: User, units: list[Unit]) -> QuerySet[Any]:
    """What was called from these units, or passed on to them or to this person."""
    own = Q(unit__in=units) | Q(section__in=units) | Q(person=user)
    cases = [When(where, then=Value(name)) for name, (_title, where, _none) in GROUPS.items()]
    found = Response.objects.visible_to(user).filter(own)
    kinds = found.annotate(
        group=Case(*cases, default=Value("")),
        due=Case(
            When(status=flow.DONE, then=Coalesce("whistle__due_at", Value(NEVER))),
            default=Coalesce("due_at", Value(NEVER)),
        ),
    )
    return kinds.exclude(group="")


def board(user: User, units: list[Unit], now: datetime.datetime) -> list[Column]:
    """The four groups, each with its first cards."""
    rows = first_ones(answers_of(user, units), "group", "due", ON_BOARD, now)
    shown = list(with_papers(rows))
    cards = Cards(user, shown, now)
    groups = {name: Column(name, title, none) for name, (title, _q, none) in GROUPS.items()}
    for response in shown:
        groups[response.group].add(response, cards.card(response))
    mark_main(groups.values())
    return list(groups.values())


def mark_main(groups: Any) -> None:
    """The one main button of the page: what this person can do and what runs out first."""
    acting = [card for group in groups for card in group.cards if card["act"]["verb"]]
    if acting:
        min(acting, key=lambda card: card["due"])["act"]["main"] = True


def with_papers(responses: QuerySet[Any]) -> QuerySet[Any]:
    return responses.select_related(
        "whistle__order__grid",
        "whistle__order__community",
        "whistle__caller",
        "unit",
        "section",
        "person",
    )


class Cards:
    """Makes the cards of some answers; what they have in common is read once for all."""

    def __init__(self, user: User, responses: list[Any], now: datetime.datetime) -> None:
        self.now, self.user = now, user
        self.handled = units_where(user, Duty.HANDLE)
        self.dispatched = units_where(user, Duty.DISPATCH)
        whistles = {response.whistle_id for response in responses}
        leads = Response.objects.filter(whistle__in=whistles, role="lead").exclude(
            status=flow.RELEASED
        )
        self.leads = {lead.whistle_id: lead.unit for lead in leads.select_related("unit")}
        self.clocks = first_due(ResponseClock.objects.filter(paper__in=responses, stopped=None))
        done = [r.whistle_id for r in responses if r.status == flow.DONE]
        self.outer = first_due(WhistleClock.objects.filter(paper__in=done, stopped=None))
        self.pauses = pauses_under(WorkOrder, {r.whistle.order_id for r in responses}, now)
        self.scores = {s.response_id: s for s in Score.objects.filter(response__in=responses)}

    def card(self, response: Any) -> dict[str, Any]:
        count = self.count(response)
        order = response.whistle.order
        paused = order.status == flow.SUSPENDED
        idle = paused or response.status == flow.DISPUTED
        return {
            "key": response.pk,
            "badges": badges(response),
            "count": count,
            "title": order.title,
            "url": reverse("answer_open", args=[response.pk]),
            "sub": self.sub(response),
            "ask": suspended_words(order) if paused else response.task,
            "assigned": assigned_words(response, self.now),
            "tone": "still" if idle else "late" if is_late(response, self.now) else "",
            "act": self.act(response, idle),
            "links": [] if idle else self.links(response),
            "due": response.due,
        }

    def count(self, response: Any) -> Countdown | None:
        if response.status == flow.DONE and response.pk in self.scores:
            return Countdown(_("scored"), "done")
        done = response.status == flow.DONE
        clock = self.outer.get(response.whistle_id) if done else self.clocks.get(response.pk)
        if clock is None:
            return None
        count = countdown_of(clock, self.now)
        if done:
            count.text, count.left = f"{clock_name(clock)} {count.text}", None
        count.why = why(clock, self.pauses.get(response.whistle.order_id, []))
        return count

    def sub(self, response: Any) -> str:
        whistle = response.whistle
        facts = [whistle.caller.title]
        if response.is_level_two:
            facts.append(place_words(whistle.order))
        if whistle.blown_at:
            facts.append(_("blown %(when)s") % {"when": say_when(whistle.blown_at, self.now)})
        lead = self.leads.get(whistle.pk)
        if lead is not None:
            own = lead.pk == response.unit_id
            facts.append(_("leads") if own else _("%(unit)s leads") % {"unit": lead.title})
        if response.status == flow.SIGNED and response.meet_at:
            meets = {"when": say_when(response.meet_at, self.now), "place": response.meet_place}
            facts.append(_("meets %(when)s, %(place)s") % meets)
        return " · ".join(facts)

    def act(self, response: Any, idle: bool) -> dict[str, Any]:
        """The one thing to do next; for who may not, or when nothing can be done, to look."""
        verb = "" if idle else self.next_verb(response)
        if not verb:
            score = self.scores.get(response.pk)
            words = _("See the score: %(n)s") % {"n": score.total} if score else _("See the papers")
            url = reverse("answer_open", args=[response.pk])
            return {"verb": "", "label": words, "url": url, "page": True}
        if verb == "arrive":
            url = reverse("answer_sign_in", args=[response.pk])
            return {"verb": verb, "label": _("Sign in on the spot"), "url": url, "page": True}
        return {"verb": verb, "label": ACTS[verb], "url": self.url(response, verb)}

    def next_verb(self, response: Any) -> str:
        if response.status == flow.CALLED and response.is_level_two:
            return "name" if response.whistle.centre_id in self.dispatched else ""
        verb = {flow.CALLED: "sign", flow.SIGNED: "arrive", flow.ARRIVED: "finish"}
        return verb.get(response.status, "") if self.works_on(response) else ""

    def works_on(self, response: Any) -> bool:
        """For the unit that was called, or as who was sent to the community (双轨)."""
        sent = response.is_level_two and response.person_id == self.user.pk
        return sent or response.unit_id in self.handled

    def links(self, response: Any) -> list[dict[str, str]]:
        """What else can be done from here."""
        if not self.works_on(response):
            return []
        verbs = [verb for verb in ELSE.get(response.status, ()) if self.fits(response, verb)]
        return [
            {"label": flow.RESPONSE.label(verb), "url": self.url(response, verb)} for verb in verbs
        ]

    def fits(self, response: Any, verb: str) -> bool:
        if verb == "dispute":
            return response.is_level_three and not response.designated
        return verb != "assign" or response.unit_id in self.handled

    def url(self, response: Any, verb: str) -> str:
        more = {"seen": response.trace_count, "next": reverse("answers")}
        return f"{step_url(response, verb)}?{urlencode(more)}"


ACTS = {
    "sign": gettext_lazy("Sign, name who leads"),
    "name": gettext_lazy("Send somebody"),
    "finish": gettext_lazy("Report as done"),
}
ELSE = {
    flow.CALLED: ("assign", "dispute"),
    flow.SIGNED: ("contact", "assign", "dispute"),
    flow.ARRIVED: ("progress", "assign"),
}


def is_late(response: Any, now: datetime.datetime) -> bool:
    """Whether the answer itself is overdue; a late score is not the department's lateness."""
    return response.due_at is not None and response.due_at < now


def first_due(clocks: QuerySet[Any]) -> dict[int, Any]:
    """Of each paper the running clock that is due first."""
    found: dict[int, Any] = {}
    for clock in clocks.select_related("policy").order_by("due", "pk"):
        found.setdefault(clock.paper_id, clock)
    return found


def badges(response: Any) -> list[dict[str, str]]:
    rows = [kind_badge(response.whistle)]
    if response.status == flow.DISPUTED:
        rows.append(status_badge(response))
    if response.redone:
        rows.append({"word": _("redone"), "tone": "soon", "icon": "repeat"})
    return rows


def suspended_words(order: WorkOrder) -> str:
    return _("Suspended until %(date)s") % {"date": order.suspended_until}


def assigned_words(response: Any, now: datetime.datetime) -> dict[str, str] | None:
    """To whom the work was passed inside, and whether that has been read."""
    section = response.section.title if response.section else ""
    to = " ".join(filter(None, [section, str(response.person or "")]))
    if not to:
        return None
    read = response.read_at
    words = _("read %(when)s") % {"when": say_when(read, now)} if read else _("not read yet")
    return {"to": to, "read": words, "tone": "" if read else "soon"}


def deputies_of(user: User) -> list[User]:
    """Who acts when this person is away."""
    posts = user.postings.filter(on(), deputy=False).values("post")
    rows = Posting.objects.filter(on(), post__in=posts, deputy=True).select_related("user")
    return [posting.user for posting in rows]


def mark_read(response: Response, user: User, units: list[Unit]) -> None:
    """The read receipt: the person named, or without one anybody of the section, has opened it."""
    meant = response.person_id == user.pk
    if response.person_id is None and response.section_id is not None:
        meant = response.section_id in {unit.pk for unit in units}
    if meant and response.read_at is None:
        response.read_at = timezone.now()
        response.save(update_fields=["read_at"])
