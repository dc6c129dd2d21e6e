"""What verbs, clocks, grounds and answers are called on screen: the words of the contract."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whistle.assignment_flow import ASSIGNMENT
from whistle.flow import ORDER, RESPONSE, VERIFICATION, WHISTLE
from whistle.request_flow import REQUEST
from whistle.supervision_flow import SUPERVISION
from whistle.survey_flow import SURVEY

ORDER.labels |= {
    "report": pgettext_lazy("verb", "Report"),
    "fix": pgettext_lazy("verb", "Fixed on the spot"),
    "take": pgettext_lazy("verb", "Take on"),
    "check": pgettext_lazy("verb", "Ask to check"),
    "register": pgettext_lazy("verb", "Register"),
    "refuse": pgettext_lazy("verb", "Refuse"),
    "merge": pgettext_lazy("verb", "Merge"),
    "split": pgettext_lazy("verb", "Split"),
    "divide": pgettext_lazy("verb", "Divide"),
    "part": pgettext_lazy("verb", "Made a part"),
    "gather": pgettext_lazy("verb", "All parts are done"),
    "undivide": pgettext_lazy("verb", "Without parts again"),
    "dispatch": pgettext_lazy("verb", "Dispatch"),
    "recall": pgettext_lazy("verb", "Dispatch anew"),
    "accept": pgettext_lazy("verb", "Sign for"),
    "pass_on": pgettext_lazy("verb", "Pass on"),
    "send_back": pgettext_lazy("verb", "Send back"),
    "designate": pgettext_lazy("verb", "Designate"),
    "grade": pgettext_lazy("verb", "Grade"),
    "whistle": pgettext_lazy("verb", "Whistle"),
    "unwhistle": pgettext_lazy("verb", "Whistle taken back"),
    "handle": pgettext_lazy("verb", "Report as handled"),
    "settle": pgettext_lazy("verb", "Whistle settled"),
    "verify": pgettext_lazy("verb", "Verified"),
    "rework": pgettext_lazy("verb", "Rework"),
    "callback": pgettext_lazy("verb", "Call back"),
    "survey": pgettext_lazy("verb", "Ask by survey"),
    "close": pgettext_lazy("verb", "Close the case"),
    "reopen": pgettext_lazy("verb", "Reopen"),
    "suspend": pgettext_lazy("verb", "Suspend"),
    "resume": pgettext_lazy("verb", "Resume"),
    "extend": pgettext_lazy("verb", "Limit extended"),
    "void": pgettext_lazy("verb", "Declare void"),
    "relate": pgettext_lazy("verb", "Relate"),
    "unrelate": pgettext_lazy("verb", "Relate no longer"),
    "note": pgettext_lazy("verb", "Add a note"),
    "inform": pgettext_lazy("verb", "Tell the reporter"),
    "urge": pgettext_lazy("verb", "Urge"),
    "remind": pgettext_lazy("verb", "Reminder"),
    "escalate": pgettext_lazy("verb", "Escalation"),
}
WHISTLE.labels |= {
    "blow": pgettext_lazy("verb", "Blow"),
    "draft": pgettext_lazy("verb", "Draft a whistle"),
    "confirm": pgettext_lazy("verb", "Confirm as main leader"),
    "blow_now": pgettext_lazy("verb", "Emergency whistle"),
    "decline": pgettext_lazy("verb", "Decline"),
    "raise": pgettext_lazy("verb", "Raise to level 3"),
    "lower": pgettext_lazy("verb", "Back at level 2"),
    "add": pgettext_lazy("verb", "Call one more"),
    "leader_report": pgettext_lazy("verb", "Double reporting"),
    "meet": pgettext_lazy("verb", "Call a joint meeting"),
    "minute": pgettext_lazy("verb", "Keep the minutes"),
    "call_off": pgettext_lazy("verb", "Call the meeting off"),
    "settle": pgettext_lazy("verb", "All have answered"),
    "survey": pgettext_lazy("verb", "Ask by survey"),
    "verify": pgettext_lazy("verb", "Accept the result"),
    "rework": pgettext_lazy("verb", "Not solved: send back"),
    "score": pgettext_lazy("verb", "Score"),
    "close": pgettext_lazy("verb", "Conclude"),
    "cancel": pgettext_lazy("verb", "Cancel the whistle"),
    "note": pgettext_lazy("verb", "Add a note"),
    "remind": pgettext_lazy("verb", "Reminder"),
    "escalate": pgettext_lazy("verb", "Escalation"),
}
RESPONSE.labels |= {
    "call": pgettext_lazy("verb", "Call"),
    "sign": pgettext_lazy("verb", "Sign for"),
    "name": pgettext_lazy("verb", "Send somebody"),
    "assign": pgettext_lazy("verb", "Hand to a section"),
    "contact": pgettext_lazy("verb", "Contact"),
    "arrive": pgettext_lazy("verb", "Sign in on arrival"),
    "deny": pgettext_lazy("verb", "Was not there"),
    "plan": pgettext_lazy("verb", "Set a plan"),
    "progress": pgettext_lazy("verb", "Report progress"),
    "finish": pgettext_lazy("verb", "Finish"),
    "redo": pgettext_lazy("verb", "Do it again"),
    "dispute": pgettext_lazy("verb", "Dispute"),
    "designate": pgettext_lazy("verb", "Designate"),
    "move": pgettext_lazy("verb", "Hand to a successor"),
    "release": pgettext_lazy("verb", "Release"),
    "withdraw": pgettext_lazy("verb", "Withdraw"),
    "extend": pgettext_lazy("verb", "Limit extended"),
    "note": pgettext_lazy("verb", "Add a note"),
    "urge": pgettext_lazy("verb", "Urge"),
    "remind": pgettext_lazy("verb", "Reminder"),
    "escalate": pgettext_lazy("verb", "Escalation"),
}
VERIFICATION.labels |= {
    "ask": pgettext_lazy("verb", "Ask"),
    "answer": pgettext_lazy("verb", "Answer"),
    "remind": pgettext_lazy("verb", "Reminder"),
    "lapse": pgettext_lazy("verb", "Lapse"),
}
REQUEST.labels |= {
    "ask": pgettext_lazy("verb", "Request"),
    "grant": pgettext_lazy("verb", "Grant"),
    "reject": pgettext_lazy("verb", "Reject"),
    "withdraw": pgettext_lazy("request", "Take back"),
    "decide": pgettext_lazy("verb", "Decided by silence"),
    "drop": pgettext_lazy("verb", "No longer needed"),
    "remind": pgettext_lazy("verb", "Reminder"),
}
ASSIGNMENT.labels |= {
    "give": pgettext_lazy("assignment", "Give"),
    "answer": pgettext_lazy("assignment", "Report as done"),
    "cancel": pgettext_lazy("assignment", "Drop the task"),
    "remind": pgettext_lazy("verb", "Reminder"),
    "escalate": pgettext_lazy("verb", "Escalation"),
}
SURVEY.labels |= {
    "ask": pgettext_lazy("survey verb", "Survey asked"),
    "answer": pgettext_lazy("survey verb", "Resident answered"),
    "withdraw": pgettext_lazy("survey verb", "Withdraw the survey"),
    "drop": pgettext_lazy("verb", "No longer needed"),
    "remind": pgettext_lazy("verb", "Reminder"),
    "lapse": pgettext_lazy("verb", "Lapse"),
}
SUPERVISION.labels |= {
    "issue": pgettext_lazy("verb", "Issue"),
    "sign": pgettext_lazy("verb", "Sign for"),
    "report": pgettext_lazy("supervision verb", "Report progress"),
    "answer": pgettext_lazy("supervision verb", "Report as settled"),
    "reject": pgettext_lazy("verb", "Not accepted"),
    "sign_off": pgettext_lazy("verb", "Sign off"),
    "card": pgettext_lazy("verb", "Show a card"),
    "cancel": pgettext_lazy("supervision verb", "Withdraw the order"),
    "remind": pgettext_lazy("verb", "Reminder"),
    "escalate": pgettext_lazy("verb", "Escalation"),
}

CLOCKS: dict[str, Any] = {
    "triage": pgettext_lazy("clock", "triage"),
    "dispatch": pgettext_lazy("clock", "dispatch"),
    "sign": pgettext_lazy("clock", "signing"),
    "handle": pgettext_lazy("clock", "handling"),
    "check": pgettext_lazy("clock", "check"),
    "verify": pgettext_lazy("clock", "verification"),
    "callback": pgettext_lazy("clock", "callback"),
    "confirm": pgettext_lazy("clock", "confirmation"),
    "blow": pgettext_lazy("clock", "blowing"),
    "contact": pgettext_lazy("clock", "contact"),
    "arrive": pgettext_lazy("clock", "arrival"),
    "finish": pgettext_lazy("clock", "finish"),
    "arbitrate": pgettext_lazy("clock", "ruling"),
    "score": pgettext_lazy("clock", "scoring"),
    "answer": pgettext_lazy("clock", "answer"),
    "suspension": pgettext_lazy("clock", "suspension"),
    "decide": pgettext_lazy("clock", "decision"),
}
FLOWS = (ORDER, WHISTLE, RESPONSE, ASSIGNMENT, VERIFICATION, SURVEY, REQUEST, SUPERVISION)
for flow in FLOWS:
    flow.clock_labels |= CLOCKS
SUPERVISION.clock_labels |= {
    "report": pgettext_lazy("clock", "progress report"),
    "sign_off": pgettext_lazy("clock", "signing off"),
}


class RefusalGround(models.TextChoices):
    """The six cases in which a request is not dispatched (接诉即办条例)."""

    EMERGENCY = "emergency", _("An emergency call for 110, 119, 120 or 122")
    LEGAL = "legal", _("To be settled by a legal procedure")
    REPEATED = "repeated", _("Repeated without new facts")
    SECRET = "secret", _("Touches state, trade or personal secrets")
    BEYOND = "beyond", _("Beyond the duties of government")
    UNLAWFUL = "unlawful", _("Against law or public order")


class ReturnGround(models.TextChoices):
    """Why a unit sends an order back."""

    NOT_OURS = "not_ours", _("Not this unit's duty by law or list of powers")
    NOT_HERE = "not_here", _("Not in this unit's area")
    UNCLEAR = "unclear", _("Place or facts cannot be made out")
    ELSEWHERE = "elsewhere", _("Another unit is settling it already")


class ExemptionGround(models.TextChoices):
    """Why something is left out of the assessment (剔除)."""

    OUTSIDE = "outside", _("Outside this unit's duties")
    MALICIOUS = "malicious", _("Repeated in bad faith")
    LEGAL = "legal", _("Under a legal procedure")
    IMPOSSIBLE = "impossible", _("Impossible for objective reasons")


class DisputeGround(models.TextChoices):
    """Why a department disputes a call."""

    NO_POWER = "no_power", _("No power by law, rule or list of duties")
    DELEGATED = "delegated", _("The power has been delegated to the street")
    OTHER_BODY = "other_body", _("The law names another body")
    LEGAL = "legal", _("Under a legal procedure already")


class SupervisionGround(models.TextChoices):
    """The five cases in which a unit is put under supervision (Weifang's 12345 rules, 2021)."""

    REFUSED = "refused", _("Refuses to act, or passes it on without cause")
    OVERDUE = "overdue", _("Not settled within the limit")
    UNSOLVED = "unsolved", _("Not solved though it should be")
    EFFECT = "effect", _("Bad effect on the public")
    OTHER = "other", _("Another case that needs supervision")


class Presence(models.TextChoices):
    """How a leader reports for duty on a tough whistle (双报到)."""

    ON_SITE = "on_site", pgettext_lazy("presence", "On the spot")
    MEETING = "meeting", pgettext_lazy("presence", "At a joint meeting")
    VIDEO = "video", pgettext_lazy("presence", "By video")


class Grade(models.TextChoices):
    """Who can settle it, in the judgement of the office that holds it."""

    OWN = "own", _("The street settles it")
    DISTRICT = "district", _("Departments of the district are needed")


class OrderMethod(models.TextChoices):
    """How the centre itself verified what was handled."""

    SPOT = "spot", _("Check on the spot")
    PHOTO = "photo", _("Photos compared")
    PHONE = "phone", _("Asked by phone")
    VIDEO = "video", _("Seen on video")


class Satisfaction(models.IntegerChoices):
    VERY_GOOD = 5, pgettext_lazy("satisfaction", "Very satisfied")
    GOOD = 4, pgettext_lazy("satisfaction", "Satisfied")
    FAIR = 3, pgettext_lazy("satisfaction", "Fairly satisfied")
    BAD = 2, pgettext_lazy("satisfaction", "Dissatisfied")
    VERY_BAD = 1, pgettext_lazy("satisfaction", "Very dissatisfied")
