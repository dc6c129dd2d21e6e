"""Which part of the district a page is about: the whole of what one may see, or one street."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organization.authority import grants_of, units_where
from organization.models import Unit, User


def streets_of(user: User) -> QuerySet[Unit]:
    """The streets that lie in what the person may see."""
    units = units_where(user)
    within = Q(path__overlap=list(units))
    return Unit.objects.filter(within, kind=Unit.Kind.STREET).order_by("code")


def chosen_street(user: User, code: str) -> Unit | None:
    """The street of the URL, if the person may see it; 404 for any other code."""
    if not code:
        return None
    street = streets_of(user).filter(code=code).first() if code.isalnum() else None
    if street is None:
        raise Http404
    return street


def viewer_of(user: User, street: Unit | None) -> int | None:
    """The district or street in whose sight is exactly what the person sees of the page's part.

    None: his sight is put together otherwise, as a department's is.
    """
    kinds, units = grants_of(user).kinds, units_where(user)
    whole = [pk for pk in units if kinds[pk] == Unit.Kind.DISTRICT]
    if whole:
        return whole[0]
    if street and street.pk in units:
        return street.pk
    alone = len(units) == 1 and kinds[min(units)] == Unit.Kind.STREET
    return min(units) if alone else None


def scope_menu(user: User, street: Unit | None, query: Mapping[str, Any]) -> dict[str, Any]:
    """The switch in the top bar: everything, or one of the streets."""
    keep = {k: v for k, v in query.items() if k != "street"}
    everything = {"label": _("Whole district"), "url": "?" + urlencode(keep), "current": not street}
    options = [
        {
            "label": unit.title,
            "url": "?" + urlencode(keep | {"street": unit.code}),
            "current": street is not None and unit.pk == street.pk,
        }
        for unit in streets_of(user)
    ]
    if len(options) <= 1:
        return {"label": options[0]["label"] if options else _("My area"), "options": []}
    return {
        "label": street.title if street else everything["label"],
        "options": [everything, *options],
    }
