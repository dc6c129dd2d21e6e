"""The bulletin's page: issued or draft, its tables with the papers behind every number."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from command.bulletin import words
from command.bulletin.checks import checks
from command.bulletin.figures import Figures, Month, blown_in, reckon, seen_by
from command.bulletin.issuing import issuer, why_not
from command.bulletin.links import Links
from command.bulletin.papers import day
from command.bulletin.trial import TrialForm, scheme_of, trial
from command.models import Bulletin
from command.offices import offices_of
from command.papers.rows import status_badge
from organization.models import User
from whistle.models import Whistle

READERS = frozenset({"leader", "desk", "answerer", "confirmer"})
# Who may look at figures that are not issued: over what he sees.
DRAFTERS = frozenset({"leader", "desk"})
MONTHS = 12
FIRST_YEAR = 2020


def may_read(user: User) -> bool:
    return offices_of(user).any_of(READERS)


def may_see_drafts(user: User) -> bool:
    return offices_of(user).any_of(DRAFTERS)


def month_of(year: int, month: int, now: datetime.datetime) -> Month | None:
    """A month that has begun."""
    if not (FIRST_YEAR <= year and 1 <= month <= 12):
        return None
    found = Month(datetime.date(year, month, 1))
    return found if found.start <= now else None


def month_rows(user: User, now: datetime.datetime) -> list[dict[str, Any]]:
    """The last months, newest first, since the reader's first whistle; all that were issued."""
    months = [Month(timezone.localdate(now).replace(day=1))]
    while len(months) < MONTHS:
        months.append(months[-1].before)
    known = Bulletin.objects.filter(month__gte=months[-1].first).select_related("actor", "unit")
    newest: dict[datetime.date, Bulletin] = {}
    for bulletin in known.defer("figures").order_by("edition"):
        newest[bulletin.month] = bulletin
    since = first_blown(user) or now if may_see_drafts(user) else None
    return [
        month_row(month, newest.get(month.first), now)
        for month in months
        if month.first in newest or (since is not None and month.end > since)
    ]


def first_blown(user: User) -> datetime.datetime | None:
    """When the first whistle that the reader sees was blown."""
    blown = seen_by(user).filter(blown_at__isnull=False).order_by("blown_at")
    moment: datetime.datetime | None = blown.values_list("blown_at", flat=True).first()
    return moment


def month_row(month: Month, bulletin: Bulletin | None, now: datetime.datetime) -> dict[str, Any]:
    return {
        "title": words.title(month),
        "url": reverse("bulletin", args=[month.first.year, month.first.month]),
        "bulletin": bulletin,
        "over": now >= month.end,
    }


def bulletin_of(month: Month, edition: int | None = None) -> Bulletin | None:
    """The newest edition, or the one asked for."""
    found = Bulletin.objects.filter(month=month.first).select_related("actor", "unit", "post__unit")
    if edition is not None:
        found = found.filter(edition=edition)
    return found.order_by("-edition").first()


def draft(user: User, month: Month, now: datetime.datetime) -> Figures:
    return reckon(seen_by(user), month, now)


def bulletin_page(
    user: User,
    month: Month,
    figures: Figures,
    bulletin: Bulletin | None,
    now: datetime.datetime,
) -> dict[str, Any]:
    links, why = Links(month), why_not(user, month, issuer(), now)
    args = [month.first.year, month.first.month]
    return {
        "title": words.title(month),
        "bulletin": bulletin,
        "over": now >= month.end,
        "summary": words.summary(figures),
        "street_heads": [head for _name, head, _opens in words.STREETS],
        "streets": street_rows(figures, links),
        "unit_heads": [head for _name, head, _opens in words.UNITS],
        "units": unit_rows(figures, links),
        "slow": [slow_row(row) for row in figures["slow"]],
        "red": [red_row(row) for row in figures["red"]],
        "files": {
            kind: reverse("bulletin_file", args=[*args, kind]) for kind in ("docx", "pdf", "xlsx")
        },
        "query": f"?edition={bulletin.edition}" if bulletin else "?draft=1",
        "issue_url": reverse("bulletin_issue", args=args),
        "may_issue": not why,
        "drafts": may_see_drafts(user),
        "trial_url": reverse("bulletin_trial", args=args),
        "months": neighbours(month, now),
    }


def trial_page(user: User, month: Month, asked: Any) -> dict[str, Any]:
    """The month by another scheme, and what of it deserves a second look."""
    scheme = scheme_of(month)
    found = {"month": month, "title": words.month_words(month), "scheme": scheme}
    if scheme is None:
        return found
    form = TrialForm(scheme, asked if "platform" in asked else None)
    if form.is_bound and not form.is_valid():
        return found | {"form": form}
    blown = blown_in(seen_by(user), month)
    looks, tried = checks(blown, int(form["minutes"].value())), trial(blown, form.tried())
    for row in tried["rows"]:
        row["url"] = Links(month).unit("scored", row["code"])
    return found | {"form": form, "trial": tried, "checks": looks}


def street_rows(figures: Figures, links: Links) -> list[dict[str, Any]]:
    rows = [words.rated(row) for row in figures["streets"]]
    found = [table_row(row["name"], row, words.STREETS, links.street, row["code"]) for row in rows]
    if len(rows) > 1:
        found.append(table_row("", words.street_totals(figures), words.STREETS, links.street))
    return found


def unit_rows(figures: Figures, links: Links) -> list[dict[str, Any]]:
    rows = figures["departments"]
    found = [
        table_row(row["name"], row, words.UNITS, links.unit, row["code"]) | {"rank": row["rank"]}
        for row in rows
    ]
    if len(rows) > 1:
        found.append(table_row("", words.unit_totals(figures), words.UNITS, links.unit))
    return found


def table_row(name: str, row: Figures, columns: Any, link: Any, code: str = "") -> dict[str, Any]:
    """A row whose numbers open what they count; a share opens what missed it."""
    return {
        "name": name,
        "cells": [cell(row, figure, opens, link, code) for figure, _head, opens in columns],
    }


def cell(row: Figures, figure: str, opens: str, link: Any, code: str) -> dict[str, Any]:
    counted = opens or figure
    late = row[counted] if counted.endswith("_late") else 0
    return {
        "text": words.shown(row[figure], share=words.is_share(figure)),
        "late": late,
        "url": link(counted, code) if row[counted] else "",
    }


def slow_row(row: Figures) -> dict[str, Any]:
    whistle = Whistle(status=row["status"])
    return row | {
        "badge": status_badge(whistle),
        "kind": Whistle.Kind(row["kind"]).label,
        "url": reverse("whistle", args=[row["number"]]),
    }


def red_row(row: Figures) -> dict[str, Any]:
    return row | {"day": day(row["at"]), "url": reverse("work_order", args=[row["order"]])}


def neighbours(month: Month, now: datetime.datetime) -> dict[str, str]:
    """The months before and after, as far as they have begun."""
    found = {}
    for name, other in (("before", month.before), ("after", month.next)):
        if other.start <= now and other.first.year >= FIRST_YEAR:
            found[name] = reverse("bulletin", args=[other.first.year, other.first.month])
    return found
