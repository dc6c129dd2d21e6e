"""Live a past: `manage.py simulate --orders 1000 [--whistles 190] [--days 60] [--seed 320104]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from command.simulation.deck import DAYS
from command.simulation.past import SEED, Target, live_until
from whistle.models import WorkOrder


class Command(BaseCommand):
    help = "Live orders and whistles through the real actions, as if in the last weeks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orders", type=int, required=True, help="at least so many orders")
        parser.add_argument("--whistles", type=int, default=0, help="at least so many closed ones")
        parser.add_argument("--days", type=int, default=DAYS, help="how long the past is")
        parser.add_argument("--seed", type=int, default=SEED, help="the same past each time")

    def handle(self, *args: Any, **options: Any) -> None:
        target = Target(options["orders"], options["whistles"])
        missing = target.missing()[0]
        with tqdm(total=missing, unit="", disable=not missing, mininterval=0.5) as bar:
            born = live_until(
                target,
                days=options["days"],
                seed=options["seed"],
                lived=lambda life: bar.update(len(life.orders)),
            )
        self.stdout.write(
            _("%(born)s orders lived, %(all)s now.")
            % {"born": born, "all": WorkOrder.objects.count()}
        )
