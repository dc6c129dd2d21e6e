"""The limits of filing conditions, for who administers the district."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from command.administration.filings import FilingForm, FilingSearch, table
from command.views.policy import administrator, edit, show
from whistle.models import Condition


@login_required
def filing_table(request: HttpRequest) -> HttpResponse:
    administrator(request)
    search = FilingSearch(request.GET)
    classes = table(search.found(), timezone.localdate())
    count = sum(len(group["rows"]) for group in classes)
    return show(request, "filings", {"search": search, "classes": classes, "count": count})


@login_required
def filing_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A new limit of one condition."""
    user = administrator(request)
    known = Condition.objects.filter(active=True).select_related("category")
    condition = get_object_or_404(known, pk=pk)
    form = FilingForm(condition, user, request.POST if request.method == "POST" else None)
    return edit(request, form, "filing_edit", {"condition": condition})
