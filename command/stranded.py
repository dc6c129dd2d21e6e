"""What nobody can act on, as the centres see it: the longest first."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.queues import stranded
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import Stranded
from workflow.paging import Page, page
from workflow.trace import paper_models

ROWS = 50
OLDEST = ("since", "pk")


@dataclass
class StrandedList:
    """One page; a cursor that means nothing shows the first."""

    user: User
    street: Unit | None
    now: datetime.datetime

    def page(self, cursor: str) -> Page:
        rows = stranded(self.user, self.street).select_related("order", "unit")
        try:
            return page(rows, cursor, ROWS, OLDEST)
        except ValidationError:
            return page(rows, "", ROWS, OLDEST)

    def url(self, cursor: str) -> str:
        query = {"street": self.street.code if self.street else "", "cursor": cursor}
        return "?" + urlencode({name: value for name, value in query.items() if value})


def row_of(row: Stranded) -> dict[str, Any]:
    """A line: which paper waits for which step, where it would be taken, why nobody does."""
    flow = next(model.flow for model in paper_models() if model.flow.name == row.flow)
    return {
        "row": row,
        "order": row.order,
        "step": flow.label(row.verb),
        "duty": Duty(row.duty).label,
        "unit": row.unit.title,
        "why": _why(row),
    }


def _why(row: Stranded) -> str:
    if row.why == Stranded.Why.AWAY:
        return _("Everybody is away; no deputy and nobody on duty stands in.")
    return _("The seat is empty: nobody holds this duty.")
