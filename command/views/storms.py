"""Storm orders for who administers the district; every one is shown before it is made."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from command.administration import storms
from command.views.policy import administrator, edit, show
from workflow.models import StormOrder


@login_required
def storm_table(request: HttpRequest) -> HttpResponse:
    administrator(request)
    return show(request, "storms", dict(storms.table(timezone.now())))


@login_required
def storm_new(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    data = request.POST if request.method == "POST" else None
    form = storms.StormForm(user, data, initial={"effect": StormOrder.Effect.HOLD})
    return edit(request, form, "storm_edit", {})


@login_required
def storm_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = administrator(request)
    storm = get_object_or_404(StormOrder.objects.select_related("area", "actor"), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = storms.CalmForm(storm, user, data)
    return edit(request, form, "storm_edit", {"ending": storms.row_of(storm, timezone.now())})
