"""Erasing what was written of a person, where the law demands it (个人信息保护法 art. 47)."""

from typing import Any

from django.db import transaction

from whistle.models import WorkOrder
from workflow.trace import erase_words, paper_models


@transaction.atomic
def erase(order: WorkOrder) -> int:
    """Take the words out of the logs of an order and of the papers under it: how many events.

    Who reported it goes too. The chains hold, and the digests of the words stay.
    """
    order = WorkOrder.objects.select_for_update().get(pk=order.pk)
    kinds: list[Any] = paper_models()
    papers = [kind.objects.filter(**{kind.to_root or "pk": order.pk}) for kind in kinds]
    erased = sum(erase_words(list(some)) for some in papers)
    order.reporter_name = order.reporter_phone = ""
    order.save(update_fields=["reporter_name", "reporter_phone", "reporter_hash"])
    return erased
