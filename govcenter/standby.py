"""Drive the clocks when the queue does not, so that deadlines never wait for Redis.

    python -m govcenter.standby

Every half minute it looks; while beat and worker are well it does nothing.
"""

import datetime
import logging
import os
import time

import django
from django.db import DatabaseError, close_old_connections

logger = logging.getLogger(__name__)

EVERY = 30
LATE = datetime.timedelta(seconds=60)


def stand_in() -> int | None:
    """Do what beat and worker leave undone; None if they do it."""
    from govcenter.health import redis_answers
    from organization.sending import deliver_waiting
    from workflow.sweep import oldest_unfired, run_clock

    late = oldest_unfired()
    if redis_answers() and (late is None or late < LATE):
        return None
    done = run_clock() + deliver_waiting()
    logger.warning("Stood in for the worker: %s done, the oldest was late by %s", done, late)
    return done


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govcenter.settings")
    django.setup()
    while True:
        time.sleep(EVERY)
        close_old_connections()
        try:
            stand_in()
        except DatabaseError as error:
            logger.error("Database away: %s", error)


if __name__ == "__main__":
    main()
