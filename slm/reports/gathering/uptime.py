"""Availability of the services that the customer uses, as their agreements promise it, and the outages of the month."""

from fractions import Fraction
from typing import Any

from common.months import Month

from ...availability.arithmetic import Figures
from ...availability.book import Book, touching
from ...availability.spans import SECOND, micros
from ..enums import Rows
from .scope import Ledger, Scope

OUTAGES_TOLD = 100
HUNDREDTH = SECOND // 100


def book_of(scope: Scope, months: list[Month]) -> Book:
    """What counts for the customer's services from the first month to the end of the last; read when first asked."""
    return Book(
        [service.pk for service in scope.services],
        at_from=months[0].began_at,
        at_to=months[-1].ended_at,
        at=scope.at,
        organization_id=scope.organization.pk,
    )


def figures_of(book: Book, service_id: int, month: Month) -> Figures:
    return book.figures(service_id, micros(month.began_at), micros(month.ended_at))


def amounts(figures: Figures) -> dict[str, int]:
    """Whole numbers, exact: outages begin and end at full seconds, shares have two decimals."""
    return {
        "agreed_seconds": figures.agreed // SECOND,
        "lost_hundredths": int(figures.lost / HUNDREDTH),
        "failures": figures.failures,
    }


def share_of(said: dict[str, Any]) -> Fraction | None:
    """The availability behind `amounts`; None where nothing was agreed."""
    whole = said["agreed_seconds"] * 100
    return Fraction(whole - said["lost_hundredths"], whole) if whole else None


def availability(scope: Scope, ledger: Ledger, book: Book) -> list[dict[str, Any]]:
    """A row for each service for which availability is promised to the customer, or that had an outage."""
    outages: dict[int, list[int]] = {}
    rows = touching(book.service_ids, at_from=scope.at_from, at_to=scope.at_to, organization_id=scope.organization.pk)
    for key, service_id in rows.values_list("pk", "service_id"):
        outages.setdefault(service_id, []).append(key)
    found = []
    for service in scope.services:
        figures = figures_of(book, service.pk, scope.month)
        pledge = book.pledge(service.pk, micros(scope.at_to))
        target = pledge.target if pledge is not None else None
        if not figures.agreed or (target is None and service.pk not in outages):
            continue
        found.append(
            {
                "id": service.pk,
                "name": service.name,
                "slug": service.slug,
                "agreement_id": pledge.agreement_id if pledge is not None else None,
                "agreement": pledge.name if pledge is not None else "",
                "target": None if target is None else _percent(target),
                **amounts(figures),
                "outages": ledger.count(f"outages.{service.pk}", Rows.OUTAGE, outages.get(service.pk, [])),
            }
        )
    return found


def _percent(share: Fraction) -> str:
    """A target as it was agreed: at most three decimals of a percent."""
    return f"{float(share * 100):.3f}".rstrip("0").rstrip(".")


def outages(scope: Scope) -> list[dict[str, Any]]:
    """The outages that touch the month, the earliest first; 100 at most."""
    rows = touching(
        [service.pk for service in scope.services],
        at_from=scope.at_from,
        at_to=scope.at_to,
        organization_id=scope.organization.pk,
    )
    return [
        {
            "id": outage.pk,
            "service": outage.service.name,
            "offering": outage.offering.name if outage.offering else "",
            "started_at": outage.started_at.isoformat(),
            "ended_at": outage.ended_at.isoformat() if outage.ended_at else None,
            "is_planned": outage.is_planned,
            "weight_percent": outage.weight_percent,
            "cause": outage.cause,
        }
        for outage in rows.select_related("service", "offering").order_by("started_at", "pk")[:OUTAGES_TOLD]
    ]
