"""What asking, answering, leaving unanswered and dropping a satisfaction survey sets off."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organization.authority import posts_holding
from organization.calendar_words import format_due
from organization.duty import Duty
from organization.models import Notice, Outbox
from organization.outbox import text_resident
from organization.sealed import Unreadable, secret_hashes
from whistle import flow
from whistle.flow import ORDER, WHISTLE
from whistle.models import SilenceRule, Survey, Whistle, WorkOrder
from whistle.survey_flow import SURVEY
from whistle.surveying import answer_to, facts
from workflow.actions import Act
from workflow.errors import NotPossible

# The keys of the two messages about a survey: each goes once.
FIRST, AGAIN = "survey:%s", "survey:%s:again"


@ORDER.on("then", "survey")
def ask_as_callback(act: Act) -> None:
    act.give_birth(Survey(order=act.paper, kind=Survey.Kind.CALLBACK), "ask")


@WHISTLE.on("then", "survey")
def ask_of_result(act: Act) -> None:
    whistle = act.paper
    survey = Survey(order=whistle.order, whistle=whistle, kind=Survey.Kind.VERIFY)
    act.give_birth(survey, "ask")


@SURVEY.on("rule", "ask")
def hide_code(act: Act) -> None:
    act.paper.code_hash = secret_hashes(act.paper.code)[0]
    phone = act.paper.order.reporter_phone
    act.paper.texted = bool(phone) and not isinstance(phone, Unreadable)


@SURVEY.on("rule", "ask")
def fix_silence(act: Act) -> None:
    """Only who was sent the address by phone can be said to have kept silent."""
    survey = act.paper
    if survey.texted and survey.kind == Survey.Kind.CALLBACK:
        survey.silence = SilenceRule.on("survey", timezone.localdate(act.now))
    act.data["silence"] = survey.silence


@SURVEY.on("then", "ask")
def text_first(act: Act) -> None:
    """Who reported by phone gets the address there, in the language of the house."""
    with translation.override(settings.LANGUAGE_CODE):
        words = _("%(centre)s: your report %(number)s has been settled. Tell us what you think: ")
    text_link(act, FIRST, words)


@SURVEY.on("then", "remind")
def text_again(act: Act) -> None:
    """Who has not answered is reminded once, by the first warning of the ladder."""
    with translation.override(settings.LANGUAGE_CODE):
        words = _("%(centre)s: your word on report %(number)s is still missing. Please tell us: ")
    text_link(act, AGAIN, words)


def text_link(act: Act, key: str, words: str) -> None:
    survey = act.paper
    if not survey.texted:
        return
    clock = survey.clocks.filter(what="answer").first()
    with translation.override(settings.LANGUAGE_CODE):
        until = until_words(survey) % {"due": format_due(clock.due)} if clock else ""
    names = {"centre": survey.order.signature, "number": survey.order.number}
    text_resident(
        survey.asker,
        survey.order.reporter_phone,
        key=key % survey.pk,
        text=words % names,
        secret=link(survey),
        end=until,
        now=act.now,
    )


def until_words(survey: Survey) -> str:
    if survey.silence_closes:
        return _(" (until %(due)s; without an answer the matter is closed)")
    return _(" (until %(due)s)")


def link(survey: Survey) -> str:
    """The address that a resident opens."""
    return settings.PUBLIC_URL + reverse("survey_answer", args=[survey.code])


@SURVEY.on("rule", "answer")
def note_answer(act: Act) -> None:
    act.paper.solved = act.given["solved"]
    act.paper.satisfaction = act.given["satisfaction"]


@SURVEY.on("then", "answer")
def pass_on_answer(act: Act) -> None:
    """An order that waits for its callback has it now; who is displeased waits for a decision."""
    survey, order = act.paper, act.paper.order
    if order.status == flow.VERIFIED:
        act.step_on(order, "callback", **facts(survey))
    kind = Notice.Kind.WAITS if survey.displeased else Notice.Kind.TOLD
    tell_asker(act, kind)


@SURVEY.on("then", "lapse")
def end_in_silence(act: Act) -> None:
    """By the rule of the day of asking the order is closed; else somebody has to call."""
    if act.paper.silence_closes and was_sent(act.paper) and closed_unheard(act):
        tell_asker(act, Notice.Kind.TOLD)
    else:
        tell_asker(act, Notice.Kind.LATE, clock="answer")


def was_sent(survey: Survey) -> bool:
    keys = [FIRST % survey.pk, AGAIN % survey.pk]
    gone = [Outbox.State.SENT, Outbox.State.DELIVERED]
    return Outbox.objects.filter(key__in=keys, state__in=gone).exists()


def closed_unheard(act: Act) -> bool:
    """Note the silence as the callback and close, unless a rule of the order is against it."""
    order = act.paper.order
    with translation.override(settings.LANGUAGE_CODE):
        remark = _("The survey sent to the reporter's phone was not answered in time.")
    try:
        with transaction.atomic():
            if order.called_back is None:
                act.step_on(order, "callback", contacted="no", remark=remark)
            act.step_on(order, "close")
    except (NotPossible, ValidationError):
        order.refresh_from_db()
        return False
    return True


def tell_asker(act: Act, kind: str, clock: str = "") -> None:
    Notice.objects.bulk_create(
        act.paper.notice(post, kind, act.step.verb, act.now, clock=clock)
        for post in posts_holding([Duty.INSPECT], act.paper.asker)
    )


@WHISTLE.on("rule", "verify")
def need_answer(act: Act) -> None:
    """Only an answer that says “solved” proves a result; any answer is the order's callback."""
    said = answer_to(act.paper)
    if said is not None:
        act.data["survey"] = said.pk
    if act.given["method"] != Whistle.Method.SURVEY:
        return
    if said is None:
        raise ValidationError(
            {"method": _("No survey has been answered since all have finished: ask for one first.")}
        )
    if said.solved is False:
        words = _("The resident says that it is not solved: send it back, or check in another way.")
        raise ValidationError({"method": words})


def call_back_by(act: Act, order: WorkOrder) -> None:
    """The resident has said it already: the accepted order needs no other callback."""
    if pk := act.data.get("survey"):
        act.step_on(order, "callback", **facts(Survey.objects.get(pk=pk)))


@ORDER.on("then", "callback")
def spare_second_question(act: Act) -> None:
    if act.paper.solved is not None:
        drop_open(act)


@ORDER.on("then", "rework", "reopen", "close", "void")
@WHISTLE.on("then", "rework", "cancel")
def drop_open(act: Act) -> None:
    """Nobody is asked about a result that no longer stands, or twice."""
    for survey in Survey.objects.filter(order=act.paper.root).open():
        act.step_on(survey, "drop")
