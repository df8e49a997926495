"""Service credits of an agreement over REST. Amounts and percentages are texts, so that they stay what they are."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Strict, Text
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from ...models import Agreement
from .. import currencies, operations
from ..crediting import Step
from ..enums import PartMonth, Promise
from ..models import CreditTerms
from ..operations.crediting import MOST_STEPS


class Exact(Text):
    """A number as a text: a JSON number would pass through a float."""

    def __init__(self, *, whole: int, places: int, **options: Any) -> None:
        self.whole, self.places = whole, places
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not re.fullmatch(rf"\d{{1,{self.whole}}}(\.\d{{1,{self.places}}})?", text, re.ASCII):
            raise serializers.ValidationError(
                _('This is no such number. Write it like "99.5", with at most %(places)d decimals.')
                % {"places": self.places}
            )
        return Decimal(text)


class CreditStepShape(Answer):
    """Below so much, so many percent of the fee."""

    promise = serializers.ChoiceField(choices=Promise.choices)
    below_percent = serializers.CharField()
    credit_percent = serializers.CharField()


class CreditTermsShape(Answer):
    """The service credits of an agreement; a fee of null: it gives none."""

    monthly_fee = serializers.CharField(allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    cap_percent = serializers.CharField(allow_null=True)
    part_month = serializers.ChoiceField(choices=PartMonth.choices, allow_null=True)
    steps = CreditStepShape(many=True)


class CreditStepBody(Strict):
    """One step."""

    promise = Choice(choices=Promise.choices)
    below_percent = Exact(whole=3, places=3)
    credit_percent = Exact(whole=3, places=2)


class CreditTermsBody(Strict):
    """All terms at once; they take the place of those that stand."""

    monthly_fee = Exact(whole=10, places=3, help_text="With no more decimals than the currency has.")
    currency = Text(max_length=3, help_text="Three capital letters.")
    cap_percent = Exact(whole=3, places=2, help_text="At most so many percent of the fee are given back.")
    part_month = Choice(
        choices=PartMonth.choices, required=False, default=PartMonth.DAYS,
        help_text="What fee counts where the agreement is in force for a part of a month only.",
    )  # fmt: skip
    steps = CreditStepBody(many=True, max_length=MOST_STEPS)  # type: ignore[call-arg] # of the list


def credit_terms(row: CreditTerms | None) -> dict[str, Any]:
    """The dictionary of a `CreditTermsShape`."""
    if row is None:
        return {"monthly_fee": None, "currency": "", "cap_percent": None, "part_month": None, "steps": []}
    return {
        "monthly_fee": currencies.plain(row.monthly_fee, row.currency),
        "currency": row.currency,
        "cap_percent": f"{row.cap_percent:f}",
        "part_month": row.part_month,
        "steps": [
            {
                "promise": each.promise,
                "below_percent": f"{each.below_percent:f}",
                "credit_percent": f"{each.credit_percent:f}",
            }
            for each in row.steps.all()
        ],
    }


class AgreementCredits(ApiView):
    """Service credits of an agreement."""

    operations = {"GET": "agreement.view", "PUT": "agreement.edit", "DELETE": "agreement.edit"}

    def agreement(self, number: int) -> Agreement:
        found: Agreement = one_of(Agreement.objects.all(), number)
        return found

    def shown(self, number: int) -> Any:
        rows = CreditTerms.objects.filter(agreement=number).prefetch_related("steps")
        row = rows.first()
        return self.answer(credit_terms(row), version=row.version if row else 0)

    @describe("Get the service credits of an agreement", gives=CreditTermsShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        self.agreement(number)
        return self.shown(number)

    @describe(
        "Set the service credits of an agreement",
        takes=CreditTermsBody,
        gives=CreditTermsShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        examples=[
            (
                "2 % below 99.5, 5 % below 99",
                {
                    "monthly_fee": "18500.00",
                    "currency": "EUR",
                    "cap_percent": "10",
                    "steps": [
                        {"promise": "availability", "below_percent": "99.5", "credit_percent": "2"},
                        {"promise": "availability", "below_percent": "99", "credit_percent": "5"},
                    ],
                },
            )
        ],
    )
    def put(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        values = CreditTermsBody.read(request.data, by=request.user)
        steps = [Step(**each) for each in values.pop("steps")]
        seen = seen_version(request, is_required=False)
        operations.set_credits(agreement=found, by=request.user, at=now(), steps=steps, version=seen, **values)
        return self.shown(number)

    @describe("Give no service credits any more", status=204, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove_credits(agreement=self.agreement(number), by=request.user, at=now())
        return self.answer(status=204)
