from workflow.models.attachments import Attachment
from workflow.models.audits import Anchor, Audit
from workflow.models.clocks import Clock, Firing
from workflow.models.events import Event
from workflow.models.office import Change, Counter, Idempotency
from workflow.models.papers import Paper, PaperQuerySet, Sight
from workflow.models.phrases import Phrase
from workflow.models.policy import Rung, TimeLimit
from workflow.models.policy_changes import PolicyChange
from workflow.models.presence import Presence
from workflow.models.storms import StormOrder

__all__ = [
    "Anchor",
    "Attachment",
    "Audit",
    "Change",
    "Clock",
    "Counter",
    "Event",
    "Firing",
    "Idempotency",
    "Paper",
    "PaperQuerySet",
    "Phrase",
    "PolicyChange",
    "Sight",
    "Presence",
    "Rung",
    "StormOrder",
    "TimeLimit",
]
