"""Bring a table to what a file says: create what is missing, change what differs, tell how much."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

BATCH = 500

Progress = Callable[[int], object]
Values = Mapping[str, Any]


@dataclass
class Tally:
    created: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.created + other.created,
            self.changed + other.changed,
            self.removed + other.removed,
            self.same + other.same,
        )

    @property
    def moved(self) -> int:
        return self.created + self.changed + self.removed


def batches(rows: Iterable[Any]) -> Iterable[list[Any]]:
    remaining = iter(rows)
    while batch := list(itertools.islice(remaining, BATCH)):
        yield batch


def sync(
    existing: Iterable[models.Model],
    model: type[models.Model],
    key: Sequence[str],
    rows: Sequence[Values],
    progress: Progress,
    fresh: Callable[[Values], Values] = dict,
) -> Tally:
    """Create or change objects so that they hold the rows' values; objects without a row stay.

    `key` names the fields that tell which object a row is about. `fresh` adds what only a new
    object needs.
    """
    found = {tuple(getattr(item, name) for name in key): item for item in existing}
    new: list[models.Model] = []
    changed: dict[int, tuple[models.Model, set[str]]] = {}
    for row in rows:
        item = found.get(tuple(row[name] for name in key))
        if item is None:
            new.append(model(**fresh(row)))
        elif names := {name for name, value in row.items() if getattr(item, name) != value}:
            for name in names:
                setattr(item, name, row[name])
            changed[id(item)] = (item, names)
    write(model, new, changed.values(), progress)
    progress(len(rows) - len(new) - len(changed))
    return Tally(len(new), len(changed), 0, len(rows) - len(new) - len(changed))


def write(
    model: type[models.Model],
    new: Sequence[models.Model],
    changed: Iterable[tuple[models.Model, set[str]]],
    progress: Progress,
) -> None:
    """Changes go first: a tie that ends makes room for the one that begins after it."""
    manager = model._default_manager
    for pairs in batches(changed):
        fields = set().union(*(names for _item, names in pairs))
        manager.bulk_update([item for item, _names in pairs], sorted(fields))
        progress(len(pairs))
    for batch in batches(new):
        manager.bulk_create(batch)
        progress(len(batch))
