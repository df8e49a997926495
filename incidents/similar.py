"""Incidents that read alike: how they were solved, or whether this one is known already."""

from typing import Any

from django.contrib.postgres.search import TrigramSimilarity

from records.enums import Phase
from records.models import Record

from .models import Incident

SIMILAR_AT_MOST = 5
SIMILAR_ENOUGH = 0.3
COMPARED_AT_MOST = 2_000


def similar_to(
    user: Any, *, title: str, service_id: int | None, without: int | None = None, is_open: bool | None = None
) -> Any:
    """
    Incidents whose subject reads alike, of the same service when one is known, the most alike first.

    Only the latest 2,000 are compared: what is older helps less, and the work stays the same on a table of any size.

    :param is_open: only open ones, or only those that were resolved.
    """
    latest = Record.objects.visible_to(user).filter(kind="incident")
    if service_id is not None:
        latest = latest.filter(service_id=service_id)
    if is_open is not None:
        latest = latest.exclude(phase=Phase.DONE) if is_open else latest.filter(phase=Phase.DONE)
    found = Incident.objects.filter(pk__in=latest.order_by("-pk").values("pk")[:COMPARED_AT_MOST])
    if is_open is False:
        found = found.exclude(resolution_text="")
    if without is not None:
        found = found.exclude(pk=without)
    return (
        found.annotate(alike=TrigramSimilarity("title", title))
        .filter(alike__gte=SIMILAR_ENOUGH)
        .select_related("requester", "resolved_by")
        .order_by("-alike", "-pk")[:SIMILAR_AT_MOST]
    )
