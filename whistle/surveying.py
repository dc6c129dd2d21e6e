"""Satisfaction surveys (满意度调查): what an answer is worth."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from whistle import flow
from whistle.models import Survey, Whistle


def answer_to(whistle: Whistle) -> Survey | None:
    """What the resident said of the result that is to be checked now: since all have answered."""
    if whistle.status != flow.SETTLED:
        return None
    fresh = [
        survey
        for survey in whistle.order.surveys.all()
        if survey.whistle_id == whistle.pk
        and survey.status == flow.ANSWERED
        and survey.created >= whistle.status_since
    ]
    return max(fresh, key=lambda survey: survey.pk, default=None)


def displeased_orders() -> Q:
    """Orders whose reporter is not content and that somebody has to decide on: rework or close."""
    said = Survey.objects.filter(
        order=OuterRef("pk"),
        whistle__status=flow.SETTLED,
        created__gte=F("whistle__status_since"),
    )
    called_back = Q(status=flow.VERIFIED) & (Q(solved=False) | Q(satisfaction__lte=2))
    return called_back | Q(Exists(said.displeased()), status=flow.WHISTLED)


def facts(survey: Survey) -> dict[str, Any]:
    """The answer as the facts of a callback (回访)."""
    answer = survey.events.get(verb="answer")
    given = {"contacted": "yes", "solved": survey.solved, "satisfaction": survey.satisfaction}
    remark = answer.words.get("remark")
    return given | ({"remark": remark} if remark else {})
