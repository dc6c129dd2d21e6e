"""What is shown of the reporter: nothing if it is to be kept secret, else masked."""

from organization.masking import mask
from whistle.models import WorkOrder


def masked(order: WorkOrder) -> dict[str, str]:
    """The reporter's name and phone as every answer, page and export may show them."""
    if order.confidential:
        return {"reporter_name": "", "reporter_phone": ""}
    return {
        "reporter_name": mask(order.reporter_name),
        "reporter_phone": mask(order.reporter_phone),
    }
