"""Signs and tones: which icon and which meaning a status, a verb, a clock, a source carries.

Tones are meanings, never hues: act (something to do), done (in time), soon (runs out), late
(overdue), still (paused or closed), tough (the toughest whistle), line (a plain fact). Empty means
running and nothing wrong.
"""

from typing import Any

from django.utils.translation import pgettext_lazy

STATUS_SIGNS: dict[str, tuple[str, str]] = {
    # the order
    "reported": ("", "inbox"),
    "registered": ("act", "send"),
    "dispatched": ("", "clock"),
    "divided": ("", "split"),
    "accepted": ("", "wrench"),
    "whistled": ("", "whistle"),
    "handled": ("act", "eye"),
    "verified": ("", "phone"),
    "closed": ("still", "check"),
    "refused": ("still", "ban"),
    "merged": ("still", "merge"),
    "suspended": ("still", "pause"),
    "void": ("still", "x"),
    # the whistle
    "drafted": ("act", "pen"),
    "confirmed": ("act", "send"),
    "blown": ("", "whistle"),
    "raised": ("", "up"),
    "settled": ("act", "eye"),
    "scored": ("act", "star"),
    "cancelled": ("still", "x"),
    # the response
    "called": ("", "bell"),
    "signed": ("", "door"),
    "arrived": ("", "wrench"),
    "done": ("done", "check"),
    "disputed": ("soon", "scale"),
    "released": ("still", "x"),
    # the verification
    "asked": ("act", "eye"),
    "answered": ("done", "check"),
    "lapsed": ("late", "alert"),
    # the request
    "granted_once": ("act", "eye"),
    "granted": ("done", "check"),
    "rejected": ("still", "x"),
    "withdrawn": ("still", "undo"),
    "dropped": ("still", "x"),
    # the assignment
    "given": ("", "clock"),
}

REQUEST_SIGNS: dict[str, str] = {
    "extension": "clock",
    "suspension": "pause",
    "return": "undo",
    "exemption": "ban",
    "appeal": "scale",
}

# Where the same word of another flow means something else: (flow, status).
OWN_SIGNS: dict[tuple[str, str], tuple[str, str]] = {
    ("survey", "asked"): ("", "clock"),
    ("survey", "lapsed"): ("still", "clock"),
    ("supervision", "issued"): ("", "bell"),
    ("supervision", "signed"): ("", "wrench"),
    ("supervision", "answered"): ("act", "eye"),
    ("supervision", "signed_off"): ("done", "check"),
}


def status_sign(paper: Any) -> tuple[str, str]:
    """(tone, icon) of the paper's status."""
    own = OWN_SIGNS.get((paper.flow.name, paper.status))
    return own or STATUS_SIGNS.get(paper.status, ("", "clock"))


CARD_TONES = {"yellow": "soon", "red": "redcard"}

VERB_ICONS: dict[str, str] = {
    "report": "flag",
    "fix": "checkc",
    "take": "hand",
    "check": "eye",
    "register": "file",
    "refuse": "ban",
    "merge": "merge",
    "split": "split",
    "relate": "link",
    "unrelate": "x",
    "divide": "layers",
    "part": "layers",
    "gather": "checkc",
    "undivide": "undo",
    "dispatch": "send",
    "recall": "repeat",
    "accept": "check",
    "pass_on": "redo",
    "send_back": "undo",
    "grade": "layers",
    "whistle": "whistle",
    "unwhistle": "undo",
    "handle": "checkc",
    "settle": "checkc",
    "verify": "eye",
    "rework": "repeat",
    "callback": "phone",
    "close": "lock",
    "reopen": "history",
    "suspend": "pause",
    "resume": "play",
    "void": "x",
    "remind": "bell",
    "escalate": "up",
    "blow": "whistle",
    "blow_now": "bolt",
    "draft": "pen",
    "confirm": "check",
    "decline": "x",
    "raise": "up",
    "add": "plus",
    "leader_report": "star",
    "score": "star",
    "cancel": "x",
    "call": "whistle",
    "sign": "check",
    "name": "user",
    "assign": "users",
    "contact": "phone",
    "arrive": "door",
    "deny": "ban",
    "progress": "pen",
    "finish": "checkc",
    "redo": "repeat",
    "dispute": "scale",
    "designate": "gavel",
    "move": "repeat",
    "release": "undo",
    "withdraw": "undo",
    "ask": "eye",
    "answer": "check",
    "lapse": "alert",
    "grant": "check",
    "reject": "x",
    "decide": "clock",
    "drop": "x",
    "extend": "clock",
    "urge": "bell",
    "note": "pen",
    "inform": "megaphone",
    "issue": "shield",
    "meet": "users",
    "minute": "file",
    "call_off": "x",
    "plan": "layers",
    "give": "flag",
    "sign_off": "checkc",
    "card": "redcard",
    "survey": "star",
}

# The letter that presses a verb's button at the desk.
VERB_KEYS: dict[str, str] = {
    "register": "a",
    "accept": "a",
    "dispatch": "d",
    "verify": "v",
    "callback": "c",
    "close": "e",
    "merge": "m",
    "refuse": "r",
    "send_back": "r",
    "rework": "r",
    "recall": "r",
    "whistle": "w",
    "urge": "u",
}

VERB_TONES: dict[str, str] = {
    "register": "done",
    "fix": "done",
    "handle": "done",
    "settle": "done",
    "verify": "done",
    "close": "done",
    "finish": "done",
    "arrive": "done",
    "dispute": "soon",
    "remind": "soon",
    "rework": "soon",
    "redo": "soon",
    "send_back": "soon",
    "grant": "done",
    "reject": "soon",
    "decide": "late",
    "escalate": "late",
    "lapse": "late",
    "urge": "soon",
    "sign_off": "done",
    "card": "late",
    "deny": "late",
    "leader_report": "tough",
}

CLOCK_WORDS = {
    "triage": pgettext_lazy("clock", "Triage"),
    "dispatch": pgettext_lazy("clock", "Dispatch"),
    "sign": pgettext_lazy("clock", "Signing"),
    "handle": pgettext_lazy("clock", "Handling"),
    "check": pgettext_lazy("clock", "Check"),
    "verify": pgettext_lazy("clock", "Verification"),
    "callback": pgettext_lazy("clock", "Callback"),
    "confirm": pgettext_lazy("clock", "Confirmation"),
    "blow": pgettext_lazy("clock", "Blowing"),
    "contact": pgettext_lazy("clock", "Contact"),
    "arrive": pgettext_lazy("clock", "Arrival"),
    "finish": pgettext_lazy("clock", "Finish"),
    "arbitrate": pgettext_lazy("clock", "Ruling"),
    "score": pgettext_lazy("clock", "Scoring"),
    "decide": pgettext_lazy("clock", "Decision"),
    "report": pgettext_lazy("clock", "Progress report"),
    "sign_off": pgettext_lazy("clock", "Signing off"),
}
