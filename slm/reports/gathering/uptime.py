"""Availability of the services that the customer uses, as their agreements promise it, and the outages of the month."""

from fractions import Fraction
from typing import Any

from common.months import Month

from ...availability.arithmetic import Figures
from ...availability.book import Book, touching
from ...availability.pledges import Pledge
from ...availability.spans import SECOND, micros, moment_of
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
    low, high = micros(scope.at_from), micros(scope.at_to)
    for service in scope.services:
        figures = figures_of(book, service.pk, scope.month)
        pledges = book.pledges(service.pk, low, high)
        promised = [each for each in pledges if each.target is not None]
        if not figures.agreed or (not promised and service.pk not in outages):
            continue
        last = (promised or pledges)[-1]
        found.append(
            {
                "id": service.pk,
                "name": service.name,
                "slug": service.slug,
                **_promise(last),
                **amounts(figures),
                "parts": _parts(promised, book, service.pk, scope.month),
                "outages": ledger.count(f"outages.{service.pk}", Rows.OUTAGE, outages.get(service.pk, [])),
            }
        )
    return found


def _parts(promised: list[Pledge], book: Book, service_id: int, month: Month) -> list[dict[str, Any]]:
    """One for each promise where several ruled one after the other, or one for a part of the month; else none."""
    spans: list[tuple[dict[str, Any], int, int]] = []
    for each in promised:
        said = _promise(each)
        if spans and spans[-1][0] == said and spans[-1][2] == each.at_from:
            spans[-1] = said, spans[-1][1], each.at_to
        else:
            spans.append((said, each.at_from, each.at_to))
    if [span[1:] for span in spans] == [(micros(month.began_at), micros(month.ended_at))]:
        return []
    return [
        said
        | amounts(book.figures(service_id, begin, end))
        | {"first_day": _day(begin, month), "last_day": _day(end - 1, month)}
        for said, begin, end in spans
    ]


def _day(at: int, month: Month) -> str:
    return moment_of(at).astimezone(month.zone).date().isoformat()


def _promise(pledge: Pledge) -> dict[str, Any]:
    target = None if pledge.target is None else _percent(pledge.target)
    return {"agreement_id": pledge.agreement_id, "agreement": pledge.name, "target": target}


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
