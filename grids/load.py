"""Read grids.geojson and outlines.geojson, check the ground as a whole, and write what moved."""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from grids.coverage import check_coverage
from grids.datum import DATUMS, WGS84, to_wgs84
from grids.models import Boundary, Grid
from grids.plane import area_of
from organization.loading.sync import Progress, Tally, batches, sync
from organization.loading.write import sync_units, unit_ids
from organization.models import Unit
from organization.tables import Problem, Refused, Unreadable, date, text

GRIDS, OUTLINES = "grids.geojson", "outlines.geojson"
MOST_BYTES = 100 * 2**20
DECIMALS = 6
KINDS = {letter: kind for kind, letter in Grid.LETTERS.items()}
PREFIX = {"district": 6, "street": 9, "community": 12}


@dataclass
class Feature:
    """One feature of a file: its number, properties and shape in WGS-84 degrees."""

    number: int
    properties: dict[str, Any]
    shape: BaseGeometry

    def __getitem__(self, name: str) -> Any:
        return self.properties[name]

    @property
    def geometry(self) -> dict[str, Any]:
        return json.loads(json.dumps(mapping(self.shape)))


@dataclass
class Drawing:
    """The features of one GeoJSON file and what is wrong with it."""

    file: str
    features: list[Feature] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sample: bool = False
    datum: str = WGS84

    def complain(self, number: int, column: str, message: str, found: str | None = None) -> None:
        self.problems.append(Problem(self.file, message, "", number, column, found))

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)


def read_grids(folder: Path) -> Drawing:
    return read_drawing(folder / GRIDS, grid_properties)


def read_outlines(folder: Path) -> Drawing:
    return read_drawing(folder / OUTLINES, outline_properties)


def read_drawing(path: Path, read_properties: Any) -> Drawing:
    drawing = Drawing(path.name)
    if not path.exists():
        return drawing
    try:
        features = read_collection(path, drawing)
    except Refused as refused:
        drawing.problems += refused.problems
        return drawing
    for number, feature in enumerate(features, start=1):
        column = "properties"
        try:
            properties = read_properties(feature.get("properties") or {})
            column = "geometry"
            geometry = read_shape(feature.get("geometry"), drawing.datum)
            drawing.features.append(Feature(number, properties, geometry))
        except Unreadable as error:
            drawing.complain(number, column, str(error), str(name_of(feature)))
    check_codes_once(drawing)
    return drawing


def read_collection(path: Path, drawing: Drawing) -> list[dict[str, Any]]:
    """The features of the file; `sample` and `datum` of the collection go to the drawing."""
    if path.stat().st_size > MOST_BYTES:
        message = _("the file is larger than %s MB") % (MOST_BYTES // 2**20)
        raise Refused([Problem(path.name, message)])
    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
        features = body["features"]
        assert all(isinstance(feature, dict) for feature in features)
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError) as error:
        message = _("this is not a GeoJSON FeatureCollection")
        raise Refused([Problem(path.name, message)]) from error
    drawing.sample = body.get("sample") is True
    drawing.datum = body.get("datum", WGS84)
    if drawing.datum not in DATUMS:
        message = _("one of these is expected: %s") % ", ".join(DATUMS)
        raise Refused([Problem(path.name, message, column="datum", found=str(drawing.datum))])
    return list(features)


def name_of(feature: dict[str, Any]) -> Any:
    properties = feature.get("properties")
    return properties.get("code", "") if isinstance(properties, dict) else ""


