from typing import Any

from django.utils.translation import gettext as _


class NotPossible(Exception):
    """The paper's state does not allow the act: somebody was first, or it is not its turn (409)."""


class MovedOn(NotPossible):
    """Somebody moved the paper after the reader's page was made; `events` is what happened since."""

    def __init__(self, paper: Any, events: list[Any]) -> None:
        self.events = events
        last = self.last
        words = _("%(who)s was first: “%(step)s” was done after you opened the paper.")
        step = paper.flow.label(last.verb)
        super().__init__(words % {"who": last.actor or _("The system"), "step": step})

    @property
    def last(self) -> Any:
        """The last event that changed the status, else the last of all."""
        moves = [event for event in self.events if event.old != event.new]
        return (moves or self.events)[-1]
