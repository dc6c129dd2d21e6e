import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils.translation import gettext as _

from whistle.erasing import erase
from whistle.models import WorkOrder

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Erase by law what people wrote in the steps of an order and of its whistles, and who "
        "reported it. Run it as the owner of the tables; the log stays provable."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="the number of the order")
        parser.add_argument("--reason", required=True, help="who asked for it, and on which ground")

    def handle(self, *args: Any, number: str, reason: str, **options: Any) -> None:
        order = WorkOrder.objects.filter(number=number).first()
        if order is None:
            raise CommandError(_("There is no order %(number)s.") % {"number": number})
        try:
            erased = erase(order)
        except ProgrammingError as error:
            words = _("Only the owner of the log may erase words: %(error)s")
            raise CommandError(words % {"error": str(error).strip()}) from error
        logger.warning("Words of order %s erased in %s events: %s", number, erased, reason)
        self.stdout.write(_("Words of %(count)s events were erased.") % {"count": erased})
