from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workflow.drawing import draw_all


class Command(BaseCommand):
    help = "Draw docs/flows.md from the tables of the flows."

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "flows.md"
        page.write_text(draw_all())
        self.stdout.write(str(page))
