"""Edits of what silence means and of what reporters are told; no running clock is moved by them."""

import datetime
from dataclasses import dataclass

from whistle.models import ReporterText, SilenceRule
from workflow.edits import Unmoving


@dataclass(frozen=True)
class SilenceEdit(Unmoving):
    """What silence means from a day on; what was asked before keeps the meaning of its day."""

    kind: str
    outcome: str
    valid_from: str
    sample: bool = False

    def make(self) -> None:
        key = {"kind": self.kind, "valid_from": datetime.date.fromisoformat(self.valid_from)}
        values = {"outcome": self.outcome, "sample": self.sample}
        SilenceRule.objects.update_or_create(**key, defaults=values)


@dataclass(frozen=True)
class TellingEdit(Unmoving):
    """The text of a step from a day on, of one class or (without a `category`) of all."""

    verb: str
    text: str
    valid_from: str
    category: int | None = None
    sample: bool = False

    def make(self) -> None:
        day = datetime.date.fromisoformat(self.valid_from)
        key = {"verb": self.verb, "category_id": self.category, "valid_from": day}
        values = {"text": self.text, "sample": self.sample}
        ReporterText.objects.update_or_create(**key, defaults=values)
