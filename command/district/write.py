"""Write a checked folder: one transaction, part by part, told as it goes."""

from collections.abc import Callable

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.district.demo import open_accounts
from command.district.folder import Contents
from grids.load import write_grids
from organization.calendar_load import load_years
from organization.loading import write
from organization.loading.sync import Progress, Tally
from whistle.load import (
    write_categories,
    write_checklists,
    write_limits,
    write_scores,
    write_silence,
)
from whistle.load_words import write_phrases, write_reporter_texts

LOCK = 320104  # two loads at once would both see the same rows missing

Told = Callable[[str, Tally], None]


def write_folder(
    contents: Contents, *, demo: bool, progress: Progress, keep: bool = True
) -> dict[str, Tally]:
    """Everything or nothing; with `keep` false nothing, after all of it was tried.

    Only the sample accounts are not tried then: their password would be left in its file.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        tallies = {
            str(part): act(contents, demo, progress)
            for part, act in PARTS
            if keep or act is not write_accounts
        }
        transaction.set_rollback(not keep)
    return tallies


def write_calendar(contents: Contents, demo: bool, progress: Progress) -> Tally:
    loaded = load_years()
    return Tally(loaded.added, loaded.changed, loaded.removed, loaded.kept)


def write_accounts(contents: Contents, demo: bool, progress: Progress) -> Tally:
    accounts = [row["username"] for row in contents.files.people if row["login"]]
    if not demo or not accounts:
        return Tally()
    opened = open_accounts(accounts)
    return Tally(0, opened, 0, len(accounts) - opened)


PARTS = [
    (gettext_lazy("calendar"), write_calendar),
    (gettext_lazy("units"), lambda c, demo, told: write.write_units(c.files, told)),
    (gettext_lazy("grids"), lambda c, demo, told: write_grids(c.grids, told)),
    (gettext_lazy("posts"), lambda c, demo, told: write.write_posts(c.files, told)),
    (gettext_lazy("duties"), lambda c, demo, told: write.write_duties(c.files, told)),
    (gettext_lazy("people"), lambda c, demo, told: write.write_people(c.files, demo, told)),
    (gettext_lazy("postings"), lambda c, demo, told: write.write_postings(c.files, told)),
    (gettext_lazy("relations"), lambda c, demo, told: write.write_relations(c.files, told)),
    (gettext_lazy("working hours"), lambda c, demo, told: write.write_working_hours(c.files, told)),
    (gettext_lazy("sample accounts"), write_accounts),
    (gettext_lazy("categories"), lambda c, demo, told: write_categories(c.policies, told)),
    (gettext_lazy("checklists"), lambda c, demo, told: write_checklists(c.policies, told)),
    (gettext_lazy("time limits"), lambda c, demo, told: write_limits(c.policies, told)),
    (gettext_lazy("rules for silence"), lambda c, demo, told: write_silence(c.policies, told)),
    (gettext_lazy("ready phrases"), lambda c, demo, told: write_phrases(c.policies.phrases, told)),
    (
        gettext_lazy("messages to reporters"),
        lambda c, demo, told: write_reporter_texts(c.policies.reporter_texts, told),
    ),
    (gettext_lazy("scores"), lambda c, demo, told: write_scores(c.policies, told)),
]


def say(part: str, tally: Tally) -> str:
    return _(
        "%(part)s: %(created)s new, %(changed)s changed, %(removed)s removed, %(same)s as before"
    ) % {
        "part": part,
        **vars(tally),
    }
