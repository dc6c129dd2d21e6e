"""The way in: each office lands on its own workbench."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from command.offices import WORKBENCH, offices_of
from organization.models import User


@login_required
def home(request: HttpRequest) -> HttpResponse:
    office = offices_of(cast(User, request.user)).main
    return redirect(WORKBENCH.get(office, "me"))
