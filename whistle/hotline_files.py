"""Large files of the hotline, taken by a worker: each row its own act, cut off and gone on with.

The hotline's number makes a row that is taken twice harmless; the verdicts are kept row by row.
"""

import datetime
import tempfile
import time
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organization.models import User
from organization.tables import Refused
from whistle.hotline import LARGEST, Sheet, Verdict, judge, may_take_in, read_sheet
from whistle.models import HotlineFile, HotlineRow
from workflow.errors import NotPossible

LOCK = 0x60_7C_00_00_04
LOT = 100
KEPT = datetime.timedelta(days=30)
Kind = HotlineRow.Verdict
State = HotlineFile.State


def keep(actor: User, name: str, content: bytes, now: datetime.datetime) -> HotlineFile:
    """Keep a file for the worker; raises `Refused` for what is no such table."""
    sheet = sheet_of(name, content)
    return HotlineFile.objects.create(
        name=name,
        by=actor,
        kept=b64encode(content).decode(),
        sent_at=now,
        total=len(sheet.verdicts),
        ignored=sheet.ignored,
    )


def sheet_of(name: str, content: bytes) -> Sheet:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_sheet(path, LARGEST)


@transaction.atomic
def have_taken(file: HotlineFile, actor: User) -> None:
    """Order that the rows shown be taken; by who sent the file, once it has been looked through."""
    file.refresh_from_db(from_queryset=HotlineFile.objects.select_for_update())
    if file.state != State.SHOWN or file.by_id != actor.pk:
        raise NotPossible(_("This file cannot be taken now: look at how it stands."))
    file.state = State.TAKING
    file.save(update_fields=["state"])


def work_off(seconds: float = 20) -> int:
    """Look through and take what waits, oldest first; one process at a time, so long."""
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            with translation.override(settings.LANGUAGE_CODE):
                waiting = HotlineFile.objects.filter(state__in=HotlineFile.OPEN).order_by("pk")
                return sum(go_on(file, until) for file in waiting.select_related("by"))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def go_on(file: HotlineFile, until: float) -> int:
    """Do as many rows as the time allows; returns how many."""
    if time.monotonic() > until:
        return 0
    try:
        sheet = sheet_of(file.name, b64decode(file.kept))
    except Refused as refused:
        return finish(file, State.REFUSED, "\n".join(str(one) for one in refused.problems))
    if not may_take_in(file.by):
        return finish(file, State.REFUSED, _("Who sent the file does not receive any more."))
    act = look if file.state == State.LOOKING else take
    return act(file, sheet, until)


def finish(file: HotlineFile, state: str, refusal: str = "") -> int:
    """The file has been taken or refused: its content is not kept any longer."""
    file.state, file.refusal, file.done_at, file.kept = state, refusal, timezone.now(), ""
    file.save(update_fields=["state", "refusal", "done_at", "kept"])
    return 0


def look(file: HotlineFile, sheet: Sheet, until: float) -> int:
    """Write the verdict on each row, a lot at a time."""
    last = file.rows.order_by("-row").values_list("row", flat=True).first() or 0
    done = 0
    left = [n for n in sorted(sheet.verdicts) if n > last]
    for lot in (left[at : at + LOT] for at in range(0, len(left), LOT)):
        if time.monotonic() > until:
            return done
        rows = [row for row in sheet.table.rows if lot[0] <= row.number <= lot[-1]]
        judge(sheet, rows, file.by, timezone.now())
        HotlineRow.objects.bulk_create(row_of(file, sheet.verdicts[n]) for n in lot)
        done += len(lot)
    file.state = State.SHOWN
    file.save(update_fields=["state"])
    return done


def row_of(file: HotlineFile, verdict: Verdict) -> HotlineRow:
    row = HotlineRow(file=file, row=verdict.row, due=verdict.due)
    row.source_number = verdict.source_number
    row.title, row.address = verdict.title[:80], verdict.address[:120]
    settle(row, verdict)
    return row


def settle(row: HotlineRow, verdict: Verdict) -> None:
    """What becomes of the row, in words that hide what its cells held of persons."""
    row.problems = [[problem.column, problem.sentence] for problem in verdict.problems]
    row.number = verdict.number or verdict.known
    if verdict.number:
        row.verdict = Kind.TAKEN
    elif verdict.known:
        row.verdict = Kind.KNOWN
    else:
        row.verdict = Kind.WRONG if verdict.problems else Kind.READY


def take(file: HotlineFile, sheet: Sheet, until: float) -> int:
    """Take what can be taken, each row in its own transaction."""
    given = {row.number: row for row in sheet.table.rows}
    done = 0
    for row in file.rows.filter(verdict=Kind.READY).order_by("row"):
        if time.monotonic() > until:
            return done
        take_row(file, sheet, row, given[row.row])
        done += 1
    finish(file, State.DONE)
    return done


@transaction.atomic
def take_row(file: HotlineFile, sheet: Sheet, row: HotlineRow, given: Any) -> None:
    now = timezone.now()
    judge(sheet, [given], file.by, now)
    verdict = sheet.verdicts[row.row]
    if verdict.can_be_taken and verdict.form is not None:
        try:
            with transaction.atomic():
                verdict.number = verdict.form.act(now).number or ""
        except ValidationError as error:
            row.verdict, row.problems = Kind.WRONG, [["", said] for said in error.messages]
            row.save(update_fields=["verdict", "problems"])
            return
    settle(row, verdict)
    row.save(update_fields=["verdict", "problems", "number"])


def counts(file: HotlineFile) -> dict[str, int]:
    """How many rows have each verdict, and how many have any."""
    found = dict(file.rows.order_by().values_list("verdict").annotate(Count("pk")))
    return {kind: found.get(kind, 0) for kind in Kind.values} | {"looked": sum(found.values())}


def percent(file: HotlineFile, counted: dict[str, int]) -> int:
    """How far the work at hand is."""
    if file.state == State.LOOKING:
        return 100 * counted["looked"] // file.total if file.total else 0
    left, taken = counted[Kind.READY], counted[Kind.TAKEN]
    return 100 * taken // (taken + left) if taken + left else 100


def forget(now: datetime.datetime) -> int:
    """Drop files of a month ago with their verdicts: their orders stay."""
    return HotlineFile.objects.filter(sent_at__lt=now - KEPT).delete()[0]
