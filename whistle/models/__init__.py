from whistle.models.assignments import (
    Assignment,
    AssignmentClock,
    AssignmentEvent,
    Meeting,
)
from whistle.models.cards import Card
from whistle.models.categories import Category, Condition, ConditionLimit
from whistle.models.checklists import ChecklistLine
from whistle.models.disclosures import Disclosure, TraceExport
from whistle.models.follows import Follow
from whistle.models.hotline_files import HotlineFile, HotlineRow
from whistle.models.orders import WorkOrder, WorkOrderClock, WorkOrderEvent, WorkOrderPhoto
from whistle.models.replies import HandOver
from whistle.models.reporter_texts import ReporterText
from whistle.models.requests import (
    Request,
    RequestClock,
    RequestEvent,
    RequestPhoto,
)
from whistle.models.responses import Response, ResponseClock, ResponseEvent, ResponsePhoto
from whistle.models.scores import Score, ScoreLine, ScoreRule, ScoreScheme
from whistle.models.silence import SilenceRule
from whistle.models.stranded import Stranded
from whistle.models.supervisions import SupervisionOrder
from whistle.models.surveys import Survey, SurveyClock, SurveyEvent
from whistle.models.ties import Tie
from whistle.models.verifications import Verification
from whistle.models.whistles import Task, Whistle, WhistleClock, WhistleEvent, WhistlePhoto

__all__ = [
    "Assignment",
    "AssignmentClock",
    "AssignmentEvent",
    "Card",
    "Category",
    "ChecklistLine",
    "Condition",
    "ConditionLimit",
    "Disclosure",
    "Follow",
    "HotlineFile",
    "HotlineRow",
    "ReporterText",
    "Request",
    "RequestClock",
    "RequestEvent",
    "RequestPhoto",
    "HandOver",
    "Meeting",
    "Response",
    "ResponseClock",
    "ResponseEvent",
    "ResponsePhoto",
    "Score",
    "ScoreLine",
    "ScoreRule",
    "ScoreScheme",
    "SilenceRule",
    "Stranded",
    "SupervisionOrder",
    "Survey",
    "SurveyClock",
    "SurveyEvent",
    "Task",
    "Tie",
    "TraceExport",
    "Verification",
    "Whistle",
    "WhistleClock",
    "WhistleEvent",
    "WhistlePhoto",
    "WorkOrder",
    "WorkOrderClock",
    "WorkOrderEvent",
    "WorkOrderPhoto",
]
