"""The calendar of the year and the working hours, for who administers the district."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from command.administration import days, hours
from command.views.policy import administrator, edit, show
from organization.calendar_page import year_view
from organization.models import Unit
from organization.models.calendar import CalendarYear


@login_required
def calendar_year(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The year with its days off and its days worked in exchange; days can be clicked to edit."""
    user = administrator(request)
    year = year or timezone.localdate().year
    if not days.FIRST <= year <= days.LAST:
        raise Http404
    form = days.DaysForm(user, request.POST if request.method == "POST" else None)
    context = {
        "year": year_view(year),
        "entered": CalendarYear.objects.filter(year=year).first(),
        "stored": {day: kind for day, (kind, _name) in days.stored_days(year).items()},
        "before": year - 1 if year > days.FIRST else None,
        "after": year + 1 if year < days.LAST else None,
        "today": timezone.localdate(),
    }
    return edit(request, form, "calendar", context)


@login_required
def calendar_notice(request: HttpRequest) -> HttpResponse:
    """Enter a year from its notice: read it first, look, then ask what it would move."""
    user = administrator(request)
    first = {"year": request.GET.get("year") or timezone.localdate().year + 1}
    if request.method != "POST":
        return show(request, "notice", {"form": days.NoticeForm(user, initial=first)})
    form = days.NoticeForm(user, request.POST, request.FILES)
    if "ask" in request.POST:
        return edit(request, form, "notice", notice_context(form))
    read = form.is_valid()
    if read:  # what was uploaded goes on as text
        form.data = form.data.copy()
        form.data["text"] = form.cleaned_data["text"]
        form.data["number"] = form.cleaned_data["number"]
    return show(request, "notice", {"form": form, **notice_context(form)}, 200 if read else 400)


def notice_context(form: days.NoticeForm) -> dict[str, object]:
    if not form.is_valid() or form.found is None:
        return {}
    found = form.found
    return {"rows": days.read_rows(found), "skipped": found.skipped, "edited": form.edited()}


@login_required
def hours_table(request: HttpRequest) -> HttpResponse:
    administrator(request)
    units = Unit.objects.exclude(kind=Unit.Kind.GRID).order_by("code")
    context = {"units": hours.table(timezone.localdate()), "choices": units}
    return show(request, "hours", context)


@login_required
def hours_edit(request: HttpRequest) -> HttpResponse:
    """New hours of the unit of the address, or of the whole district."""
    user = administrator(request)
    code = request.GET.get("unit", "")
    unit = get_object_or_404(Unit, code=code) if code else None
    data = request.POST if request.method == "POST" else None
    form = hours.HoursForm(unit, user, data, initial={"valid_from": timezone.localdate()})
    return edit(request, form, "hours_edit", {"unit": unit})
