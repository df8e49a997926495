"""What customers pay for a service by its agreements, and what was given back of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from measurement.scope import organizations_of
from slm.models import Agreement
from slm.reports import sayings
from slm.reports.models import CreditTerms, ServiceReport

OPERATION = "report.view"


@dataclass(frozen=True)
class Money:
    """
    Texts like `1,200.00 EUR`, one for each currency; empty for nothing.

    :ivar fees: of a month. :ivar credits: of `month`, by the reports that were issued for it.
    """

    fees: str
    credits: str
    month: date


def money_of(agreements: Sequence[Agreement], viewer: Any, *, today: date) -> Money:
    """
    Fees of agreements for one service in particular, and the credits of the month before; two statements.

    :param agreements: those outside the reach of the viewer's reports are left out.
    """
    reach = organizations_of(viewer, OPERATION)
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    customers = {each.pk: each.organization_id for each in agreements if reach is None or each.organization_id in reach}
    terms = CreditTerms.objects.filter(agreement__in=customers) if customers else CreditTerms.objects.none()
    fees = {each.agreement_id: (each.currency, each.monthly_fee) for each in terms}
    reports = ServiceReport.objects.visible_to(viewer).frozen().latest_editions().filter(first_day=month)
    reports = reports.filter(organization__in={customers[key] for key in fees} - {None})
    given = [
        (each["currency"], Decimal(each["amount"]))
        for credits in (reports.values_list("document__credits", flat=True) if fees else ())
        for each in credits or ()
        if each["agreement_id"] in fees
    ]
    return Money(_text(fees.values()), _text(given), month)


def _text(amounts: Iterable[tuple[str, Decimal]]) -> str:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in amounts:
        sums[currency] += amount
    return " + ".join(sayings.money(str(amount), currency) for currency, amount in sorted(sums.items()) if amount)
