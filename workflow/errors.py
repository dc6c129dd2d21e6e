from typing import Any

from django.utils.translation import gettext as _


class NotPossible(Exception):
    """The paper's state does not allow the act: somebody was first, or it is not its turn (409)."""


class MovedOn(NotPossible):
    """Somebody moved the paper after the reader's page was made; `event` is the last move."""

    def __init__(self, event: Any, step: str) -> None:
        words = _("%(who)s was first: “%(step)s” was done after you opened the paper.")
        super().__init__(words % {"who": event.actor or _("The system"), "step": step})
        self.event = event
