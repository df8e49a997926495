"""Pages by key: a cursor names the latest row seen: new rows shift nothing, and page 10,000 costs what page 1 does."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from common.problems import UNFIT, Problem

from .fields import LARGEST_KEY, Answer

PAGE_ROWS = 50
MOST_ROWS = 200


@dataclass(frozen=True)
class Sort:
    """
    An order of rows: a column, then the key, which makes it unique.

    :param column: None sorts by the key alone. :param is_nullable: rows without a value come last.
    """

    column: str | None = None
    is_descending: bool = False
    is_moment: bool = False
    is_nullable: bool = False

    def order(self) -> list[Any]:
        key = F("pk").desc() if self.is_descending else F("pk").asc()
        if self.column is None:
            return [key]
        column = F(self.column)
        last = True if self.is_nullable else None
        return [column.desc(nulls_last=last) if self.is_descending else column.asc(nulls_last=last), key]

    def after(self, value: Any, key: int) -> Q:
        """The condition for rows behind the one with this value and key."""
        way = "lt" if self.is_descending else "gt"
        if self.column is None:
            return Q(**{f"pk__{way}": key})
        behind_in_tie = Q(**{self.column: value, f"pk__{way}": key})
        if self.is_nullable and value is None:
            return Q(**{f"{self.column}__isnull": True, f"pk__{way}": key})
        found = Q(**{f"{self.column}__{way}": value}) | behind_in_tie
        if self.is_nullable:
            return found | Q(**{f"{self.column}__isnull": True})
        # Said twice for the planner: only a bare comparison of the column lets the index start at the cursor.
        return Q(**{f"{self.column}__{way}e": value}) & found


def page(
    rows: QuerySet[Any],
    *,
    request: Any,
    sorts: Mapping[str, Sort],
    sort: str,
    cursor: str,
    limit: int,
) -> tuple[list[Any], str | None]:
    """
    Read one page, and the address of the next.

    :param rows: a queryset of dictionaries or of instances, not ordered. :param sort: a name among `sorts`.
    :raises Problem: 422, the cursor is none of ours or belongs to another sorting.
    """
    way = sorts[sort]
    if cursor:
        rows = rows.filter(way.after(*_read(cursor, sort, way)))
    found = list(rows.order_by(*way.order())[: limit + 1])
    if len(found) <= limit:
        return found, None
    found = found[:limit]
    latest = found[-1]
    value = None if way.column is None else _of(latest, way.column)
    query = request.query_params.copy()
    query["cursor"] = _write(sort, value, _of(latest, "pk"))
    return found, f"{request.path}?{query.urlencode()}"


def merged_page(
    sources: Sequence[QuerySet[Any]], *, request: Any, name: str, cursor: str, limit: int
) -> tuple[list[Any], str | None]:
    """
    Read one page of rows from several tables in the order of their moments, and the address of the next.

    A page reads no more than its own number of rows from each table.

    :param sources: querysets of dictionaries with `moment` and `pk`; not ordered, always in the same sequence.
    :param name: what a cursor of this list belongs to.
    :raises Problem: 422, the cursor is none of ours or belongs to another list.
    """
    way, many = Sort("moment", is_moment=True), len(sources)
    found: list[tuple[datetime, int, Any]] = []
    seen = _read(cursor, name, way) if cursor else None
    for number, source in enumerate(sources):
        rows = source
        if seen is not None:
            at, key = seen
            # Rows of one moment come in the order of key × tables + table, so that the cursor says where each goes on.
            rows = rows.filter(moment__gte=at).exclude(moment=at, pk__lt=(key - number) // many + 1)
        ordered = rows.order_by("moment", "pk")[: limit + 1]
        found += [(row["moment"], row["pk"] * many + number, row) for row in ordered]
    found.sort(key=lambda each: each[:2])
    shown = [row for _at, _key, row in found[:limit]]
    if len(found) <= limit:
        return shown, None
    at, key, _row = found[limit - 1]
    query = request.query_params.copy()
    query["cursor"] = _write(name, at, key)
    return shown, f"{request.path}?{query.urlencode()}"


def listing(items: list[Any], following: str | None) -> dict[str, Any]:
    """The body of a list."""
    return {"items": items, "next": following}


@cache
def listing_of(item: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The shape of a list of `item`, for the schema."""
    fields = {
        "items": item(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Address of the next page; null on the last."),
        "__doc__": "One page of a list.",
    }
    return type(f"{item.__name__}List", (Answer,), fields)


def _of(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def _write(sort: str, value: Any, key: int) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([sort, plain, key]).encode()).decode().rstrip("=")


def _read(cursor: str, sort: str, way: Sort) -> tuple[Any, int]:
    try:
        made_for, value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if value is not None and way.is_moment:
            value = datetime.fromisoformat(value)
        is_ours = (
            made_for == sort
            and type(key) is int
            and 0 <= key <= LARGEST_KEY
            and (value is not None or way.column is None or way.is_nullable)
            and (way.is_moment or value is None or isinstance(value, str))
            and (not isinstance(value, datetime) or value.tzinfo is not None)
            and (not isinstance(value, str) or "\x00" not in value)
        )
    except (ValueError, TypeError, binascii.Error, RecursionError):
        is_ours = False
    if not is_ours:
        raise Problem(
            UNFIT,
            _("This cursor does not belong to this list. Start again without one."),
            errors=[{"code": "cursor", "message": _("Not a cursor of this list."), "field": "cursor"}],
        )
    return value, key
