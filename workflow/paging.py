"""Pages of long lists, by the key of the last row seen: page 300 costs what page 1 costs."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Q, QuerySet
from django.utils.translation import gettext_lazy as _

NEWEST = ("-created", "-pk")
COUNTED = 1000


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursors of the pages before and after ('' at the ends)."""

    rows: list[Any]
    next: str
    previous: str


def page(
    queryset: QuerySet[Any], cursor: str = "", size: int = 50, key: tuple[str, ...] = NEWEST
) -> Page:
    """The rows after (or before) the cursor. `key` orders without ties and holds no NULL.

    Raises ValidationError for a cursor that this list has not given.
    """
    back, values = read_cursor(queryset, cursor, key) if cursor else (False, [])
    order = tuple(_turned(name) for name in key) if back else key
    rows = queryset.order_by(*order)
    if values:
        rows = rows.filter(_beyond(order, values))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    if not found:
        return Page([], "", "")
    ahead = make_cursor(found[-1], key, back=False) if (more or back) else ""
    behind = make_cursor(found[0], key, back=True) if (more if back else cursor) else ""
    return Page(found, ahead, behind)


def count_to(queryset: QuerySet[Any], most: int = COUNTED) -> tuple[int, bool]:
    """How many rows there are, counted up to `most`, and whether there are more."""
    n = queryset.order_by()[: most + 1].count()
    return min(n, most), n > most


def make_cursor(row: Any, key: tuple[str, ...], *, back: bool) -> str:
    values = [getattr(row, name.lstrip("-")) for name in key]
    text = json.dumps([int(back), *values], cls=ExactEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class ExactEncoder(DjangoJSONEncoder):
    """Times to the microsecond: rounded ones would skip or repeat rows."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def read_cursor(
    queryset: QuerySet[Any], cursor: str, key: tuple[str, ...]
) -> tuple[bool, list[Any]]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        back, *values = json.loads(text)
        if back not in (0, 1) or len(values) != len(key):
            raise ValueError
        fields = [field_of(queryset, name) for name in key]
        return bool(back), [f.clean(v, None) for f, v in zip(fields, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
        raise ValidationError({"cursor": _("This list has no such page.")}) from error


def field_of(queryset: QuerySet[Any], name: str) -> "Field[Any, Any]":
    """The field (or annotation) behind a name of the key: it says what a value must look like."""
    plain = name.lstrip("-")
    if plain in queryset.query.annotations:
        field: Field[Any, Any] = queryset.query.annotations[plain].output_field
        return field
    meta = queryset.model._meta
    found: Field[Any, Any] = meta.pk if plain == "pk" else meta.get_field(plain)
    return found


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after these values. The first, redundant bound is what an index can use."""
    first, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        plain, way = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        first |= same & Q(**{f"{plain}__{way}": value})
        same &= Q(**{plain: value})
    plain, way = order[0].lstrip("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{plain}__{way}": values[0]}) & first
