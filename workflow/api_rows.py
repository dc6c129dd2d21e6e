"""Rows of a log, of clocks and of possible steps, as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.flow import Flow
from workflow.ledger import RUN, STORM, SUSPENDED
from workflow.reason import explain_clock
from workflow.trace_page import photo_data


class PhotoSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()
    thumb = serializers.CharField()


class EventSerializer(serializers.Serializer[Any]):
    """One step taken. `hash` covers it and, by `prev_hash`, every step before it."""

    n = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    verb_label = serializers.SerializerMethodField()
    old = serializers.CharField()
    new = serializers.CharField()
    actor = serializers.CharField(allow_null=True)
    post = serializers.CharField(allow_null=True)
    trigger = serializers.CharField()
    note = serializers.CharField()
    given = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()
    prev_hash = serializers.CharField()
    hash = serializers.CharField()

    def get_verb_label(self, event: Any) -> str:
        return flow_of(self).label(event.verb)

    def get_given(self, event: Any) -> dict[str, Any]:
        return {**event.data, **{k: v for k, v in event.words.items() if k != "note"}}

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, event: Any) -> list[dict[str, Any]]:
        return [
            {"id": str(photo.pk), **photo_data(flow_of(self), photo)}
            for photo in event.photos.all()
        ]


class IntervalSerializer(serializers.Serializer[Any]):
    """A stretch of a clock's life (`workflow.ledger.Interval`)."""

    kind = serializers.ChoiceField([RUN, SUSPENDED, STORM])
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    by = serializers.CharField(help_text="The verb that began it, or storm, due or run.")
    n = serializers.IntegerField(allow_null=True, help_text="That event's number in the log.")
    used = serializers.FloatField(help_text="Of the limit at the end of it, in the clock's unit.")


class ClockSerializer(serializers.Serializer[Any]):
    """One limit. `why` says in a sentence how the deadline follows from it.

    `policy_from` is the first day of the version of the limits under which it runs; null: the
    limit is the paper's own (its filing condition's, its task's).
    """

    what = serializers.CharField()
    what_label = serializers.SerializerMethodField()
    started = serializers.DateTimeField()
    amount = serializers.DecimalField(6, 2)
    extended = serializers.DecimalField(6, 2)
    unit = serializers.CharField()
    policy_from = serializers.DateField(source="policy.valid_from", default=None)
    own_from = serializers.DateField(help_text="Day of the version of its own limit.")
    due = serializers.DateTimeField()
    cut = serializers.CharField(
        help_text="The outer limit that ends it earlier: source or a clock."
    )
    warn_at = serializers.DateTimeField()
    stopped = serializers.DateTimeField(allow_null=True)
    stopped_by = serializers.CharField()
    late = serializers.BooleanField()
    paused_at = serializers.DateTimeField(allow_null=True)
    rung = serializers.IntegerField()
    why = serializers.SerializerMethodField()
    intervals = serializers.SerializerMethodField()

    def get_what_label(self, clock: Any) -> str:
        return flow_of(self).clock_label(clock.what)

    def get_why(self, clock: Any) -> str:
        return explain_clock(clock, self.get_what_label(clock), self.context["pauses"])

    @extend_schema_field(IntervalSerializer(many=True))
    def get_intervals(self, clock: Any) -> Any:
        return IntervalSerializer(self.context["ledgers"][clock.pk].intervals(), many=True).data


class StepSerializer(serializers.Serializer[Any]):
    """A step one could think of now; `why` says what is missing, empty if it may be taken."""

    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    may = serializers.BooleanField()
    why = serializers.CharField()
    body = serializers.DictField(help_text="JSON schema of the input.")


def flow_of(serializer: Any) -> Flow:
    flow: Flow = serializer.context["flow"]
    return flow
