"""What the figures of a month say, in sentences; and every cell of the tables as text."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from command.bulletin.figures import Figures, Month
from command.overview.figures import percent
from organization.calendar_words import listed

SUMS_OF_STREETS = (
    "blown",
    "routine",
    "emergency",
    "tough",
    "closed",
    "reworked",
    "asked",
    "solved",
    "rated",
    "satisfied",
    "confirm_over",
    "confirm_late",
    "score_over",
    "score_late",
)
SUMS_OF_UNITS = (
    "called",
    "done",
    "redone",
    "disputes",
    "scored",
    "sign_over",
    "sign_late",
    "arrive_over",
    "arrive_late",
    "finish_over",
    "finish_late",
    "yellow",
    "red",
)
# Columns: the figure, its head, and for a share or a mean the count whose papers it opens.
STREETS = (
    ("blown", pgettext_lazy("bulletin", "Blown"), ""),
    ("routine", pgettext_lazy("bulletin", "Routine"), ""),
    ("emergency", pgettext_lazy("bulletin", "Emergency"), ""),
    ("tough", pgettext_lazy("bulletin", "Tough"), ""),
    ("confirm_kept", gettext_lazy("Confirmed in time"), "confirm_late"),
    ("score_kept", gettext_lazy("Scored in time"), "score_late"),
    ("close_rate", gettext_lazy("Concluded %"), "closed"),
    ("solved_rate", gettext_lazy("Solved %"), "solved"),
    ("satisfied_rate", gettext_lazy("Satisfied %"), "satisfied"),
)
UNITS = (
    ("called", pgettext_lazy("bulletin", "Called"), ""),
    ("sign_kept", gettext_lazy("Signed in time"), "sign_late"),
    ("arrive_kept", gettext_lazy("Arrived in time"), "arrive_late"),
    ("finish_kept", gettext_lazy("Finished in time"), "finish_late"),
    ("redone", pgettext_lazy("bulletin", "Redone"), ""),
    ("disputes", pgettext_lazy("bulletin", "Disputes lost"), ""),
    ("yellow", gettext_lazy("Yellow cards"), ""),
    ("red", gettext_lazy("Red cards"), ""),
    ("mean", gettext_lazy("Mean score"), "scored"),
)


# What the tables do not show, for the workbook.
COUNTS = {
    "closed": gettext_lazy("Concluded"),
    "reworked": pgettext_lazy("fact", "Sent back as unsolved"),
    "asked": pgettext_lazy("fact", "Reporter asked"),
    "solved": pgettext_lazy("fact", "Solved"),
    "rated": pgettext_lazy("fact", "Satisfaction told"),
    "satisfied": pgettext_lazy("fact", "Satisfied"),
    "confirm_over": pgettext_lazy("bulletin", "To confirm"),
    "confirm_late": pgettext_lazy("fact", "Confirmed late"),
    "score_over": pgettext_lazy("bulletin", "To score"),
    "score_late": pgettext_lazy("fact", "Scored late"),
    "done": pgettext_lazy("fact", "Answered"),
    "scored": pgettext_lazy("fact", "Scored"),
    "sign_over": pgettext_lazy("bulletin", "To sign"),
    "sign_late": pgettext_lazy("fact", "Signed late"),
    "arrive_over": pgettext_lazy("bulletin", "To arrive"),
    "arrive_late": pgettext_lazy("fact", "Arrived late"),
    "finish_over": pgettext_lazy("bulletin", "To finish"),
    "finish_late": pgettext_lazy("fact", "Finished late"),
}


def title(month: Month) -> str:
    words = _("Bulletin of whistles and reports, %(month)s")
    return words % {"month": month_words(month)}


def month_words(month: Month) -> str:
    given = {"year": month.first.year, "month": month.first.month}
    return pgettext("month", "%(year)s-%(month)s") % given


def rated(row: Figures) -> Figures:
    """A row of streets with its shares in percent."""
    return row | {
        "close_rate": percent(row["closed"], row["blown"]),
        "solved_rate": percent(row["solved"], row["asked"]),
        "satisfied_rate": percent(row["satisfied"], row["rated"]),
    }


def totals(rows: list[Figures], names: Iterable[str], limits: Iterable[str]) -> Figures:
    """The sums of a table's counts, with the shares of the limits kept."""
    sums: Figures = {name: sum(row[name] for row in rows) for name in names}
    for what in limits:
        over, late = sums[f"{what}_over"], sums[f"{what}_late"]
        sums[f"{what}_kept"] = percent(over - late, over)
    return sums


def street_totals(figures: Figures) -> Figures:
    return rated(totals(figures["streets"], SUMS_OF_STREETS, ("confirm", "score")))


def unit_totals(figures: Figures) -> Figures:
    """Of all departments; their mean is that of all scores."""
    rows = figures["departments"]
    sums = totals(rows, SUMS_OF_UNITS, ("sign", "arrive", "finish"))
    scored = sum(row["mean"] * row["scored"] for row in rows if row["mean"] is not None)
    sums["mean"] = round(scored / sums["scored"], 1) if sums["scored"] else None
    return sums


def shown(value: Any, *, share: bool = False) -> str:
    if value is None:
        return "—"
    return f"{value:g}%" if share else f"{value:g}"


def is_share(name: str) -> bool:
    return name.endswith(("_kept", "_rate"))


def summary(figures: Figures) -> list[str]:
    """Paragraphs made from the figures; nothing is said of what did not happen."""
    streets, units = street_totals(figures), unit_totals(figures)
    if not streets["blown"]:
        return [_("No whistle was blown in this month.")]
    return [
        part
        for part in (of_streets(streets), of_units(units), of_people(streets), of_ranks(figures))
        if part
    ]


def of_streets(sums: Figures) -> str:
    words = _(
        "The streets blew %(blown)s whistles: %(routine)s routine, %(emergency)s emergency, "
        "%(tough)s tough. %(closed)s are concluded (%(close)s)."
    )
    return words % {**sums, "close": shown(sums["close_rate"], share=True)}


def of_units(sums: Figures) -> str:
    words = _(
        "Departments were called %(called)s times; %(sign)s signed, %(arrive)s arrived and "
        "%(finish)s finished in time. Redone: %(redone)s; disputes lost: %(disputes)s; "
        "yellow cards: %(yellow)s, red cards: %(red)s."
    )
    kept = {what: shown(sums[f"{what}_kept"], share=True) for what in ("sign", "arrive", "finish")}
    return words % {**sums, **kept}


def of_people(sums: Figures) -> str:
    if not sums["asked"]:
        return ""
    words = _(
        "%(asked)s reporters were reached: solved %(solved)s (%(solved_rate)s), "
        "satisfied %(satisfied)s of %(rated)s (%(satisfied_rate)s)."
    )
    rates = {name: shown(sums[name], share=True) for name in ("solved_rate", "satisfied_rate")}
    return words % {**sums, **rates}


def of_ranks(figures: Figures) -> str:
    """The best three and, where there are more than six, the last three."""
    scored = [row for row in figures["departments"] if row["mean"] is not None]
    if not scored:
        return ""
    said = _("Best mean scores: %(best)s.") % {"best": ranks(scored[:3])}
    if len(scored) > 6:
        said += _(" Lowest: %(last)s.") % {"last": ranks(scored[-3:])}
    return said


def ranks(rows: list[Figures]) -> str:
    return listed(f"{row['name']} {row['mean']:g}" for row in rows)
