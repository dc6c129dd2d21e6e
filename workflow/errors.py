from typing import Any

from django.utils.translation import gettext as _


class NotPossible(Exception):
    """The paper's state does not allow the act: somebody was first, or it is not its turn (409)."""


class MovedOn(NotPossible):
    """Somebody moved the paper after the reader's page was made; `event` is the last move."""

    def __init__(self, event: Any) -> None:
        super().__init__(_("Somebody was first: the paper has moved since you opened it."))
        self.event = event
