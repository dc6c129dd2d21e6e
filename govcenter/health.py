"""/healthz: is this installation well? For load balancers, watchdogs and people."""

import os
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from redis import Redis, RedisError

from command.simulation.past import Target
from govcenter.tasks import TICK
from organization.calendar_cache import missing_years
from organization.models import User
from organization.sending import oldest_unsent
from workflow.guards import alterable
from workflow.models import Anchor, Audit
from workflow.sweep import oldest_unfired

BEAT_IS_LATE = 90
CLOCK_IS_LATE = 300
MESSAGE_IS_LATE = 3600
LOOK_IS_LATE = 2 * 86400


def healthz(request: HttpRequest) -> JsonResponse:
    """503 when nobody can work; `well` is false already when something wants attention."""
    try:
        connection.ensure_connection()
        answer = {
            "database": True,
            "migrations": pending_migrations(),
            **ages(),
            **guard(),
            **trace(),
            "calendar_missing": missing_years(timezone.now()),
            **past(),
        }
    except DatabaseError:
        answer = {"database": False}
    works = answer["database"] and answer["migrations"] == 0
    well = works and answer["redis"] and is_timely(answer) and is_whole(answer)
    body = {"well": well, "process": os.getpid(), **answer}
    return JsonResponse(body, status=200 if works else 503)


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def ages() -> dict[str, object]:
    """Seconds since beat's last tick, and that the oldest clock and message have been due."""
    return {
        "redis": redis_answers(),
        "beat_age": beat_age(),
        "clock_age": seconds(oldest_unfired()),
        "message_age": seconds(oldest_unsent()),
    }


def redis_answers() -> bool:
    with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as line:
        try:
            return bool(line.ping())
        except RedisError:
            return False


def beat_age() -> int | None:
    tick = cache.get(TICK)
    return int(time.time()) - tick if tick else None


def seconds(age: timedelta | None) -> float | None:
    return age and round(age.total_seconds(), 1)


def guard() -> dict[str, object]:
    """In production, whether the log is out of reach of this very role."""
    return {"log_guarded": not alterable()} if settings.PRODUCTION else {}


def trace() -> dict[str, object]:
    """What the last look at all logs found, seconds since, and what the day's anchors hash to.

    Whoever keeps these answers has a witness outside the database.
    """
    last, day = Audit.latest_result(), Anchor.latest_day()
    age = last and round((timezone.now() - last.finished).total_seconds())
    return {"trace_faults": last and last.faults, "trace_age": age, "trace_anchor": day}


def past() -> dict[str, object]:
    """How much of the demo district's simulated past is still to be lived."""
    if not (settings.DEMO and User.objects.filter(demo=True).exists()):
        return {}
    orders, whistles = Target(settings.DEMO_ORDERS, settings.DEMO_WHISTLES).missing()
    lived = settings.DEMO_ORDERS - orders
    return {"past": {"orders": lived, "of": settings.DEMO_ORDERS, "whistles_missing": whistles}}


def is_whole(answer: dict) -> bool:
    """Nobody was found to have touched the log, nor could, and somebody has looked lately."""
    looked = (answer["trace_age"] or 0) < LOOK_IS_LATE
    return looked and not answer["trace_faults"] and answer.get("log_guarded", True)


def is_timely(answer: dict) -> bool:
    beat, clock, message = (answer[name] for name in ("beat_age", "clock_age", "message_age"))
    in_time = (clock or 0) < CLOCK_IS_LATE and (message or 0) < MESSAGE_IS_LATE
    return beat is not None and beat < BEAT_IS_LATE and in_time
