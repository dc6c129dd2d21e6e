from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grids.coverage import check_coverage
from grids.terrain import terrain
from organization.tables import Unreadable, date


class Command(BaseCommand):
    help = "Check that the boundaries of a day cover the district, each point once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", help="The day, e.g. 2026-07-01; today unless given.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ground = terrain(date(options["on"]) if options["on"] else None)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        codes = [grid.code for grid in ground.grids]
        faults = check_coverage(dict(zip(codes, ground.shapes, strict=True)))
        for fault in faults:
            self.stderr.write(f"{fault.code}: {fault.message}")
        if faults:
            told = ngettext("%(count)s fault.", "%(count)s faults.", len(faults))
            raise CommandError(told % {"count": len(faults)})
        self.stdout.write(_("%s grids cover the ground without gap or overlap.") % len(codes))
