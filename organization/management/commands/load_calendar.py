from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.calendar_cache import missing_years
from organization.calendar_load import Loaded, load_years
from organization.calendar_words import say_missing_years


class Command(BaseCommand):
    help = "Enter holidays and make-up working days from the published table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, action="append", help="Only this year; repeatable.")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_years(options["year"])
        if loaded.years:
            self.stdout.write(self.told(loaded))
        missing = sorted({*loaded.unknown, *missing_years(timezone.now())})
        if missing:
            self.stderr.write(self.style.WARNING(say_missing_years(missing)))

    def told(self, loaded: Loaded) -> str:
        return _(
            "Calendar %(first)s to %(last)s: %(added)d days added, %(changed)d changed, "
            "%(removed)d removed, %(kept)d entered by people kept."
        ) % {"first": loaded.years[0], "last": loaded.years[-1], **loaded._asdict()}
