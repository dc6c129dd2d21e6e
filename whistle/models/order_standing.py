"""What an order's history and neighbours say of where it stands: the `when` of its rows."""

from typing import Any

from django.apps import apps
from django.utils import timezone

from organization.calendar import due
from organization.models import Unit
from whistle import flow
from workflow import policy

# So many returns the centre settles itself; the next one goes to the arbiter.
RETURNS = 2


class OrderStanding:
    """Mixed into the order; a look-up is one query at most, none where a page has read it."""

    @property
    def in_office(self) -> bool:
        return self.holder is not None and self.holder.kind == Unit.Kind.OFFICE

    @property
    def open_whistle(self) -> Any:
        """The one whistle that is open, if any; an order has few, and its page has read them."""
        found = [whistle for whistle in self.whistles.all() if whistle.flow.is_open(whistle.status)]
        return max(found, key=lambda whistle: whistle.pk, default=None)

    @property
    def with_whistle(self) -> bool:
        """Whether a whistle is out whose departments can be sent back to work."""
        whistle = self.open_whistle
        return whistle is not None and whistle.status in (flow.BLOWN, flow.SETTLED, flow.VERIFIED)

    @property
    def with_holder(self) -> bool:
        return self.holder_id is not None and not self.with_whistle

    @property
    def is_whole(self) -> bool:
        """A part is not divided again."""
        return self.part_of_id is None

    @property
    def is_tied(self) -> bool:
        """Whether it is related to another order; a page has looked with all else (`tied`)."""
        if "tied" in self.__dict__:
            return bool(self.__dict__["tied"])
        return apps.get_model("whistle", "Tie").objects.of(self).exists()

    @property
    def with_parts(self) -> bool:
        """Whether its parts have done what there was to do: neither holder nor whistle has."""
        return self.holder_id is None and self.open_whistle is None and self.parts.exists()

    @property
    def can_reopen(self) -> bool:
        """Closed or refused within the window that the policy gives; a part only with the whole."""
        if not self.is_whole:
            return False
        now = self.as_of or timezone.now()
        limit = policy.limits("workorder", ["reopen"], "", timezone.localdate(now)).get("reopen")
        return limit is None or now <= due(self.status_since, limit.amount, limit.unit)

    @property
    def seldom_returned(self) -> bool:
        """Whether a return still leads back to the centre that dispatched it."""
        return len(self.returned_by()) < RETURNS

    @property
    def often_returned(self) -> bool:
        """Whether a return leads to the arbiter: nobody goes on passing it to and fro."""
        return not self.seldom_returned

    def returned_by(self) -> list[dict[str, Any]]:
        """Who has returned it (退单), one {id, name} for each time, read from the log."""
        return [data.get("from") or {} for _verb, data in self.steps_of("send_back")]

    def by_ruling(self) -> bool:
        """Whether its holder was designated, or has it from who was: it stays there then.

        What the centre dispatches anew to somebody else is not of the ruling any more.
        """
        steps = self.steps_of("dispatch", "designate")
        named = {data["unit"]["id"] for verb, data in steps if verb == "designate"}
        return bool(named) and (steps[-1][0] == "designate" or self.holder_id in named)

    def steps_of(self, *verbs: str) -> list[tuple[str, dict[str, Any]]]:
        """(verb, what was given) of the steps with these verbs, in order."""
        if self.log is not None:
            return [(event.verb, event.data) for event in self.log if event.verb in verbs]
        events = self.events.filter(verb__in=verbs).order_by("n")
        return list(events.values_list("verb", "data"))
