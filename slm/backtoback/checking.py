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
        found[text.pk] += _news(findings.findings_of(text, known), found[text.pk])
    _keep(found, at=at)
    return len(rows)


def check_one(agreement: Agreement, *, at: datetime, known: house.House | None = None) -> list[findings.Finding]:
    """What is to be said of one agreement, its draft included; nothing is kept. :param known: read before."""
    known = known or house.House.read(at=at)
    rows = [each for each in _wanted() if each.pk == agreement.pk]
    found: list[findings.Finding] = []
    for text in house.texts_to_check(rows):
        found += _news(findings.findings_of(text, known), found)
    return found


def _news(fresh: list[findings.Finding], known: list[findings.Finding]) -> list[findings.Finding]:
    """What a draft does not share with the version in force."""
    said = [{name: value for name, value in each.items() if name != "version"} for each in known]
    return [each for each in fresh if {name: value for name, value in each.items() if name != "version"} not in said]


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
