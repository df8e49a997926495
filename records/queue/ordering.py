"""Order and pages of a queue: by key, so that page 100 costs what page 1 costs and no row is shown twice."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from .columns import GROUPINGS

PAGE_ROWS = 50
_MOMENTS = {"due_at", "opened_at", "updated_at", "resolved_at"}
_NUMBERS = {"priority", "id"}
_NULLABLE = {"due_at", "resolved_at", "team__name", "assignee__name", "service__name"}
_COLUMN = {
    "due": "due_at",
    "prio": "priority",
    "number": "id",
    "opened": "opened_at",
    "updated": "updated_at",
    "resolved": "resolved_at",
}


@dataclass(frozen=True)
class Key:
    """
    One column of the order. Rows without a value come last, whatever the direction.

    :param is_filled: the rows were limited to those with a value.
    """

    column: str
    is_descending: bool = False
    is_filled: bool = False

    @property
    def is_nullable(self) -> bool:
        return self.column in _NULLABLE and not self.is_filled

    def order(self, is_backward: bool) -> Any:
        is_descending = self.is_descending != is_backward
        if not self.is_nullable:
            return F(self.column).desc() if is_descending else F(self.column).asc()
        nulls = {"nulls_first": True} if is_backward else {"nulls_last": True}
        return F(self.column).desc(**nulls) if is_descending else F(self.column).asc(**nulls)

    def beyond(self, value: Any, is_backward: bool) -> Q:
        """Rows behind (or, backward, before) those with this value."""
        if value is None:
            return Q(**{f"{self.column}__isnull": False}) if is_backward else Q(pk__in=[])
        lookup = "lt" if self.is_descending != is_backward else "gt"
        beyond = Q(**{f"{self.column}__{lookup}": value})
        if self.is_nullable and not is_backward:
            beyond |= Q(**{f"{self.column}__isnull": True})
        return beyond

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})


class Order:
    """An order of records with a unique last column, and the cursors that cut it into pages."""

    def __init__(self, sort: str, is_descending: bool = False, grouping: str = "", *, is_filled: bool = False) -> None:
        column = _COLUMN[sort]
        self.keys: list[Key] = [Key(GROUPINGS[grouping][0])] if grouping in GROUPINGS else []
        self.keys.append(Key(column, is_descending, is_filled))
        if column != "id":
            self.keys.append(Key("id", is_descending))

        self.is_grouped = grouping in GROUPINGS

    @property
    def columns(self) -> list[str]:
        return [key.column for key in self.keys]

    def apply(self, rows: QuerySet[Any], *, cursor: str = "", is_backward: bool = False) -> QuerySet[Any]:
        """Sort, and start behind the cursor (before it when going backward). A broken cursor starts at the top."""
        values = self.read(cursor)
        if values is not None:
            beyond = Q(pk__in=[])
            for key, value in zip(reversed(self.keys), reversed(values), strict=True):
                beyond = key.beyond(value, is_backward) | (key.same(value) & beyond)
            rows = rows.filter(beyond)
        return rows.order_by(*(key.order(is_backward) for key in self.keys))

    def write(self, values: Sequence[Any]) -> str:
        """The cursor of the row with these values of `columns`."""
        plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
        return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")

    def read(self, cursor: str) -> list[Any] | None:
        """The values in a cursor, each of the type of its column; None when it is none of this order."""
        if not cursor or len(cursor) > 2000:
            return None
        try:
            plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if not isinstance(plain, list) or len(plain) != len(self.keys):
                return None
            return [_typed(key, value) for key, value in zip(self.keys, plain, strict=True)]
        except (ValueError, TypeError):
            return None


def _typed(key: Key, value: Any) -> Any:
    if value is None and key.is_nullable:
        return None
    if key.column in _NUMBERS:
        if type(value) is not int or not 0 <= value < 2**63:
            raise ValueError("not a number of ours")
        return value
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("not a text")
    if key.column not in _MOMENTS:
        return value
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("without a zone")
    return moment
