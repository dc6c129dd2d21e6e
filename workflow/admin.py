"""The engineer's view of time limits and counters, and the bases for papers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from organization.admin import Kept, ReadOnly, ReadOnlyRows
from workflow.models import Anchor, Audit, Counter, Rung, TimeLimit


class PaperAdmin(ReadOnly):
    """A paper with its log and clocks: only `workflow.actions.transition` writes them."""

    list_filter = ("status",)
    search_fields = ("=number",)
    date_hierarchy = "created"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).order_by("-created", "-pk")


class EventRows(ReadOnlyRows):
    fields = ("n", "at", "verb", "old", "new", "actor", "post", "note", "trigger", "hash")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("actor", "post__unit").order_by("n")


class ClockRows(ReadOnlyRows):
    fields = ("what", "started", "amount", "unit", "due", "stopped", "stopped_by", "paused_at")
    readonly_fields = fields


@admin.register(TimeLimit)
class TimeLimitAdmin(Kept):
    """A new limit is a new row from a day on: what ran under the old one keeps it."""

    list_display = (
        "flow",
        "clock",
        "kind",
        "area",
        "amount",
        "unit",
        "valid_from",
        "sample",
    )
    list_filter = ("flow", "clock")


@admin.register(Rung)
class RungAdmin(Kept):
    list_display = ("flow", "clock", "kind", "n", "percent", "after", "unit", "does", "valid_from")
    list_filter = ("flow", "clock")


@admin.register(Counter)
class CounterAdmin(ReadOnly):
    list_display = ("flow", "unit", "year", "last")
    list_filter = ("flow", "year")
    list_select_related = ("unit",)


@admin.register(Audit)
class AuditAdmin(ReadOnly):
    """What the nightly look at all logs found."""

    list_display = ("started", "finished", "duration", "papers", "faults")


@admin.register(Anchor)
class AnchorAdmin(ReadOnly):
    list_display = ("day", "flow", "papers", "events", "at", "hash")
    list_filter = ("flow",)
