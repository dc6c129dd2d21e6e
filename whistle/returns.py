"""Who received an order first, whatever has become of it since."""

from organization.models import Unit
from whistle.models import WorkOrder

# What gives an order to its first receiver.
RECEIVED = ("fix", "take", "dispatch", "designate")


def first_receiver(order: WorkOrder) -> Unit | None:
    """Who got it first answers for it (首接负责制); read from the log."""
    steps = order.steps_of(*RECEIVED)
    if not steps:
        return None
    verb, data = steps[0]
    known: dict[str, Unit | None] = {"fix": order.grid, "take": order.community}
    return known[verb] if verb in known else Unit.objects.get(pk=data["unit"]["id"])
