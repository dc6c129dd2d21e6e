"""The ways out of the house: one function per channel that hands a message over, or raises.

What a message cannot be is told by the kind of error: `Refused` for good, `Busy` for a while,
any other failure is tried again.
"""

from collections.abc import Callable

from django.conf import settings

from organization.delivery.console import send_to_console
from organization.delivery.errors import Away, Busy, Refused
from organization.delivery.gateway import Gateway
from organization.delivery.mail import send_mail_to_unit
from organization.models import Outbox

__all__ = ["Away", "Busy", "Refused", "is_real", "sender"]

Send = Callable[[Outbox], None]


def is_real(channel: str) -> bool:
    """Whether the channel leads out of the house; without a setting its messages go to the log."""
    if channel == Outbox.Channel.MAIL:
        return bool(settings.EMAIL_HOST)
    return channel in settings.GATEWAYS


def sender(channel: str) -> Send:
    if not is_real(channel):
        return send_to_console
    if channel == Outbox.Channel.MAIL:
        return send_mail_to_unit
    return Gateway(**settings.GATEWAYS[channel]).send
