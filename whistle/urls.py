"""Addresses of steps and files: a verb is the segment after its paper."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from whistle.labels import FLOWS
from whistle.models import Request
from whistle.views import requests, supervise, take
from workflow.views import ShowFile


class NumberConverter(StringConverter):
    """The number of a paper: issuer, year, serial."""

    regex = "[0-9A-Z]{9}-[0-9]{4}-[0-9]{6,9}"


class VerbConverter(StringConverter):
    """A verb of the flows; other words after a paper are pages of their own."""

    regex = "|".join(sorted({verb for flow in FLOWS for verb in flow.verbs}))


class KindConverter(StringConverter):
    """A kind of request."""

    regex = "|".join(Request.Kind.values)


register_converter(KindConverter, "kind")
register_converter(NumberConverter, "number")
register_converter(VerbConverter, "verb")

urlpatterns = [
    path("files/<slug:flow>/<uuid:pk>/", ShowFile.as_view(), name="file"),
    path("files/<slug:flow>/<uuid:pk>/thumb/", ShowFile.as_view(small=True), name="thumb"),
    path("work-orders/<number:number>/whistle/", take.CallForHelp.as_view(), name="whistle_for"),
    path(
        "work-orders/<number:number>/supervise/",
        supervise.HoldToOrder.as_view(kind="supervision"),
        name="supervise",
    ),
    path(
        "work-orders/<number:number>/instruct/",
        supervise.HoldToOrder.as_view(kind="instruction"),
        name="instruct",
    ),
    path(
        "work-orders/<number:number>/<verb:verb>/", take.TakeOrder.as_view(), name="take_workorder"
    ),
    path("whistles/<number:number>/<verb:verb>/", take.TakeWhistle.as_view(), name="take_whistle"),
    path(
        "assignments/<int:pk>/<verb:verb>/", take.TakeAssignment.as_view(), name="take_assignment"
    ),
    path("responses/<int:pk>/<verb:verb>/", take.TakeResponse.as_view(), name="take_response"),
    path(
        "work-orders/<number:number>/requests/<kind:kind>/",
        requests.AskAboutOrder.as_view(),
        name="request_for_order",
    ),
    path(
        "responses/<int:pk>/requests/<kind:kind>/",
        requests.AskAboutAnswer.as_view(),
        name="request_for_response",
    ),
    path("requests/<int:pk>/<verb:verb>/", requests.TakeRequest.as_view(), name="take_request"),
    path(
        "verifications/<int:pk>/<verb:verb>/",
        take.TakeVerification.as_view(),
        name="take_verification",
    ),
    path("surveys/<int:pk>/<verb:verb>/", take.TakeSurvey.as_view(), name="take_survey"),
    path(
        "supervisions/<number:number>/<verb:verb>/",
        supervise.TakeSupervision.as_view(),
        name="take_supervision",
    ),
]
