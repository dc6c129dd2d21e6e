"""Do the grids cover the district, each point once? Every fault is named by its grids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from grids.plane import on_plane
from grids.terrain import SEAM_METRES


@dataclass(frozen=True)
class Fault:
    """What is wrong with the boundary of one grid, in a sentence that names the others."""

    code: str
    message: str


def check_coverage(
    shapes: Mapping[str, BaseGeometry], outlines: Mapping[str, BaseGeometry] | None = None
) -> list[Fault]:
    """Overlaps, gaps and grids beyond their unit's outline; `outlines` by code prefix.

    Seams narrower than half a metre are the rounding of whoever drew the map, and pass.
    """
    broken = [fault for code, shape in shapes.items() for fault in check_shape(code, shape)]
    if broken or not shapes:
        return broken
    check = Check(shapes, outlines or {})
    return [*check.overlaps(), *check.gaps(), *check.beyond(), *check.uncovered()]


def check_shape(code: str, shape: BaseGeometry) -> Iterator[Fault]:
    if shape.is_empty or shape.area == 0:
        yield Fault(code, _("the boundary encloses nothing"))
    elif not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        yield Fault(code, _("the boundary is not a simple polygon: %s") % reason)


class Check:
    """All shapes on one plane, in metres."""

    def __init__(
        self, shapes: Mapping[str, BaseGeometry], outlines: Mapping[str, BaseGeometry]
    ) -> None:
        bounds = shapely.total_bounds(list(shapes.values()))
        middle = (bounds[1] + bounds[3]) / 2
        self.codes = list(shapes)
        self.shapes = numpy.array(on_plane(shapes.values(), middle))
        self.outlines = dict(zip(outlines, on_plane(outlines.values(), middle), strict=True))
        self.tree = shapely.STRtree(self.shapes)
        self.whole = shapely.union_all(self.shapes)

    def overlaps(self) -> Iterator[Fault]:
        if shapely.coverage_is_valid(self.shapes):
            return
        first, second = self.tree.query(self.shapes, "intersects")
        pairs = first < second
        first, second = first[pairs], second[pairs]
        shared = shapely.intersection(self.shapes[first], self.shapes[second])
        for one, other, area in zip(first, second, shared, strict=True):
            if is_wide(area):
                words = {"other": self.codes[other], "area": round(area.area)}
                yield Fault(self.codes[one], _("overlaps %(other)s by %(area)s m²") % words)

    def gaps(self) -> Iterator[Fault]:
        """Holes inside the covered ground, each told to one of the grids around it."""
        for part in shapely.get_parts(self.whole):
            for ring in part.interiors:
                hole = Polygon(ring)
                if is_wide(hole):
                    yield self.told_to_neighbours(
                        hole, _("a gap of %(area)s m² lies between %(codes)s")
                    )

    def beyond(self) -> Iterator[Fault]:
        for prefix, outline in self.outlines.items():
            inside = self.below(prefix)
            roomy = outline.buffer(SEAM_METRES / 2)
            shapely.prepare(roomy)
            for index in inside[~shapely.covers(roomy, self.shapes[inside])]:
                outside = self.shapes[index] - outline
                if is_wide(outside):
                    words = {"area": round(outside.area), "unit": prefix}
                    message = _("%(area)s m² of it lie outside the outline of %(unit)s")
                    yield Fault(self.codes[index], message % words)

    def below(self, prefix: str) -> numpy.ndarray:
        found = [index for index, code in enumerate(self.codes) if code.startswith(prefix)]
        return numpy.array(found, dtype=int)

    def uncovered(self) -> Iterator[Fault]:
        for prefix, outline in self.outlines.items():
            rest = outline - shapely.union_all(self.shapes[self.below(prefix)])
            for part in shapely.get_parts(rest):
                if is_wide(part) and not self.is_hole(part):
                    message = _("%(area)s m² of the outline beside %(codes)s belong to no grid")
                    yield self.told_to_neighbours(part, message)

    def is_hole(self, part: BaseGeometry) -> bool:
        """Whether `gaps` has told of it."""
        return any(
            Polygon(ring).covers(part.representative_point())
            for piece in shapely.get_parts(self.whole)
            for ring in piece.interiors
        )

    def told_to_neighbours(self, part: BaseGeometry, message: str) -> Fault:
        near = self.tree.query(part, "dwithin", SEAM_METRES)
        codes = sorted(self.codes[index] for index in near) or [self.nearest(part)]
        shown = _(", ").join(codes[:4]) + ("…" if len(codes) > 4 else "")
        return Fault(codes[0], message % {"area": round(part.area), "codes": shown})

    def nearest(self, part: BaseGeometry) -> str:
        return self.codes[int(self.tree.nearest(part))]


def is_wide(area: BaseGeometry) -> bool:
    """Whether a surplus or a lack is wider somewhere than a seam."""
    return area.area > 0 and not area.buffer(-SEAM_METRES / 2).is_empty
