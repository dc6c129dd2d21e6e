"""SMS, calls and mail that the platform has sent: the list, and another try for what failed."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command.administration.rooms import rooms_of
from command.offices import offices_of
from command.sendings import SendingList, channels, messages_for, quiet_rows, row_of
from organization.models import User
from organization.sending import oldest_unsent, send_again


def administrator(request: HttpRequest) -> User:
    """The person, if he administers any unit; for all others there is no such page."""
    user = cast(User, request.user)
    if not offices_of(user).any_of(frozenset({"administrator"})):
        raise Http404
    return user


@login_required
def sendings(request: HttpRequest) -> HttpResponse:
    user, now = administrator(request), timezone.now()
    found = SendingList(user, request.GET, now)
    shown = found.page()
    oldest = oldest_unsent(now)
    context = {
        "rooms": rooms_of(request, user),
        "list": found,
        "tabs": found.tabs(),
        "rows": [row_of(message) for message in shown.rows],
        "pages": {
            "newer_url": found.url(cursor=shown.previous) if shown.previous else "",
            "older_url": found.url(cursor=shown.next) if shown.next else "",
        },
        "channels": channels(),
        "quiet": quiet_rows(),
        "minutes": int(oldest.total_seconds() // 60) if oldest else 0,
    }
    return render(request, "command/sendings.html", context)


@login_required
@require_POST
def sending_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a message that failed for good another round of attempts."""
    message = get_object_or_404(messages_for(administrator(request)), pk=pk)
    if send_again(message.pk, timezone.now()):
        messages.success(request, _("It is sent again now."))
    else:
        messages.error(request, _("It is no longer a failed one: nothing was changed."))
    found = SendingList(cast(User, request.user), request.POST, timezone.now())
    return redirect(reverse("sendings") + found.url())
