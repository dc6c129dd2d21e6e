"""From a figure to the papers behind it: the addresses of the lists, within one street or all."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from command.overview.period import Period
from organization.models import Unit


@dataclass(frozen=True)
class Links:
    """The lists as this overview narrows them."""

    period: Period
    street: Unit | None

    @property
    def start(self) -> str:
        return f"{timezone.localdate(self.period.start):%Y-%m-%d}"

    def orders(self, **filters: Any) -> str:
        """Problems: a divided one is counted once, however many parts it has."""
        return self._list("work_orders", {"whole": "on", **filters})

    def whistles(self, **filters: Any) -> str:
        """Whistles of streets for departments: the overview counts no others."""
        return self._list("whistles", {"level": 3, **filters})

    def _list(self, name: str, filters: dict[str, Any]) -> str:
        return f"{reverse(name)}?{urlencode(self._street() | filters)}"

    def _street(self) -> dict[str, Any]:
        return {"street": self.street.code} if self.street else {}

    def here(self, **changes: Any) -> str:
        """The overview itself, with another period or more of it shown."""
        query = self._street() | {"period": self.period.name} | changes
        return f"{reverse('overview')}?{urlencode(query)}"