def grid_properties(given: dict[str, Any]) -> dict[str, Any]:
    code = str(given.get("code", ""))
    letter = code[12:13]
    if len(code) != 16 or letter not in KINDS or not (code[:12] + code[13:]).isdecimal():
        raise Unreadable(_("a grid's code such as 320104001001Z001 is expected"))
    if code[13:] == "000" or code[9:12] == "000":
        raise Unreadable(_("community and serial are numbered from 001"))
    kind = given.get("kind", KINDS[letter])
    if kind != KINDS[letter]:
        words = {"letter": letter, "kind": KINDS[letter].value}
        raise Unreadable(_("the letter %(letter)s stands for %(kind)s") % words)
    name = text(60)(str(given.get("name", "")))
    if not name:
        raise Unreadable(_("a name is expected"))
    days = {"valid_from": day_of(given, "valid_from"), "valid_to": day_of(given, "valid_to")}
    if days["valid_from"] is None:
        raise Unreadable(_("valid_from, the day from which the boundary holds, is expected"))
    if days["valid_to"] and days["valid_to"] < days["valid_from"]:
        raise Unreadable(_("a day not before valid_from is expected"))
    return {"code": code, "kind": kind, "name": name, **days}


def day_of(given: dict[str, Any], name: str) -> datetime.date | None:
    return date(str(given[name])) if given.get(name) else None


def outline_properties(given: dict[str, Any]) -> dict[str, Any]:
    code = str(given.get("code", ""))
    if len(code) != 12 or not code.isdecimal():
        raise Unreadable(_("the code of a district, street or community is expected"))
    return {"code": code}


def read_shape(geometry: Any, datum: str) -> BaseGeometry:
    """A polygon in WGS-84, rounded to a tenth of a metre."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise Unreadable(_("a Polygon or MultiPolygon is expected"))
    try:
        many = geometry["type"] == "MultiPolygon"
        parts = geometry["coordinates"] if many else [geometry["coordinates"]]
        rings = [[read_ring(ring, datum) for ring in part] for part in parts]
        if not all(rings) or not rings:
            raise Unreadable(_("a polygon with at least one ring is expected"))
        coordinates = rings if many else rings[0]
        return shape({"type": geometry["type"], "coordinates": coordinates})
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise Unreadable(_("the coordinates are not lists of rings of points")) from error


def read_ring(ring: Any, datum: str) -> list[tuple[float, float]]:
    points = [read_point(point, datum) for point in ring]
    if len(points) < 4 or points[0] != points[-1]:
        raise Unreadable(_("a ring of at least four points that ends where it begins is expected"))
    return points


def read_point(point: Any, datum: str) -> tuple[float, float]:
    lng, lat = float(point[0]), float(point[1])
    if not (isfinite(lng) and isfinite(lat) and 73 <= lng <= 136 and 3 <= lat <= 54):
        raise Unreadable(_("a point in China is expected, longitude first: 118.79, 32.02"))
    lng, lat = to_wgs84(lng, lat, datum)
    return round(lng, DECIMALS), round(lat, DECIMALS)


def check_codes_once(drawing: Drawing) -> None:
    first: dict[str, int] = {}
    for feature in drawing:
        number = first.setdefault(feature["code"], feature.number)
        if number != feature.number:
            message = _("the same as in feature %s, but it may stand only once") % number
            drawing.complain(feature.number, "code", message, feature["code"])


def check_ground(grids: Drawing, outlines: Drawing, units: dict[str, str]) -> None:
    """Communities that exist, dates that follow what is stored, and a seamless whole."""
    for feature in grids:
        if units.get(feature["code"][:12]) != "community":
            message = _("the community %s is not known") % feature["code"][:12]
            grids.complain(feature.number, "code", message, feature["code"])
    for feature in outlines:
        if units.get(feature["code"]) not in PREFIX:
            message = _("the code of a district, street or community is expected")
            outlines.complain(feature.number, "code", message, feature["code"])
    if not grids.problems and not outlines.problems and grids.features:
        check_history(grids)
        check_whole(grids, outlines, units)


def last_boundaries() -> dict[str, Boundary]:
    """The newest boundary of every grid, by the grid's code."""
    rows = Boundary.objects.select_related("grid__unit").order_by("valid_from")
    return {row.grid.unit.code: row for row in rows}


