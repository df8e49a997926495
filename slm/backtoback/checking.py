"""Check agreements and keep what was found, for lists, pages and the API."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from ..models import Agreement, BackToBackCheck
from . import findings, house


def check(*, at: datetime) -> int:
    """
    Look at every agreement with customers that binds or is worked on, and keep what was found of each.

    Safe to run twice and at once: the result is worked out from what stands. Returns how many were looked at.
    """
    known = house.House.read(at=at)
    rows = list(_wanted())
    found: dict[int, list[Any]] = {each.pk: [] for each in rows}
    for text in house.texts_to_check(rows):
        found[text.pk] += findings.findings_of(text, known)
    _keep(found, at=at)
    return len(rows)


def check_one(agreement: Agreement, *, at: datetime) -> list[findings.Finding]:
    """What is to be said of one agreement, its draft included; nothing is kept."""
    known = house.House.read(at=at)
    rows = [each for each in _wanted() if each.pk == agreement.pk]
    return [each for text in house.texts_to_check(rows) for each in findings.findings_of(text, known)]


def _wanted() -> QuerySet[Agreement]:
    return (
        Agreement.objects.with_customers()
        .exclude(state__in=["retired", "terminated"])
        .select_related(*house.READ, "requester")
        .prefetch_related("targets")
        .order_by("pk")
    )


@transaction.atomic
def _keep(found: dict[int, list[Any]], *, at: datetime) -> None:
    BackToBackCheck.objects.exclude(agreement__in=found).delete()
    BackToBackCheck.objects.bulk_create(
        [BackToBackCheck(agreement_id=key, findings=said, checked_at=at) for key, said in sorted(found.items())],
        update_conflicts=True,
        unique_fields=["agreement"],
        update_fields=["findings", "checked_at"],
    )
