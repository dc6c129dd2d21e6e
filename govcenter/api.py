"""The one API: papers, grids, what reports refer to, tokens, and the document of it all."""

from typing import Any, ClassVar

from django.contrib.auth import authenticate
from django.urls import include, path, re_path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions, permissions, serializers
from rest_framework.authtoken.models import Token
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from command import own_api as own
from command import policy_api as policy
from command.policy_changes_api import ChangeViewSet
from grids.api import GridViewSet
from whistle import api as whistle
from whistle.hotline_api import ReplyViewSet
from whistle.hotline_files_api import FileViewSet
from whistle.reference_api import CategoryViewSet, UnitViewSet
from whistle.request_api import RequestViewSet
from whistle.supervision_api import SupervisionViewSet
from whistle.survey_api import SurveyViewSet
from workflow.api import READ_ERRORS
from workflow.api_errors import ErrorSerializer

router = SimpleRouter()
router.register("work-orders", whistle.OrderViewSet, "api-workorder")
router.register("whistles", whistle.WhistleViewSet, "api-whistle")
router.register("responses", whistle.ResponseViewSet, "api-response")
router.register("assignments", whistle.AssignmentViewSet, "api-assignment")
router.register("verifications", whistle.VerificationViewSet, "api-verification")
router.register("surveys", SurveyViewSet, "api-survey")
router.register("requests", RequestViewSet, "api-request")
router.register("supervisions", SupervisionViewSet, "api-supervision")
router.register("grids", GridViewSet, "grids")
router.register("hotline/files", FileViewSet, "api-hotline-file")
router.register("hotline/replies", ReplyViewSet, "api-reply")
router.register("policy/limits", policy.LimitViewSet, "api-policy-limit")
router.register("policy/ladders", policy.LadderViewSet, "api-policy-ladder")
router.register("policy/calendar", policy.CalendarViewSet, "api-policy-calendar")
router.register("policy/hours", policy.HoursViewSet, "api-policy-hours")
router.register("policy/storms", policy.StormViewSet, "api-policy-storm")
router.register("policy/filings", policy.FilingViewSet, "api-policy-filing")
router.register("policy/silence", policy.SilenceViewSet, "api-policy-silence")
router.register("policy/tellings", policy.TellingViewSet, "api-policy-telling")
router.register("policy/changes", ChangeViewSet, "api-policy-change")
router.register("phrases", own.PhraseViewSet, "api-phrase")
router.register("views", own.SavedViewSet, "api-view")
router.register("handovers", own.HandoverViewSet, "api-handover")
router.register("units", UnitViewSet, "api-unit")
router.register("categories", CategoryViewSet, "api-category")


class LoginSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class TokenView(APIView):
    """A token for programs: send it as `Authorization: Token …`."""

    def get_permissions(self) -> list[Any]:
        wanted = (
            permissions.AllowAny if self.request.method == "POST" else permissions.IsAuthenticated
        )
        return [wanted()]

    def get_authenticators(self) -> list[Any]:
        logs_in = self.request is not None and self.request.method == "POST"
        return [] if logs_in else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"

    @extend_schema(
        operation_id="token_make",
        request=LoginSerializer,
        responses={200: TokenSerializer, **dict.fromkeys((400, 401, 429), ErrorSerializer)},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Exchange name and password for the person's token. Failures lock the name for a time."""
        given = LoginSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        if user is None:
            raise exceptions.AuthenticationFailed(_("Name or password is wrong."))
        token, _created = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})

    @extend_schema(operation_id="token_drop", request=None, responses={204: None, **READ_ERRORS})
    def delete(self, request: Request) -> Response:
        """Give the token back: it is no longer worth anything."""
        Token.objects.filter(user=request.user).delete()
        return Response(status=204)


class Nothing(APIView):
    """Addresses that do not exist answer as the API does, not with a page."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, **lookup: Any) -> Response:
        raise exceptions.NotFound(_("There is nothing here that you may see."))

    post = put = patch = delete = get


class Document(SpectacularAPIView):
    """The OpenAPI document: the same for everybody, made once for each language."""

    made: ClassVar[dict[str, Any]] = {}

    def _get_schema_response(self, request: Request) -> Response:
        language = get_language() or ""
        if language not in self.made:
            self.made[language] = super()._get_schema_response(request).data
        return Response(self.made[language])


class Docs(SpectacularSwaggerSplitView):
    """The document to browse and try, from our own files only."""

    template_name = "api/docs.html"
    url_name = "api-schema"


urlpatterns = [
    path("", include(router.urls)),
    path("token/", TokenView.as_view(), name="api-token"),
    path("schema/", Document.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    re_path("^.*$", Nothing.as_view(), name="api-nothing"),
]
