from organization.models.calendar import CalendarDay, CalendarYear, WorkingHours
from organization.models.inbox import Notice, Outbox, QuietHours
from organization.models.posts import Absence, DutyShift, Post, Posting, Relation, UnitGrant
from organization.models.units import Unit
from organization.models.users import User

__all__ = [
    "Absence",
    "CalendarDay",
    "CalendarYear",
    "DutyShift",
    "Notice",
    "Outbox",
    "Post",
    "Posting",
    "QuietHours",
    "Relation",
    "Unit",
    "UnitGrant",
    "User",
    "WorkingHours",
]
