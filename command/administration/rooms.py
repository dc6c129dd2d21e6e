"""The pages of the one room 管理: the district's rules, messages sent, checks of the logs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from command.offices import offices_of
from organization.models import User

RULES, ANY = "rules", "administrator"


@dataclass(frozen=True)
class Leaf:
    """A page of the room; `inner` are the pages that stand under it, `office` whose it is."""

    name: str
    label: Any
    inner: tuple[str, ...] = ()
    office: str = RULES


LEAVES = (
    Leaf("administration", pgettext_lazy("administration", "Waiting")),
    Leaf("limits", pgettext_lazy("administration", "Time limits"), ("limit_edit",)),
    Leaf("filings", pgettext_lazy("administration", "Filing conditions"), ("filing_edit",)),
    Leaf("ladders", pgettext_lazy("administration", "Ladders"), ("ladder_edit",)),
    Leaf("calendar", gettext_lazy("Working calendar"), ("calendar_year", "calendar_notice")),
    Leaf("hours", gettext_lazy("Working hours"), ("hours_edit",)),
    Leaf("storms", gettext_lazy("Storm mode"), ("storm_new", "storm_end")),
    Leaf("silence", pgettext_lazy("administration", "Silence"), ("silence_edit",)),
    Leaf("tellings", pgettext_lazy("administration", "Texts to reporters"), ("telling_edit",)),
    Leaf("phrases", gettext_lazy("Ready phrases"), ("phrase_new", "phrase_edit")),
    Leaf("policy_changes", pgettext_lazy("administration", "Changes"), ("policy_change",)),
    Leaf("roster", pgettext_lazy("administration", "Duty roster")),
    Leaf("sendings", gettext_lazy("Messages sent"), office=ANY),
    Leaf("quiet", pgettext_lazy("administration", "Quiet hours"), ("quiet_edit",)),
    Leaf("audits", gettext_lazy("Checks of the logs"), office=ANY),
)


def rooms_of(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """What `command/administration/rooms.html` shows: the pages that are this person's."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    offices = offices_of(user)
    return [
        {
            "url": reverse(leaf.name),
            "label": leaf.label,
            "current": here in (leaf.name, *leaf.inner),
        }
        for leaf in LEAVES
        if offices.any_of(frozenset({leaf.office}))
    ]
