"""The terms of service credits of an agreement."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refusal, Refused, Stale
from people.access import require

from ...models import Agreement
from .. import currencies
from ..crediting import Step
from ..enums import PartMonth, Promise
from ..models import CreditStep, CreditTerms

MOST_STEPS = 40


@transaction.atomic
def set_credits(
    *, agreement: Agreement, by: Any, at: datetime, monthly_fee: Decimal, currency: str, cap_percent: Decimal,
    steps: Sequence[Step], part_month: str = PartMonth.DAYS, version: int | None = None,
) -> CreditTerms:  # fmt: skip
    """
    Say what part of the monthly fee is given back for which shortfall. Reports that are made from now on go by it.

    :param part_month: what fee counts where the agreement is in force for a part of a month only.
    :param version: of the terms that the person has seen, 0 for none. :raises Stale: others stand by now.
    :raises NotAllowed: :raises Refused: no step, a step twice, a number out of range, no currency code, an amount with
        more decimals than the currency has.
    """
    if by is not None:
        require(by, "agreement.edit", agreement)
    Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    terms = CreditTerms.objects.filter(agreement=agreement).first() or CreditTerms(agreement=agreement, version=0)
    if version is not None and version != terms.version:
        raise Stale.because(
            "stale", _("The terms were changed by somebody else meanwhile. Read them again, then repeat this.")
        )
    before = _as_data(terms) if terms.pk else None
    terms.monthly_fee, terms.currency, terms.cap_percent = monthly_fee, currency, cap_percent
    terms.part_month = part_month
    terms.version += 1
    _refuse_unfit(terms, steps)
    terms.save()
    terms.steps.all().delete()
    CreditStep.objects.bulk_create(
        CreditStep(
            terms=terms, promise=each.promise, below_percent=each.below_percent, credit_percent=each.credit_percent
        )
        for each in steps
    )
    _log("set", agreement, by=by, at=at, data={"before": before, "after": _as_data(terms)})
    return terms


@transaction.atomic
def remove_credits(*, agreement: Agreement, by: Any, at: datetime) -> None:
    """Give no service credits any more. :raises NotAllowed: :raises Refused: there are none."""
    require(by, "agreement.edit", agreement)
    terms = CreditTerms.objects.select_for_update().filter(agreement=agreement).first()
    if terms is None:
        raise Refused.because("none", _("This agreement gives no service credits."))
    before = _as_data(terms)
    terms.delete()
    _log("removed", agreement, by=by, at=at, data={"before": before})


def _refuse_unfit(terms: CreditTerms, steps: Sequence[Step]) -> None:
    refusals = []
    try:
        terms.clean_fields(exclude=["agreement"])
    except ValidationError as error:
        refusals += [Refusal("unfit", " ".join(texts), field) for field, texts in error.message_dict.items()]
    if not refusals and not currencies.is_whole(terms.monthly_fee, terms.currency):
        words = _("%(currency)s has %(places)d decimals. Write the fee with no more.")
        said = {"currency": terms.currency, "places": currencies.places(terms.currency)}
        refusals.append(Refusal("unfit", words % said, "monthly_fee"))
    if not steps:
        refusals.append(Refusal("required", _("A step is missing. Say below which percentage what is given."), "steps"))
    if len(steps) > MOST_STEPS:
        refusals.append(Refusal("too_many", _("At most %(count)d steps fit.") % {"count": MOST_STEPS}, "steps"))
    if len({(each.promise, each.below_percent) for each in steps}) < len(steps):
        refusals.append(Refusal("twice", _("A step stands twice. Give each bound once."), "steps"))
    for each in steps:
        if each.promise not in Promise.values or not (
            0 <= each.below_percent <= 100 and 0 <= each.credit_percent <= 100
        ):
            refusals.append(Refusal("out_of_range", _("A step takes percentages from 0 to 100."), "steps"))
            break
    if refusals:
        raise Refused.all_of(refusals)


def _as_data(terms: CreditTerms) -> dict[str, Any]:
    steps = terms.steps.values_list("promise", "below_percent", "credit_percent")
    return {
        "fee": terms.monthly_fee, "currency": terms.currency, "cap_percent": terms.cap_percent,
        "part_month": terms.part_month, "steps": list(steps),
    }  # fmt: skip


def _log(action: str, agreement: Agreement, *, by: Any, at: datetime, data: dict[str, Any]) -> None:
    log.record(
        f"credits.{action}",
        subject_kind="agreement",
        subject_id=agreement.pk,
        subject_label=agreement.name,
        organization_id=agreement.organization_id,
        by=by,
        at=at,
        data=data,
    )
