"""The engineer's view of the ground; boundaries come with a district's folder."""

from django.contrib import admin

from grids.models import Boundary, Grid
from organization.admin import ReadOnly, ReadOnlyRows


class BoundaryRows(ReadOnlyRows):
    model = Boundary
    fields = ("valid_from", "valid_to", "area", "sample", "west", "south", "east", "north")
    readonly_fields = fields


@admin.register(Grid)
class GridAdmin(ReadOnly):
    list_display = ("unit", "kind", "community", "street", "serial")
    list_filter = ("kind", "street")
    list_select_related = ("unit", "community", "street")
    search_fields = ("unit__code", "unit__name")
    inlines = (BoundaryRows,)
