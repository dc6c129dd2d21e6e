"""Satisfaction surveys by API; they are asked by a step of an order or of a whistle."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from whistle import filters
from whistle.api import PaperSerializer
from whistle.models import Survey
from workflow.api import PaperViewSet, with_steps


class SurveySerializer(PaperSerializer):
    """What was asked and answered; the address that residents open stays out of it."""

    id = serializers.IntegerField()
    order = serializers.CharField(source="order.number")
    whistle = serializers.CharField(source="whistle.number", default=None, allow_null=True)
    kind = serializers.CharField()
    texted = serializers.BooleanField()
    silence = serializers.CharField()
    solved = serializers.BooleanField(allow_null=True)
    satisfaction = serializers.IntegerField(allow_null=True)


@with_steps
@extend_schema(tags=["surveys"])
class SurveyViewSet(PaperViewSet):
    model = Survey
    filter_class = filters.SurveyFilter
    serializer_class = SurveySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    related = ("order", "whistle")
