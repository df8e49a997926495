"""The service credits of a customer and month, from the figures of the report and what the agreements give back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from ...in_force import days_in, days_of, with_stretches, within
from ...models import Agreement
from ..crediting import Kept, Rule, as_document, kept_by_clocks
from ..enums import Promise
from .scope import Scope
from .uptime import share_of


def credits_of(
    scope: Scope,
    attainment: dict[str, Any],
    availability: list[dict[str, Any]],
    *,
    earlier: Mapping[str, Any] | None = None,
    is_same: bool = False,
) -> list[dict[str, Any]]:
    """
    One for each agreement with terms that is theirs or has figures in the month, with or without an amount.

    :param earlier: document of the edition that is corrected: each credit tells what that one said.
    :param is_same: by the terms that it went by, where it kept them, not by those of today.
    """
    counted = {each["id"]: each for each in attainment["agreements"] if each["id"] is not None}
    uptime = _by_agreement(availability)
    told = {each["agreement_id"]: each for each in (earlier or {}).get("credits", ())}
    kept = {key: Rule.from_document(each) for key, each in told.items() if is_same and "steps" in each}
    theirs = Q(organization=scope.organization) | Q(requester__organization=scope.organization)
    rows = with_stretches(
        Agreement.objects.with_customers().filter(
            Q(pk__in=kept) | Q(credit_terms__isnull=False) & (theirs | Q(pk__in={*counted, *uptime}))
        )
    )
    found = []
    for agreement in rows.select_related("credit_terms").prefetch_related("credit_terms__steps").order_by("name", "pk"):
        key, held = agreement.pk, within(agreement, scope.month)
        if not held and key not in counted:
            continue
        rule = kept.get(key) or Rule.of(agreement.credit_terms)
        shares = [*kept_by_clocks(counted.get(key)), *uptime.get(key, ())]
        said = as_document(rule, shares, days=days_in(scope.month, held), of_days=len(days_of(scope.month)))
        if earlier is not None:
            said["before"] = told[key]["amount"] if key in told else None
        found.append(said)
    return found


def _by_agreement(availability: Iterable[dict[str, Any]]) -> dict[int, list[Kept]]:
    """By agreement the services whose availability it promises, each over the time for which it did."""
    found: dict[int, list[Kept]] = {}
    for service in availability:
        sums: dict[int, dict[str, int]] = {}
        for each in service["parts"] or ([service] if service["target"] is not None else []):
            of = sums.setdefault(each["agreement_id"], {"agreed_seconds": 0, "lost_hundredths": 0})
            for name in of:
                of[name] += each[name]
        for key, said in sums.items():
            found.setdefault(key, []).append(Kept(Promise.AVAILABILITY, service["name"], share_of(said)))
    return found
