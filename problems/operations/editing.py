"""Changing fields that no move owns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from records import operations

from ..models import Problem

EDITABLE = frozenset({
    "title", "description", "requester", "owner", "team", "assignee", "service", "item", "category", "location",
    "source", "tags", "impact", "urgency", "origin", "impact_statement", "cause_code",
})  # fmt: skip


def edit(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    reason: str = "",
    version: int | None = None,
) -> Problem:
    """
    Change fields that no move owns. With impact or urgency the priority follows the matrix.

    :param values: field -> value, names of `EDITABLE`.
    :raises NotAllowed: :raises Stale: :raises Refused: a field that can't be changed this way, or a value that
        does not fit.
    """
    return operations.edit(
        record=problem,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE,
        operation="problem.edit",
        reason=reason,
        version=version,
    )
