"""What the creation of every kind of record shares: the row drawn up from what was said, checked, not yet saved."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from .. import practices
from ..priority import priority_of
from .editing import check_fields, clean_tags


def draw_up(
    kind: str,
    *,
    at: datetime,
    state: str,
    title: str,
    description: str,
    requester: Any,
    impact: int,
    urgency: int,
    source: str,
    tags: Iterable[str],
    is_sample: bool,
    details: Mapping[str, Any],
    allowed: Collection[str],
    opened_at: datetime | None = None,
    **own: Any,
) -> Any:
    """
    The record as its practice's model, with the priority of its levels. The practice asks for the right, and saves it.

    :param opened_at: `at` if not given. :param details: more fields, those of `allowed`.
    :param own: columns of the practice; the organization is the requester's unless named here.
    :raises Refused: a value does not fit its field. :raises TypeError: a detail that is not allowed.
    """
    practice = practices.of(kind)
    if unknown := set(details) - set(allowed):
        raise TypeError(f"{practice.slug} have no {sorted(unknown)}")
    columns = {"organization_id": requester.organization_id, **own, **details}
    record = practice.model(
        kind=kind,
        title=" ".join(title.split()),
        description=description.replace("\x00", ""),
        requester=requester,
        impact=impact,
        urgency=urgency,
        source=source,
        tags=clean_tags(tags),
        state=state,
        phase=practice.phases[state],
        created_at=at,
        opened_at=opened_at or at,
        updated_at=at,
        is_sample=is_sample,
        **columns,
    )
    names = {each.name for each in record._meta.fields}
    check_fields(record, {"title", "description", "impact", "urgency", "source", *(names & columns.keys())})
    record.priority = priority_of(record.impact, record.urgency)
    return record