def continues(last: Boundary | None, feature: Feature) -> bool:
    """Whether the feature is the stored boundary still, not a new one."""
    if last is None or last.geometry != feature.geometry:
        return False
    return last.valid_to is None or feature["valid_from"] <= last.valid_to


def check_history(grids: Drawing) -> None:
    """A boundary that was in force is never overwritten: a new shape needs a new day."""
    stored = last_boundaries()
    for feature in grids:
        last = stored.get(feature["code"])
        if last is None or continues(last, feature):
            continue
        day = last.valid_to or last.valid_from
        if feature["valid_from"] <= day:
            message = _("the boundary has changed; give it a valid_from after %s") % day
            grids.complain(feature.number, "valid_from", message, str(feature["valid_from"]))


def check_whole(grids: Drawing, outlines: Drawing, units: dict[str, str]) -> None:
    """The grids of the file together with those that stay as they are; the file's are blamed."""
    numbers = {feature["code"]: feature.number for feature in grids}
    ground = {
        feature["code"]: feature.shape
        for feature in grids
        if feature["valid_to"] is None and feature["kind"] in Grid.GROUND
    }
    ground |= {
        code: shape(last.geometry)
        for code, last in last_boundaries().items()
        if last.valid_to is None and last.grid.kind in Grid.GROUND and code not in numbers
    }
    bounds = {f["code"][: PREFIX[units[f["code"]]]]: f.shape for f in outlines}
    for fault in check_coverage(ground, bounds):
        grids.complain(numbers.get(fault.code, 0), "geometry", fault.message, fault.code)


# writing


def write_grids(grids: Drawing, progress: Progress) -> Tally:
    """Units, grids and boundaries; a changed boundary closes the one before it."""
    units = [
        {name: feature[name] for name in ("code", "name", "valid_to")}
        | {"kind": Unit.Kind.GRID, "parent": feature["code"][:12]}
        for feature in grids
    ]
    tally = sync_units(units, progress)
    ids = unit_ids(
        code for f in grids for code in (f["code"], f["code"][:12], f["code"][:9] + "000")
    )
    rows = [
        {"unit_id": ids[feature["code"]], "kind": feature["kind"]}
        | {"community_id": ids[feature["code"][:12]], "serial": int(feature["code"][13:])}
        | {"street_id": ids[feature["code"][:9] + "000"]}
        for feature in grids
    ]
    existing = Grid.objects.filter(pk__in=[row["unit_id"] for row in rows])
    tally += sync(existing, Grid, ["unit_id"], rows, progress)
    return tally + write_boundaries(grids, ids, progress)


def write_boundaries(grids: Drawing, ids: dict[str, int], progress: Progress) -> Tally:
    stored = last_boundaries()
    new, ended = [], []
    for feature in grids:
        last = stored.get(feature["code"])
        if last is None or not continues(last, feature):
            new.append(boundary(feature, ids[feature["code"]], grids.sample))
            if last and last.valid_to is None:
                last.valid_to = feature["valid_from"] - datetime.timedelta(days=1)
                ended.append(last)
        elif last.valid_to != feature["valid_to"]:
            last.valid_to = feature["valid_to"]
            ended.append(last)
    Boundary.objects.bulk_update(ended, ["valid_to"])
    for batch in batches(new):
        Boundary.objects.bulk_create(batch)
        progress(len(batch))
    progress(len(grids.features) - len(new))
    return Tally(len(new), len(ended), 0, max(0, len(grids.features) - len(new) - len(ended)))


def boundary(feature: Feature, grid: int, sample: bool) -> Boundary:
    west, south, east, north = feature.shape.bounds
    return Boundary(
        grid_id=grid,
        geometry=feature.geometry,
        west=west,
        south=south,
        east=east,
        north=north,
        area=round(area_of(feature.shape)),
        sample=sample,
        valid_from=feature["valid_from"],
        valid_to=feature["valid_to"],
    )
