"""Keeping a list's filters under a name, and letting such views go."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command import saved_views
from command.models import SavedView
from organization.models import User


@login_required
@require_POST
def view_keep(request: HttpRequest) -> HttpResponse:
    """Back to the list as it was, whether it could be kept or not."""
    form = saved_views.KeepForm(cast(User, request.user), request.POST)
    if form.is_valid():
        view = form.keep()
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
        return redirect(view.url)
    messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    name = form.cleaned_data.get("list")
    return redirect(f"{reverse(name)}?{request.POST.get('query', '').lstrip('?')}" if name else "/")


@login_required
@require_POST
def view_drop(request: HttpRequest, pk: int) -> HttpResponse:
    view = own(request, pk)
    view.delete()
    messages.success(request, _("The view “%(name)s” is dropped.") % {"name": view.name})
    return redirect(view.url)


@login_required
@require_POST
def view_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the list open with it, or no longer."""
    view = own(request, pk)
    saved_views.open_with(view)
    return redirect(view.url)


def own(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, user=cast(User, request.user))
