"""Erasing what was written of a person, where the law demands it (个人信息保护法 art. 47)."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from organization.outbox import forget
from whistle.actions.noting import key_of
from whistle.actions.surveys import AGAIN, FIRST
from whistle.models import Meeting, Response, Whistle, WorkOrder
from workflow.trace import erase_words, paper_models


@transaction.atomic
def erase(order: WorkOrder) -> int:
    """Take the words out of the logs of an order and of the papers under it: how many events.

    What was copied from them onto the papers goes too, who reported it in which words, and the
    messages to that phone. The chains hold, and the digests of the words stay.
    """
    erased = sum(erase(part) for part in order.parts.all())  # who locks both locks the part first
    order = WorkOrder.objects.select_for_update().get(pk=order.pk)
    kinds: list[Any] = paper_models()
    papers = [kind.objects.filter(**{kind.to_root or "pk": order.pk}) for kind in kinds]
    erased += sum(erase_words(list(some)) for some in papers)
    for some in papers:
        blank_copies(some)
    blank_ask(order)
    blank = {"place": "", "agenda": "", "decisions": ""}
    Meeting.objects.filter(whistle__order=order).update(**blank)
    forget(texted(order))
    order.reporter_name = order.reporter_phone = order.description = ""
    told = ["reporter_name", "reporter_phone", "reporter_hash", "description"]
    order.save(update_fields=told)
    return erased


def blank_copies(papers: Any) -> None:
    """Blank the fields of papers of one kind that hold what the words of a step said."""
    flow, fields = papers.model.flow, papers.model._meta.concrete_fields
    if copied := [field.name for field in fields if field.name in flow.words]:
        papers.update(**dict.fromkeys(copied, ""))


def blank_ask(order: WorkOrder) -> None:
    """At level 2 the task of the street is what the community asks, in its own words."""
    called = Response.objects.filter(whistle__order=order, whistle__level=Whistle.Level.STREET)
    called.update(task="")


def texted(order: WorkOrder) -> Q:
    """The messages to the reporter: what he was told, and the addresses of surveys."""
    surveys = order.surveys.values_list("pk", flat=True)
    keys = [key % pk for pk in surveys for key in (FIRST, AGAIN)]
    return Q(key__startswith=key_of(order)) | Q(key__in=keys)
