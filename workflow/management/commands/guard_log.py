from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from workflow.guards import alterable, grant_work, role_exists


class Command(BaseCommand):
    help = (
        "Let the application's role do its work but only add to the log. Run it as the owner of "
        "the tables after each migration."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role as which web, worker, beat and stream work")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if not role_exists(role):
            raise CommandError(
                _("The database has no role %(role)s; create it first.") % {"role": role}
            )
        if not alterable():
            raise CommandError(_("Run this as the owner of the tables."))
        tables = grant_work(role)
        if left := alterable(role):
            words = _(
                "%(role)s could still change %(tables)s: it must own neither tables nor "
                "database, nor be a superuser or a member of their owner."
            )
            raise CommandError(words % {"role": role, "tables": ", ".join(left)})
        words = _("%(role)s may only add to %(tables)s.")
        self.stdout.write(words % {"role": role, "tables": ", ".join(tables)})
