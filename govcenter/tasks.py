import time

from celery import shared_task
from django.core.cache import cache

TICK = "beat"


@shared_task
def tick() -> int:
    """Show that beat, broker and worker are alive: /healthz reads the age of this mark."""
    now = int(time.time())
    cache.set(TICK, now, timeout=None)
    return now
