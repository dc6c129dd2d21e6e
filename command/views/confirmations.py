"""The main leader's page: one card to confirm or to decline, the others behind it."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from command.confirming import card, disputes, row, to_confirm
from organization.authority import units_where
from organization.duty import Duty
from organization.models import User
from whistle.models import Whistle
from workflow.paging import page

PAGE = 20


@login_required
def confirmations(request: HttpRequest, number: str = "") -> HttpResponse:
    """The card of one whistle (the first due, unless one is named) and the list of the rest."""
    user, now = cast(User, request.user), timezone.now()
    own = units_where(user, Duty.CONFIRM)
    if not own:
        raise Http404
    waiting = to_confirm(user)
    try:
        found = page(waiting, request.GET.get("cursor", ""), PAGE, key=("due", "pk"))
    except ValidationError as error:
        raise Http404 from error
    chosen = get_object_or_404(waiting, number=number) if number else next(iter(found.rows), None)
    context = {
        "card": card(chosen, user, now) if chosen else None,
        "rows": [row(whistle, now) for whistle in found.rows],
        "chosen": chosen,
        "page": found,
        "disputes": disputes(user),
        "standing": Whistle.objects.visible_to(user).filter(caller__in=own).open().count(),
    }
    return render(request, "command/confirmations.html", context)
