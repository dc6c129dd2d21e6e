from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage

from organization.delivery.errors import Away, Refused
from organization.models import Outbox


def send_mail_to_unit(message: Outbox) -> None:
    """By SMTP; the message's own id is the mail's, so that a repeated one can be told apart."""
    mail = EmailMessage(
        subject=message.subject or message.text[:60],
        body=message.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        headers={"Message-ID": f"<{message.message_id}@{settings.MAIL_DOMAIN}>"},
    )
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        raise Refused("the address was refused") from error
    except (OSError, SMTPException) as error:
        raise Away(f"no mail server: {error}") from error
