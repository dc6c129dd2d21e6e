"""What the beat sets off. Each task calls one action and may run twice without harm."""

import datetime
import time

from celery import shared_task
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from command.overview import sums
from command.simulation.past import Target, live_until
from organization import sending
from organization.models import User
from whistle import hotline_files, stranding
from workflow import attachments, audit, live, presence, recompute, sweep
from workflow.models import Attachment, Idempotency

TICK = "beat"
KEYS_KEPT = datetime.timedelta(days=7)


@shared_task
def tick() -> int:
    """Show that beat, broker and worker are alive: /healthz reads the age of this mark."""
    now = int(time.time())
    cache.set(TICK, now, timeout=None)
    return now


@shared_task
def run_clock() -> int:
    return sweep.run_clock()


@shared_task
def change_policy() -> int:
    """Reckon and make the edits of policy that wait, so that no request has to."""
    return recompute.work_off()


@shared_task
def deliver_outbox() -> int:
    return sending.deliver_waiting()


@shared_task
def take_hotline_files() -> int:
    """Look through and take the hotline's large files, a little at a time."""
    return hotline_files.work_off()


@shared_task
def make_thumbs(at_once: int = 100) -> int:
    """Small pictures of new photos; until then pages show the photos themselves."""
    made = 0
    for kind in apps.get_models():
        if issubclass(kind, Attachment):
            photos = kind.objects.filter(thumb="", width__gt=0).order_by("created")
            made += sum(attachments.make_thumb(photo) for photo in photos[:at_once])
    return made


@shared_task
def find_stranded() -> int:
    """Keep the queue of what nobody can act on in step with who is there."""
    return stranding.look()


@shared_task
def sum_days() -> int:
    return sums.sum_days()


@shared_task
def check_logs() -> int:
    """Each night: anchor the day that is over, then look at every log, a little at a time."""
    return audit.work_off()


@shared_task
def live_past(seconds: float = 15) -> int:
    """Live on in the demo district's past, a little at a time, until there is enough of it."""
    if not (settings.DEMO and User.objects.filter(demo=True).exists()):
        return 0
    return live_until(Target(settings.DEMO_ORDERS, settings.DEMO_WHISTLES), seconds=seconds)


@shared_task
def forget() -> int:
    """Drop what nobody will ask for again: old live changes, answers, sessions, signs of life."""
    now = timezone.now()
    call_command("clearsessions")
    answers, _ = Idempotency.objects.filter(created__lt=now - KEYS_KEPT).delete()
    pruned = live.prune_changes(now) + presence.prune(now)
    return pruned + answers + hotline_files.forget(now)
