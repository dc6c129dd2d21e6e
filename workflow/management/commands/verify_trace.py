from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from workflow.trace import paper_models, verify_trace


class Command(BaseCommand):
    help = "Find every edit, gap or cut in the logs of all papers; exit code 1 if there is any."

    def handle(self, *args: Any, **options: Any) -> None:
        papers = sum(model._base_manager.count() for model in paper_models())
        faults = 0
        with tqdm(total=papers, unit=_("papers"), disable=None) as bar:
            for fault in verify_trace(bar.update):
                bar.clear()
                self.stdout.write(fault)
                faults += 1
        if faults:
            found = ngettext("%(count)s fault found.", "%(count)s faults found.", faults)
            raise CommandError(found % {"count": faults})
        self.stdout.write(_("The logs of %(count)s papers are whole.") % {"count": papers})
