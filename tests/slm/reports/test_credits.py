"""Service credits: exact, stepwise, capped."""

from decimal import Decimal
from fractions import Fraction

import pytest

from common.refusals import NotAllowed, Refused
from slm.reports import operations
from slm.reports.crediting import Kept, Step, credit
from slm.reports.models import CreditTerms

from .conftest import AFTER, FEBRUARY

STEPS = [Step("availability", Decimal("99.5"), Decimal(2)), Step("availability", Decimal(99), Decimal(5))]
FEE = Decimal("1000.00")


def amount(*values, steps=STEPS, fee=FEE, cap="100"):
    kept = [Kept("availability", str(number), value) for number, value in enumerate(values)]
    return credit(kept, steps, fee=fee, cap_percent=Decimal(cap)).amount


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (Fraction(995, 1000), "0.00"),  # exactly the bound is not below it
        (Fraction(995, 1000) - Fraction(1, 10**12), "20.00"),
        (Fraction(99, 100), "20.00"),
        (Fraction(9899999, 10**7), "50.00"),
        (Fraction(0), "50.00"),
        (None, "0.00"),
    ],
)
def test_the_deepest_step_below_counts(share, expected):
    assert amount(share) == Decimal(expected)


def test_services_add_up_to_the_cap():
    assert amount(Fraction(0), Fraction(0)) == Decimal("100.00")
    assert amount(Fraction(0), Fraction(0), cap="7.5") == Decimal("75.00")
    assert amount(Fraction(0), cap="0") == Decimal("0.00")


@pytest.mark.parametrize(
    ("fee", "expected"), [("0.10", "0.01"), ("0.09", "0.00"), ("0.00", "0.00"), ("9999999999.99", "500000000.00")]
)
def test_halves_of_a_cent_go_up_and_huge_fees_stay_exact(fee, expected):
    assert amount(Fraction(0), fee=Decimal(fee)) == Decimal(expected)


@pytest.mark.django_db
def test_a_report_shows_the_credit_with_its_sum(compiled, promised, house):
    operations.set_credits(
        agreement=promised, by=house.ines, at=AFTER, monthly_fee=FEE, currency="EUR", cap_percent=Decimal(12),
        steps=[Step("availability", Decimal("99.9"), Decimal(10)), Step("resolution", Decimal(90), Decimal("2.5"))],
    )  # fmt: skip

    (found,) = compiled().document["credits"]

    assert [(line["promise"], line["of"]) for line in found["lines"]] == [("resolution", ""), ("availability", "VPN")]
    assert (found["percent"], found["capped_percent"], found["amount"]) == ("12.50", "12.00", "120.00")
    assert found["lines"][1]["value"] == [671, 672]


@pytest.mark.django_db
def test_terms_that_cannot_be_are_refused_with_every_reason(promised, house):
    said = {"agreement": promised, "by": house.ines, "at": AFTER, "monthly_fee": Decimal(-1), "currency": "eur"}
    with pytest.raises(Refused) as refused:
        operations.set_credits(cap_percent=Decimal(101), steps=[STEPS[0], STEPS[0]], **said)

    assert {each.field for each in refused.value.refusals} == {"monthly_fee", "currency", "cap_percent", "steps"}
    assert not CreditTerms.objects.exists()
    with pytest.raises(NotAllowed):
        operations.set_credits(cap_percent=Decimal(1), steps=STEPS, **(said | {"by": house.tom}))


@pytest.mark.django_db
def test_a_report_that_is_issued_keeps_the_terms_of_its_day(issued, promised, house, plan):
    operations.set_credits(
        agreement=promised,
        by=house.ines,
        at=AFTER,
        monthly_fee=FEE,
        currency="EUR",
        cap_percent=Decimal(50),
        steps=STEPS,
    )
    report = issued()
    operations.remove_credits(agreement=promised, by=house.ines, at=AFTER)

    assert report.document["credits"][0]["amount"] == "0.00"
    assert report.first_day == FEBRUARY


def test_whoever_saves_terms_that_were_changed_meanwhile_is_told(promised, house, pages_of):
    client, page = pages_of(house.ines), f"/reports/credits/{promised.slug}/"
    said = {
        "monthly_fee": "0", "currency": "EUR", "cap_percent": "0", "promise_0": "availability", "below_0": "99.5",
        "credit_0": "100", "part_month": "days", "seen_version": "0",
    }  # fmt: skip
    assert client.post(page, said).status_code == 302

    refused = client.post(page, said | {"monthly_fee": "5"})

    assert refused.status_code == 412
    assert "changed by somebody else" in refused.content.decode()
    assert CreditTerms.objects.get().monthly_fee == 0
    assert client.post(page, said | {"monthly_fee": "5", "seen_version": "1"}).status_code == 302
