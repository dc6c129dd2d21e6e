from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from organization.resealing import reseal


class Command(BaseCommand):
    help = "Encrypt sealed personal data anew with the first key of DATA_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        written, shut = reseal()
        self.stdout.write(_("%(count)s values are sealed with the first key.") % {"count": written})
        if shut:
            words = _("%(count)s values are opened by none of the keys and were left as they are.")
            raise CommandError(words % {"count": shut})
