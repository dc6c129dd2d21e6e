"""The survey: what the reporter says by a link of how the matter was settled."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User
from organization.sealed import SealedField, secret_hashes
from whistle import flow, survey_flow
from whistle.models.orders import CODE_ALPHABET, WorkOrder, WorkOrderSight
from whistle.models.whistles import Whistle
from workflow.models import Attachment, Clock, Event, Firing, Paper, PaperQuerySet

SIGNS = 12
# Satisfaction up to here is dissatisfaction (好差评 GB/T 39735: two of the five levels).
BAD = 2


def make_survey_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _sign in range(SIGNS))


class SurveyQuerySet(PaperQuerySet):
    def visible_to(self, user: User) -> "SurveyQuerySet":
        seen = WorkOrderSight.objects.filter(unit__in=units_where(user, Duty.VIEW))
        return self.filter(order__in=seen.values("paper"))

    def of_code(self, code: str) -> Any:
        """The survey that a link leads to, whichever of the keys hid its code."""
        return self.filter(code_hash__in=secret_hashes(code)).first()

    def displeased(self) -> "SurveyQuerySet":
        """Answered with “not solved”, or with dissatisfaction."""
        return self.filter(Q(solved=False) | Q(satisfaction__lte=BAD), status=flow.ANSWERED)


class Survey(Paper):
    """Asked of who reported, at a secret address: is it solved, and how satisfied are you?

    Before a whistle's result is accepted (verify 核实), or in place of a call (callback 回访). The
    database holds the code encrypted, and a keyed hash by which the address is found. What the
    resident wrote stands in the log alone, where the law can have it erased.
    """

    class Status(models.TextChoices):
        ASKED = flow.ASKED, pgettext_lazy("survey", "Waits for the resident")
        ANSWERED = flow.ANSWERED, pgettext_lazy("survey", "Answered")
        LAPSED = flow.LAPSED, pgettext_lazy("survey", "Not answered")
        DROPPED = survey_flow.DROPPED, pgettext_lazy("survey", "Withdrawn")

    class Kind(models.TextChoices):
        VERIFY = "verify", _("Survey before the result is accepted")
        CALLBACK = "callback", _("Survey as callback")

    class Silence(models.TextChoices):
        """What it means when the reporter does not answer, by the rule of the day of asking."""

        CLOSED = "closed", pgettext_lazy("silence", "the order is closed")
        CALLED = "called", pgettext_lazy("silence", "the reporter is to be called")

    flow = survey_flow.SURVEY
    to_root = "order"
    to_seen = "order"

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="surveys")
    whistle = models.ForeignKey(
        Whistle, models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    code = SealedField(max_length=SIGNS, default=make_survey_code, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    texted = models.BooleanField(_("sent to the reporter's phone"), default=False)
    silence = models.CharField(
        _("silence"), max_length=8, choices=Silence.choices, default=Silence.CALLED
    )
    solved = models.BooleanField(_("solved"), null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("satisfaction survey")
        verbose_name_plural = _("satisfaction surveys")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="asked"), name="survey_one_open_per_order"
            ),
            models.CheckConstraint(
                condition=Q(status="answered", solved__isnull=False, satisfaction__range=(1, 5))
                | (~Q(status="answered") & Q(solved=None, satisfaction=None)),
                name="survey_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(silence="called") | Q(silence="closed", kind="callback", texted=True),
                name="survey_silence_of_texted_callback",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"/surveys/{self.pk}/"

    @property
    def silence_closes(self) -> bool:
        return self.silence == self.Silence.CLOSED

    @property
    def displeased(self) -> bool:
        return self.solved is False or (self.satisfaction or 5) <= BAD

    @property
    def asker(self) -> Unit:
        """Who has to know: the community of a level-2 whistle, else the order's centre."""
        community = self.whistle is not None and self.whistle.is_level_two
        return self.whistle.caller if community else self.order.centre  # type: ignore[union-attr]

    @property
    def root(self) -> Paper:
        return self.order

    def root_pk(self) -> tuple[type[Paper], int]:
        return WorkOrder, self.order_id

    def adopt(self, root: Paper) -> None:
        self.order = root  # type: ignore[assignment]

    def place(self, at: str) -> Unit | None:
        return self.asker

    def clock_unit(self, what: str) -> Unit:
        return self.asker

    def policy_kind(self) -> str:
        return self.kind

    def policy_area(self) -> str:
        return self.order.area_level

    def units_concerned(self) -> list[Unit]:
        return [self.asker]

    def subject_line(self) -> tuple[str, str]:
        return self.order.number or "", self.order.title


class SurveyEvent(Event):
    paper = models.ForeignKey(Survey, models.PROTECT, related_name="events", db_index=False)


class SurveyClock(Clock):
    paper = models.ForeignKey(Survey, models.PROTECT, related_name="clocks", db_index=False)


class SurveyFiring(Firing):
    clock = models.ForeignKey(SurveyClock, models.CASCADE, related_name="firings", db_index=False)


class SurveyPhoto(Attachment):
    """None are asked for; the trace reads the photos of every kind of paper alike."""

    paper = models.ForeignKey(Survey, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(SurveyEvent, models.PROTECT, related_name="photos")
