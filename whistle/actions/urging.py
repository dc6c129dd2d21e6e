"""Urging (催办): a reminder by a person to those whose turn it is; it changes nothing else."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from organization.calendar_words import format_due
from organization.models import Notice, Post, Unit
from organization.outbox import call_duty_phone
from whistle.flow import ORDER, RESPONSE, WHISTLED
from workflow.actions import Act
from workflow.errors import NotPossible
from workflow.inbox import next_posts

# An office that is rung up more often than it can look into a matter stops listening.
URGE_AGAIN = datetime.timedelta(minutes=30)


@ORDER.on("rule", "urge")
@RESPONSE.on("rule", "urge")
def not_too_often(act: Act) -> None:
    recent = act.paper.events.filter(verb="urge", at__gt=act.now - URGE_AGAIN)
    if last := recent.last():
        words = _("It was urged a moment ago; it can be urged again from %(when)s.")
        raise NotPossible(words % {"when": format_due(last.at + URGE_AGAIN)})


@ORDER.on("rule", "urge")
@RESPONSE.on("rule", "urge")
def name_urged(act: Act) -> None:
    """Set down in the log who is told; where nobody can be, there is nothing to set down."""
    act.data["told"] = [str(post) for _unit, _paper, posts in urged(act.paper) for post in posts]
    if not act.data["told"]:
        raise NotPossible(_("There is nobody to be told: no post can take the next step."))


@ORDER.on("then", "urge")
@RESPONSE.on("then", "urge")
def tell(act: Act) -> None:
    """A notice to each post, and a call to the duty phone of the unit."""
    for unit, paper, posts in urged(act.paper):
        Notice.objects.bulk_create(
            paper.notice(post, Notice.Kind.WAITS, act.step.verb, act.now) for post in posts
        )
        key = f"urge:{act.paper.flow.name}:{act.paper.pk}:{act.event.n}:{unit.pk}"
        call_duty_phone(unit, key=key, text=phone_text(act, paper), now=act.now)


def urged(paper: Any) -> list[tuple[Unit, Any, list[Post]]]:
    """Who is to be told of which paper: the holder, or each unit that has still to answer."""
    papers = at_work(paper) if paper.flow is ORDER and paper.status == WHISTLED else [paper]
    return [(unit_of(one), one, next_posts(one)) for one in papers]


def at_work(order: Any) -> list[Any]:
    whistle = order.open_whistle
    if whistle is None:
        return []
    whistle.order = order
    answers = list(whistle.responses.open().select_related("unit").order_by("pk"))
    for answer in answers:
        answer.whistle = whistle
    return answers


def unit_of(paper: Any) -> Unit:
    unit: Unit = paper.holder if paper.flow is ORDER else paper.unit
    return unit


def phone_text(act: Act, paper: Any) -> str:
    number, title = paper.subject_line()
    words = _("%(who)s urges: %(title)s (%(number)s). %(note)s")
    said = {"who": act.actor or "", "title": title, "number": number, "note": act.note}
    return (words % said).strip()
