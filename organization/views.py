"""Pages about oneself: login, inbox, the user's own page."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organization import accounts
from organization import inbox as box
from organization.authority import posts_of
from organization.models import Notice, User

PAGE = 50


class Login(LoginView):
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"demo_accounts": accounts.demo_accounts(), "duty_phone": accounts.duty_phone()}
        return super().get_context_data(**kwargs) | shown


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What the reader's posts have been told, newest first; older by the key of the last one."""
    if request.GET.get("part") == "bell":
        return render(request, "parts/bell.html")
    user = cast(User, request.user)
    only = request.GET.get("kind", "")
    page = box.page(user, before=request.GET.get("before", ""), kind=only, size=PAGE)
    context = {
        "page": page,
        "kinds": Notice.Kind.choices,
        "kind": only,
        "posts": len(posts_of(user)),
    }
    return render(request, "organization/inbox.html", context)


@login_required
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go to its paper."""
    notice = get_object_or_404(box.notices_of(cast(User, request.user)), pk=pk)
    box.mark_read([notice.pk], timezone.now())
    return redirect(box.url_of(notice))


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    unread = box.notices_of(cast(User, request.user)).filter(read=None)
    count = box.mark_read(list(unread.values_list("pk", flat=True)), timezone.now())
    messages.success(request, _("%(n)s notices marked as read.") % {"n": count})
    return redirect("inbox")


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here: posts, duties and where they reach, logins."""
    user = cast(User, request.user)
    context = {
        "seats": accounts.seats(user),
        "absence": user.absences.filter(end__gt=timezone.now()).first(),
        "session_minutes": settings.SESSION_COOKIE_AGE // 60,
        "logins": accounts.logins(user),
    }
    return render(request, "organization/me.html", context)
