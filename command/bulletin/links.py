"""From a number of the bulletin to the whistles behind it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from command.bulletin.figures import Month

# Which fact of the list of whistles (`whistle.filters.Fact`) a figure counts; "": it has none.
STREET_FACTS = {
    "blown": "",
    "reworked": "reworked",
    "asked": "asked",
    "solved": "solved",
    "rated": "rated",
    "satisfied": "satisfied",
    "confirm_late": "late_confirm",
    "score_late": "late_score",
}
UNIT_FACTS = {
    "called": "",
    "done": "done",
    "redone": "redone",
    "disputes": "lost",
    "scored": "scored",
    "sign_late": "late_sign",
    "arrive_late": "late_arrive",
    "finish_late": "late_finish",
    "yellow": "yellow",
    "red": "red",
}
KINDS = ("routine", "emergency", "tough")


@dataclass(frozen=True)
class Links:
    month: Month

    def whistles(self, **filters: Any) -> str:
        span = {"blown_since": self.month.first, "blown_until": self.month.last}
        return f"{reverse('whistles')}?{urlencode({'level': 3, **span, **filters})}"

    def street(self, name: str, code: str = "") -> str:
        """The whistles that a figure of a street (or of all) counts."""
        where = {"street": code} if code else {}
        if name in KINDS:
            return self.whistles(**where, kind=name)
        if name == "closed":
            return self.whistles(**where, status="closed")
        fact = STREET_FACTS[name]
        return self.whistles(**where, **({"fact": fact} if fact else {}))

    def unit(self, name: str, code: str = "") -> str:
        where = {"unit": code} if code else {}
        fact = UNIT_FACTS[name]
        return self.whistles(**where, **({"fact": fact} if fact else {}))
