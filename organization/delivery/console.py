import logging

from organization.models import Outbox

logger = logging.getLogger(__name__)


def send_to_console(message: Outbox) -> None:
    """The adapter of the demo: the message stands in the log, nothing leaves the house."""
    logger.info("%s to %s: %s", message.channel, message.to, message.text)
