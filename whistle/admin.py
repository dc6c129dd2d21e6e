"""The engineer's view of orders, whistles and answers (read only), categories and scoring."""

from django.contrib import admin

from organization.admin import Kept, ReadOnly, ReadOnlyRows
from whistle.models import (
    Card,
    Category,
    ChecklistLine,
    Condition,
    Disclosure,
    ReporterText,
    Request,
    RequestClock,
    RequestEvent,
    Response,
    ResponseClock,
    ResponseEvent,
    Score,
    ScoreLine,
    ScoreRule,
    ScoreScheme,
    SilenceRule,
    SupervisionOrder,
    Survey,
    SurveyClock,
    SurveyEvent,
    TraceExport,
    Verification,
    Whistle,
    WhistleClock,
    WhistleEvent,
    WorkOrder,
    WorkOrderClock,
    WorkOrderEvent,
)
from whistle.models.supervisions import SupervisionOrderClock, SupervisionOrderEvent
from whistle.models.verifications import VerificationClock, VerificationEvent
from workflow.admin import ClockRows, EventRows, PaperAdmin


def log_of(event: type, clock: type) -> tuple[type, type]:
    """The two tables under a paper: its log and its clocks."""
    return (
        type(f"{event.__name__}Rows", (EventRows,), {"model": event}),
        type(f"{clock.__name__}Rows", (ClockRows,), {"model": clock}),
    )


@admin.register(WorkOrder)
class WorkOrderAdmin(PaperAdmin):
    """Neither the reporter nor the progress code is shown here: who needs them reads the order."""

    list_display = (
        "number",
        "title",
        "get_status_display",
        "source",
        "street",
        "holder",
        "created",
        "due_at",
    )
    list_filter = ("status", "source", "urgency", "level")
    list_select_related = ("street", "holder")
    search_fields = ("=number", "=source_number")
    exclude = ("reporter", "reporter_name", "reporter_phone", "reporter_hash", "progress_code")
    inlines = log_of(WorkOrderEvent, WorkOrderClock)


@admin.register(Whistle)
class WhistleAdmin(PaperAdmin):
    list_display = (
        "number",
        "order",
        "level",
        "kind",
        "get_status_display",
        "caller",
        "created",
        "due_at",
    )
    list_filter = ("status", "level", "kind")
    list_select_related = ("order", "caller")
    exclude = ("arrival_code",)
    inlines = log_of(WhistleEvent, WhistleClock)


@admin.register(Response)
class ResponseAdmin(PaperAdmin):
    list_display = ("whistle", "unit", "role", "get_status_display", "created", "due_at")
    list_filter = ("status", "role")
    list_select_related = ("whistle", "unit")
    search_fields = ("=whistle__number", "unit__name")
    exclude = ("lead_phone",)
    inlines = log_of(ResponseEvent, ResponseClock)


@admin.register(Verification)
class VerificationAdmin(PaperAdmin):
    list_display = ("order", "kind", "unit", "get_status_display", "created", "due_at")
    list_filter = ("status", "kind")
    list_select_related = ("order", "unit")
    search_fields = ("=order__number",)
    inlines = log_of(VerificationEvent, VerificationClock)


@admin.register(Survey)
class SurveyAdmin(PaperAdmin):
    """The code of the resident's address is not shown: who asked for it sees it on its page."""

    list_display = ("order", "kind", "get_status_display", "created", "due_at")
    list_filter = ("status", "kind")
    list_select_related = ("order",)
    search_fields = ("=order__number",)
    exclude = ("code", "code_hash")
    inlines = log_of(SurveyEvent, SurveyClock)


@admin.register(Request)
class RequestAdmin(PaperAdmin):
    list_display = ("order", "kind", "unit", "get_status_display", "created", "due_at")
    list_filter = ("status", "kind")
    list_select_related = ("order", "unit")
    search_fields = ("=order__number",)
    inlines = log_of(RequestEvent, RequestClock)


@admin.register(SilenceRule)
class SilenceRuleAdmin(Kept):
    list_display = ("kind", "outcome", "valid_from", "sample")
    list_filter = ("kind",)


@admin.register(ReporterText)
class ReporterTextAdmin(Kept):
    list_display = ("verb", "category", "text", "valid_from", "sample")
    list_filter = ("verb",)
    list_select_related = ("category",)


@admin.register(SupervisionOrder)
class SupervisionOrderAdmin(PaperAdmin):
    list_display = (
        "number",
        "order",
        "kind",
        "unit",
        "get_status_display",
        "issuer",
        "created",
        "due_at",
    )
    list_filter = ("status", "kind", "ground")
    list_select_related = ("order", "unit", "issuer")
    inlines = log_of(SupervisionOrderEvent, SupervisionOrderClock)


@admin.register(Card)
class CardAdmin(ReadOnly):
    list_display = ("at", "colour", "unit", "order", "whistle", "response", "supervision")
    list_filter = ("colour",)
    list_select_related = ("unit", "order", "whistle", "response__whistle", "supervision")
    search_fields = ("=order__number",)


class ConditionRows(admin.StackedInline):
    model = Condition
    extra = 0
    can_delete = False


class ChecklistRows(admin.TabularInline):
    model = ChecklistLine
    extra = 0


@admin.register(Category)
class CategoryAdmin(Kept):
    list_display = ("name", "kind", "major_name", "full_code", "active")
    list_filter = ("kind", "active", "major_name")
    search_fields = ("name", "code")
    inlines = (ChecklistRows, ConditionRows)


class RuleRows(admin.TabularInline):
    model = ScoreRule
    extra = 0


@admin.register(ScoreScheme)
class ScoreSchemeAdmin(Kept):
    list_display = ("name", "valid_from", "platform_points", "caller_points", "sample")
    inlines = (RuleRows,)


class LineRows(ReadOnlyRows):
    model = ScoreLine
    fields = ("n", "what", "points", "event_n", "clock", "card", "request", "of", "at")
    readonly_fields = fields


@admin.register(Score)
class ScoreAdmin(ReadOnly):
    list_display = ("response", "scheme", "platform", "caller", "at")
    list_select_related = ("response__whistle", "response__unit", "scheme")
    search_fields = ("=response__whistle__number",)
    inlines = (LineRows,)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnly):
    """Who was shown who had reported what, and for which reason."""

    list_display = ("at", "by", "order", "reason")
    list_select_related = ("by", "order")
    search_fields = ("=order__number", "=by__username")


@admin.register(TraceExport)
class TraceExportAdmin(ReadOnly):
    """Who took the whole life of which order away, and the seal of that file."""

    list_display = ("at", "by", "order", "kind", "seal")
    list_select_related = ("by", "order")
    search_fields = ("=order__number", "=by__username", "=seal")
