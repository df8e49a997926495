"""The service credits of a customer and month, from the figures of the report and the terms that stand today."""

from typing import Any

from ..crediting import Kept, Step, as_document, credit, kept_by_clocks
from ..enums import Promise
from ..models import CreditTerms
from .uptime import share_of


def credits_of(attainment: dict[str, Any], availability: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One for each agreement of the report that has terms, with or without an amount; two statements."""
    counted = {each["id"]: each for each in attainment["agreements"] if each["id"] is not None}
    promised: dict[int, list[dict[str, Any]]] = {}
    for each in availability:
        if each["agreement_id"] is not None and each["target"] is not None:
            promised.setdefault(each["agreement_id"], []).append(each)
    rows = CreditTerms.objects.filter(agreement__in={*counted, *promised}).select_related("agreement")
    found = []
    for terms in rows.prefetch_related("steps").order_by("agreement__name", "pk"):
        kept = kept_by_clocks(counted.get(terms.agreement_id))
        kept += [
            Kept(Promise.AVAILABILITY, each["name"], share_of(each)) for each in promised.get(terms.agreement_id, [])
        ]
        steps = [Step(each.promise, each.below_percent, each.credit_percent) for each in terms.steps.all()]
        sum_ = credit(kept, steps, fee=terms.monthly_fee, cap_percent=terms.cap_percent)
        found.append(as_document(terms, sum_))
    return found
