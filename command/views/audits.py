"""What the nightly looks at all logs have found, for those who administer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from command.administration.rooms import rooms_of
from command.views.sendings import administrator
from workflow.models import Anchor, Audit
from workflow.trace import paper_models

NIGHTS = 31


@login_required
def audits(request: HttpRequest) -> HttpResponse:
    """The nights of a month, the faults of the last look, and the newest anchors."""
    user = administrator(request)
    context = {
        "rooms": rooms_of(request, user),
        "audits": Audit.objects.all()[:NIGHTS],
        "last": Audit.latest_result(),
        "anchors": newest_anchors(),
        "witness": Anchor.latest_day(),
    }
    return render(request, "command/audits.html", context)


def newest_anchors() -> list[tuple[str, Anchor]]:
    """The newest anchor of each flow, by what its papers are called."""
    names = {model.flow.name: str(model._meta.verbose_name) for model in paper_models()}
    newest = Anchor.objects.order_by("flow", "-pk").distinct("flow")
    return [(names.get(anchor.flow, anchor.flow), anchor) for anchor in newest]
