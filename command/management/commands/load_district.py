from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from command.district.folder import Contents, read_folder
from command.district.write import say, write_folder
from organization.loading.sync import Tally
from organization.tables import Refused


class Command(BaseCommand):
    help = "Take over a district from a folder of documented files (docs/data-formats.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="Try everything, keep nothing.")
        parser.add_argument("--demo", action="store_true", help="Load the sample people, too.")
        parser.add_argument("--language", help="Language of the messages, e.g. en or zh-hans.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or translation.get_language()):
            self.load(options["folder"], options["check"], options["demo"])

    def load(self, folder: Path, check: bool, demo: bool) -> None:
        contents = self.read(folder)
        for name in contents.ignored:
            self.stderr.write(self.style.WARNING(_("Not looked at: %s") % name))
        with tqdm(total=contents.rows, desc=folder.name, unit=_("rows"), disable=None) as bar:
            tallies = write_folder(contents, demo=demo, progress=bar.update, keep=not check)
            bar.update(bar.total - bar.n)
        self.tell(tallies, check)

    def read(self, folder: Path) -> Contents:
        try:
            return read_folder(folder)
        except Refused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            count = len(refused.problems)
            told = ngettext(
                "%(count)s problem; nothing was changed.",
                "%(count)s problems; nothing was changed.",
                count,
            )
            raise CommandError(told % {"count": count}) from refused

    def tell(self, tallies: dict[str, Tally], check: bool) -> None:
        for part, tally in tallies.items():
            if tally.moved or tally.same:
                self.stdout.write(say(part, tally))
        if not any(tally.moved for tally in tallies.values()):
            self.stdout.write(_("Everything is as the folder says; nothing was changed."))
        elif check:
            self.stdout.write(_("Only checked: nothing was changed."))
