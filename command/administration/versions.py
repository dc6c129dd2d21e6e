"""The versions of a dated rule: who made each; which is in force, which are coming and past."""

import datetime
from typing import Any

from workflow.models import PolicyChange

Makers = dict[tuple[Any, ...], PolicyChange]


def makers_of(kind: str, *names: str) -> Makers:
    """Who made each version that was made here: what the edit names, and its day → the change."""
    done = PolicyChange.objects.filter(kind=kind, state=PolicyChange.State.DONE)
    return {
        tuple(change.body.get(name, "") for name in (*names, "valid_from")): change
        for change in done.select_related("actor").order_by("pk")
    }


def version(row: Any, words: str, makers: Makers, *key: Any) -> dict[str, Any]:
    """One version as the tables show it; `key` are the values of what its edit names."""
    return {
        "words": words,
        "day": row.valid_from,
        "sample": row.sample,
        "change": makers.get((*key, row.valid_from.isoformat())),
    }


def laid_out(versions: list[dict[str, Any]], today: datetime.date, without: str) -> dict[str, Any]:
    """What is in force, coming and past of versions, the youngest first.

    `without` is what holds as long as none of them has begun.
    """
    begun = [one for one in versions if one["day"] <= today]
    return {
        "now": begun[0] if begun else {"words": without},
        "coming": [one for one in reversed(versions) if one["day"] > today],
        "past": begun[1:],
    }
