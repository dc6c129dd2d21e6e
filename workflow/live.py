"""Changes of papers on their way to open pages: the ticket that opens a stream, and what to read.

An act writes a `Change` in its own transaction. Each process of `govcenter.stream` reads what is
new and tells the pages of those who may know. This module loads no model, so it serves both.

**Marks.** How far somebody has read is a mark: a second of the database's clock and a snapshot,
"<seconds>-<xmin>:<xmax>:<running,…>". A snapshot says for every transaction whether it had ended
when the snapshot was taken. A read from mark A takes one snapshot B and returns the changes whose
transaction B sees and A does not; B is the next mark. A transaction is unseen while it runs and
seen for ever after it has ended, so on a chain of marks A → B → C … each change is returned by
exactly one read: by the first whose snapshot sees it, however late its transaction commits and
whatever ids others took meanwhile. Nothing waits for the oldest running transaction either, which
reading below `pg_snapshot_xmin` would: one import of a minute would silence all pages for one.
"""

import datetime
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.db import connection

CHANNEL = "workflow_change"
KEPT = datetime.timedelta(days=2)
MARK_LIFE = datetime.timedelta(days=1)
TICKET_LIFE = datetime.timedelta(seconds=60)
PRUNED_AT_ONCE = 5000
SALT = "workflow.live"
# No transaction has the number nought of an epoch: PostgreSQL refuses it at either end.
EPOCH = 2**32
MARK = re.compile(r"\d{1,12}-(\d{1,18}):(\d{1,18}):((?:\d{1,18},)*\d{1,18})?", re.ASCII)

CHANGE_SQL = f"""
ALTER TABLE workflow_change ALTER COLUMN at SET DEFAULT now();
CREATE FUNCTION workflow_change_notify() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NOTIFY {CHANNEL}; RETURN NULL; END $$;
CREATE TRIGGER workflow_change_notify AFTER INSERT ON workflow_change
    FOR EACH STATEMENT EXECUTE FUNCTION workflow_change_notify();
"""

CHANGE_SQL_REVERSE = """
DROP TRIGGER workflow_change_notify ON workflow_change;
DROP FUNCTION workflow_change_notify();
ALTER TABLE workflow_change ALTER COLUMN at DROP DEFAULT;
"""

MARK_NOW = "extract(epoch FROM clock_timestamp())::bigint || '-' || pg_current_snapshot()"

# One statement, so one snapshot, for all marks: readers with different marks meet at the same one.
CHANGES_SINCE = f"""
SELECT since.mark, here.mark, change.paper, change.paper_id, change.units
FROM (SELECT {MARK_NOW} AS mark, pg_current_snapshot() AS seen) here
CROSS JOIN (SELECT mark, split_part(mark, '-', 2)::pg_snapshot AS seen
            FROM unnest(%(marks)s::text[]) AS mark) since
LEFT JOIN LATERAL (
    SELECT paper, paper_id, units FROM workflow_change
    WHERE xid >= pg_snapshot_xmin(since.seen)
      AND xid < pg_snapshot_xmax(here.seen)
      AND NOT pg_visible_in_snapshot(xid, since.seen)
    ORDER BY xid, id LIMIT %(limit)s
) change ON true
"""

# Expects parallel lists; a ticket without a session (a token's) stands on its user alone.
STILL_WELCOME = """
SELECT asked.number
FROM unnest(%(numbers)s::int[], %(users)s::bigint[], %(sessions)s::text[])
     AS asked(number, user_id, session)
JOIN organization_user u ON u.id = asked.user_id AND u.is_active
WHERE asked.session = '' OR asked.session IN (
    SELECT left(encode(sha256(convert_to(session_key, 'UTF8')), 'hex'), 32)
    FROM django_session WHERE expire_date > now())
"""

PRUNE = """
DELETE FROM workflow_change WHERE id IN (
    SELECT id FROM workflow_change WHERE at < %s ORDER BY at LIMIT %s)
"""


@dataclass(frozen=True)
class Ticket:
    """Who may listen, to which units' changes, in which session, from which mark on."""

    user: int
    units: frozenset[int]
    session: str
    mark: str


def mark_now() -> str:
    """Take it before the page reads its data: what commits later is then told to the page."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {MARK_NOW}")
        return str(cursor.fetchone()[0])


def moved_since(mark: str, most: int) -> tuple[str, set[tuple[str, int]] | None]:
    """The next mark, and the papers (label, id) that moved since the last one.

    None: some may have been forgotten, or there are more than `most`.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANGES_SINCE, {"marks": [mark], "limit": most + 1})
        rows = cursor.fetchall()
    here = str(rows[0][1])
    moved = {(paper, pk) for _mark, _here, paper, pk, _units in rows if paper}
    return here, None if is_lost(mark, here) or len(rows) > most else moved


def make_ticket(user: int, units: Iterable[int], session_key: str | None, mark: str) -> str:
    """`units` are those on which viewing is granted; changes carry the units above them too."""
    content = [user, sorted(units), digest(session_key), mark]
    return signing.dumps(content, salt=SALT, compress=True)


def read_ticket(text: str) -> Ticket:
    """Raise `signing.BadSignature` for a forged or expired ticket."""
    user, units, session, mark = signing.loads(text, salt=SALT, max_age=TICKET_LIFE)
    return Ticket(user, frozenset(units), session, mark)


def digest(session_key: str | None) -> str:
    """What a ticket says of the session: addresses get logged, so never the key itself."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32] if session_key else ""


def is_mark(text: str) -> bool:
    """Whether PostgreSQL will take it: marks come back from browsers."""
    found = MARK.fullmatch(text)
    if not found:
        return False
    low, high = int(found[1]), int(found[2])
    if not (low % EPOCH and high % EPOCH and low <= high):
        return False
    running = [int(xid) for xid in (found[3] or "").split(",") if xid]
    return running == sorted(running) and all(low <= x < high for x in running)


def is_lost(mark: str, here: str) -> bool:
    """Whether changes since the mark may be gone: pruned, or of another life of the database."""
    (then, seen), (now, sees) = mark.split("-"), here.split("-")
    too_old = int(now) - int(then) > MARK_LIFE.total_seconds()
    return too_old or int(seen.split(":")[1]) > int(sees.split(":")[1])


def prune_changes(now: datetime.datetime) -> int:
    """Forget old changes, in short transactions; older marks are told to start afresh."""
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(PRUNE, [now - KEPT, PRUNED_AT_ONCE])
            gone = int(cursor.rowcount)
        total += gone
        if gone < PRUNED_AT_ONCE:
            return total
