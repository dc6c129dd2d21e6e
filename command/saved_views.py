"""Views of a list that a person keeps: which there are, and keeping the present one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.models import SavedView
from organization.models import User
from whistle.filters import OrderFilter, WhistleFilter
from workflow.filters import PaperFilter

MOST = 20
FILTERS: dict[str, type[PaperFilter]] = {
    SavedView.List.ORDERS: OrderFilter,
    SavedView.List.WHISTLES: WhistleFilter,
}
# What else an address says about how a list is shown.
SHOWN = {"sort", "rows"}


class KeepForm(forms.Form):
    """`query` is the address of the list as it stands; what is no filter of it is left out."""

    list = forms.ChoiceField(choices=SavedView.List.choices)
    query = forms.CharField(max_length=4000)
    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=20)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.user = user

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "list" not in given or "name" not in given:
            return given
        given["query"] = known(given["list"], given.get("query", ""))
        if not given["query"]:
            raise ValidationError(_("Choose some filters first: there is nothing to keep."))
        own = SavedView.objects.filter(user=self.user, list=given["list"])
        if own.exclude(name=given["name"]).count() >= MOST:
            words = _("You keep %(most)s views of this list already: drop one first.")
            raise ValidationError(words % {"most": MOST})
        return given

    def keep(self) -> SavedView:
        """The view; another of this name gives way to it."""
        given = self.cleaned_data
        return SavedView.objects.update_or_create(
            user=self.user,
            list=given["list"],
            name=given["name"],
            defaults={"query": given["query"]},
        )[0]


def known(name: str, query: str) -> str:
    """The filters in an address that the list has and that mean something, as an address."""
    asked = QueryDict(query.lstrip("?"))
    form = FILTERS[name](asked)
    form.is_valid()
    text = written(asked, set(form.fields) - set(form.errors))
    longest = SavedView._meta.get_field("query").max_length
    if len(text) > (longest or 0):
        raise ValidationError(_("These are too many filters for one view."))
    return text


def written(query: QueryDict, names: set[str]) -> str:
    """The filters of these names, and how the list is shown, as an address."""
    names = names | SHOWN
    kept = {key: values for key, values in query.lists() if key in names and any(values)}
    return urlencode(kept, doseq=True)


def menu(user: User, name: str, found: Any) -> dict[str, Any]:
    """What `parts/saved_views.html` shows beside a list (`query` and `form` of it are asked)."""
    present = written(found.query, set(found.form.fields))
    return {"saved": views_of(user, name, present), "saved_list": name, "saved_query": present}


def views_of(user: User, name: str, present: str) -> list[dict[str, Any]]:
    """The one of them that the list shows now is marked."""
    return [
        {"view": view, "current": sorted_parts(view.query) == sorted_parts(present)}
        for view in SavedView.objects.filter(user=user, list=name)
    ]


def sorted_parts(query: str) -> list[str]:
    return sorted(query.split("&"))


def opening(user: User, name: str) -> SavedView | None:
    """The view with which the list opens."""
    return SavedView.objects.filter(user=user, list=name, opening=True).first()


@transaction.atomic
def open_with(view: SavedView) -> None:
    """Let the list open with this view; or no longer, if it did."""
    own = SavedView.objects.select_for_update().filter(user=view.user_id, list=view.list)
    on = not own.get(pk=view.pk).opening
    own.filter(opening=True).update(opening=False)
    own.filter(pk=view.pk).update(opening=on)
