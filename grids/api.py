"""Grids by API: the list, one grid with its staff, the ground as GeoJSON, and what lies where."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import condition
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, pagination, renderers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grids.datum import DATUMS, WGS84, to_wgs84
from grids.models import Grid, GridQuerySet
from grids.terrain import Place, tag, terrain
from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User


class ByCode(pagination.CursorPagination):
    ordering = "code"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500


class UnitField(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class GridSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="unit.code")
    name = serializers.CharField(source="unit.name")
    community = UnitField()
    street = UnitField()

    class Meta:
        model = Grid
        fields = ["code", "name", "kind", "community", "street"]


class StaffSerializer(serializers.Serializer):
    post = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()


class GridCardSerializer(GridSerializer):
    """A grid as its card shows it. `sample` marks a boundary that was made up (示例)."""

    chief = StaffSerializer(allow_null=True)
    wardens = StaffSerializer(many=True)
    area = serializers.IntegerField(allow_null=True, help_text="Square metres.")
    sample = serializers.BooleanField()
    geometry = serializers.JSONField(allow_null=True, help_text="GeoJSON in WGS-84 degrees.")

    class Meta(GridSerializer.Meta):
        fields = [*GridSerializer.Meta.fields, "chief", "wardens", "area", "sample", "geometry"]


class PointSerializer(serializers.Serializer):
    """A point in any of the datums that Chinese maps use."""

    lng = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    datum = serializers.ChoiceField(DATUMS, default=WGS84)


class PlaceSerializer(serializers.Serializer):
    """What lies at a point. Outside of every grid: the nearest one and its distance in metres."""

    lng = serializers.FloatField(help_text="WGS-84.")
    lat = serializers.FloatField(help_text="WGS-84.")
    grid = UnitField(allow_null=True)
    community = UnitField(allow_null=True)
    street = UnitField(allow_null=True)
    nearest = UnitField(allow_null=True)
    distance = serializers.FloatField(allow_null=True)


class GeoJSONRenderer(renderers.BaseRenderer):
    """Lets `?format=geojson` choose the map's form of the list."""

    media_type = "application/geo+json"
    format = "geojson"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return renderers.JSONRenderer().render(data)


class FilterSerializer(serializers.Serializer):
    """What a list of grids may be narrowed by."""

    LOOKUPS = {"kind": "kind", "community": "community__code", "street": "street__code"}

    kind = serializers.ChoiceField(Grid.Kind.choices, required=False)
    community = serializers.CharField(required=False, help_text="Code of the community.")
    street = serializers.CharField(required=False, help_text="Code of the street.")
    search = serializers.CharField(
        required=False, allow_blank=True, help_text="Part of the name, or the code's beginning."
    )

    def narrow(self, grids: GridQuerySet) -> GridQuerySet:
        given = self.validated_data
        exact = {lookup: given[name] for name, lookup in self.LOOKUPS.items() if name in given}
        words = given.get("search", "")
        return grids.filter(**exact).search(words) if words else grids.filter(**exact)


@extend_schema(tags=["grids"])
class GridViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The grids of the units where the person may look; all others do not exist for them."""

    serializer_class = GridSerializer
    pagination_class = ByCode
    lookup_field = "unit__code"
    lookup_url_kwarg = "code"
    lookup_value_regex = "[0-9A-Z]{16}"
    queryset = Grid.objects.none()

    def get_renderers(self) -> list[Any]:
        extra = [GeoJSONRenderer()] if self.action in ("list", "geojson") else []
        return [*super().get_renderers(), *extra]

    def get_queryset(self) -> GridQuerySet:
        filters = FilterSerializer(data=self.request.query_params)
        filters.is_valid(raise_exception=True)
        return filters.narrow(Grid.objects.visible_to(self.request.user).listed())

    @extend_schema(parameters=[FilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse | Response:
        if request.accepted_renderer.format == "geojson":
            return ground_response(request)
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=GridCardSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One grid with its chief, its wardens and its boundary."""
        grid = self.get_object()
        return Response(GridCardSerializer(card(grid)).data)

    @extend_schema(responses={(200, "application/geo+json"): OpenApiTypes.OBJECT})
    @action(detail=False, pagination_class=None)
    def geojson(self, request: Request) -> HttpResponse:
        """The ground as one FeatureCollection, for the map; `ETag` tells whether it has changed."""
        return ground_response(request)

    @extend_schema(parameters=[PointSerializer], responses=PlaceSerializer)
    @action(detail=False, pagination_class=None)
    def locate(self, request: Request) -> Response:
        """The grid, community and street of a point."""
        viewer(request)
        point = PointSerializer(data=request.query_params)
        point.is_valid(raise_exception=True)
        lng, lat = to_wgs84(**point.validated_data)
        return Response(PlaceSerializer({"lng": lng, "lat": lat, **found(lng, lat)}).data)


def viewer(request: Request | HttpRequest) -> User:
    """Whoever may view papers anywhere may see the ground: it is posted in every courtyard."""
    user = request.user
    if not user.is_authenticated or not units_where(user, Duty.VIEW):
        raise Http404
    return user


def found(lng: float, lat: float) -> dict[str, Unit | float | None]:
    place: Place = terrain().locate(lng, lat)
    return {
        "grid": place.grid,
        "community": place.community,
        "street": place.street,
        "nearest": place.nearest,
        "distance": None if place.distance is None else round(place.distance, 1),
    }


def card(grid: Grid) -> Grid:
    """The grid with what its card shows beside it."""
    grid = Grid.objects.with_staff().select_related("unit", "community", "street").get(pk=grid.pk)
    drawn = Grid.objects.for_map().filter(pk=grid.pk).first()
    for name in ("geometry", "area", "sample"):
        setattr(grid, name, getattr(drawn, name, None))
    grid.sample = bool(grid.sample)
    return grid


def ground_response(request: Request) -> HttpResponse:
    viewer(request)
    return send_ground(request._request)


@condition(etag_func=lambda request: quote_etag(tag()))
def send_ground(request: HttpRequest) -> HttpResponse:
    ground = terrain()
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        ground.packed if packed else ground.geojson, content_type="application/geo+json"
    )
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie", "Authorization"])
    return response
