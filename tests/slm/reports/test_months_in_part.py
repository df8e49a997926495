"""Months in which an agreement began, ended, changed or was replaced; corrections after a credit; odd currencies."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from calendars import operations as calendar_operations
from common.refusals import Refused
from slm import operations as agreements
from slm.availability.models import Outage
from slm.in_force import with_stretches, within
from slm.models import Agreement, AgreementVersion
from slm.reports import operations
from slm.reports.crediting import Kept, Rule, Step, as_document
from slm.reports.models import ServiceReport
from slm.reports.pdf import made_from
from slm.reports.reading import Reading
from slm.texts import document_of
from tests.conftest import moment

from .conftest import AFTER, FEBRUARY, MARCH

pytestmark = pytest.mark.django_db
UPTIME = [Step("availability", Decimal("99.5"), Decimal(10))]
LATER = moment("2026-04-02 09:00")


@pytest.fixture
def credits(house):
    def give(agreement, fee="1000.00", steps=UPTIME, **said):
        return operations.set_credits(
            agreement=agreement, by=house.ines, at=AFTER, monthly_fee=Decimal(fee), steps=steps,
            **{"currency": "EUR", "cap_percent": Decimal(100)} | said,
        )  # fmt: skip

    return give


@pytest.fixture
def february(plan, vpn):
    def make():
        return operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    return make


def held_in(agreement, first_day, plan):
    month = plan.month(first_day)
    return [
        (each.text.availability_target, len(each.days(month)))
        for each in within(with_stretches(Agreement.objects.filter(pk=agreement.pk)).get(), month)
    ]


def test_an_agreement_that_begins_in_the_month_is_judged_and_paid_for_its_own_days(
    february, promised, credits, outage, house
):
    """Fourteen of 28 days: 336 hours. An hour of the day before its first is nobody's; two hours are 99.404 %."""
    promised.valid_from, promised.organization = date(2026, 2, 15), house.acme
    promised.limits = {"volume": {"most": 5, "per": "month"}}
    promised.save()
    credits(promised)
    outage("2026-02-14 23:00", "2026-02-15 02:00")

    report = february()

    (service,) = report.document["availability"]
    assert (service["agreed_seconds"], service["lost_hundredths"]) == (335 * 3600 + 0, 2 * 3600 * 100)
    (part,) = service["parts"]
    assert (part["first_day"], part["last_day"]) == ("2026-02-15", "2026-02-28")
    (found,) = report.document["credits"]
    assert (found["days"], found["of_days"], found["fee"], found["amount"]) == (14, 28, "500.00", "50.00")
    assert found["lines"][0]["value"] == [333, 335]
    reading = Reading(report)
    assert reading.credits[0]["sum_text"] == (
        "In force on 14 of 28 days: 500.00 EUR of 1,000.00 EUR count. 10% of 500.00 EUR = 50.00 EUR."
    )
    assert reading.services[0]["parts"][0]["span"] == "15 Feb to 28 Feb"
    (volume,) = reading.promises
    assert (volume["bound"], volume["detail"]) == ("up to 3 a month", "in force on 14 of 28 days")
    assert made_from(report).startswith(b"%PDF")


def test_the_rule_may_count_the_whole_fee(february, promised, credits, outage):
    Agreement.objects.filter(pk=promised.pk).update(valid_from=date(2026, 2, 28))
    credits(promised, part_month="whole")
    outage("2026-02-28 10:00", "2026-02-28 11:00")

    (found,) = february().document["credits"]

    assert (found["days"], found["fee"], found["amount"]) == (1, "1000.00", "100.00")


def test_one_that_ended_and_the_one_that_took_its_place_are_each_held_to_their_own_time(
    february, promised, make_agreement, credits, outage, around_the_clock, house
):
    """The first ended by notice on 11 February and binds no more: its ten days are told and paid all the same."""
    version = AgreementVersion.objects.create(
        agreement=promised, number=1, document=document_of(promised), created_at=moment("2025-01-01 00:00"),
        in_force_from=moment("2025-01-01 00:00"), in_force_until=moment("2026-02-11 00:00"),
    )  # fmt: skip
    Agreement.objects.filter(pk=promised.pk).update(
        state="terminated", ends_date=date(2026, 2, 11), organization=house.acme
    )
    second = make_agreement(
        "Acme platinum", calendar=around_the_clock, availability_target=Decimal("99.9"), organization=house.acme,
        valid_from=date(2026, 2, 11),
    )  # fmt: skip
    credits(promised, fee="280.00")
    credits(second, fee="2800.00")
    outage("2026-02-05 10:00", "2026-02-05 14:00")

    report = february()

    (service,) = report.document["availability"]
    assert [(each["agreement"], each["target"], each["lost_hundredths"]) for each in service["parts"]] == [
        ("Acme gold", "99.5", 4 * 3600 * 100), ("Acme platinum", "99.9", 0),
    ]  # fmt: skip
    assert [(each["agreement"], each["days"], each["fee"], each["amount"]) for each in report.document["credits"]] == [
        ("Acme gold", 10, "100.00", "10.00"), ("Acme platinum", 18, "1800.00", "0.00"),
    ]  # fmt: skip
    assert Reading(report).services[0]["is_held"] is False
    assert version.in_force_until == moment("2026-02-11 00:00")


def test_a_later_version_changes_nothing_of_the_months_before_it(february, promised, plan, outage, office, house):
    """From March on: 99.9 % in office hours. February stays at 99.5 % around the clock, in Oslo from midnight on."""
    document = document_of(promised)
    Agreement.objects.filter(pk=promised.pk).update(
        version=2, availability_target=Decimal("99.9"), service_hours=office, attainment_target=Decimal(99)
    )
    for number, begin, end in ((1, "2025-01-01 00:00", "2026-03-10 12:00"), (2, "2026-03-10 12:00", None)):
        AgreementVersion.objects.create(
            agreement=promised, number=number, document=document, created_at=moment(begin), agreed_at=moment(begin),
            in_force_from=moment(begin), in_force_until=end and moment(end),
        )  # fmt: skip
    outage("2026-02-15 22:00", "2026-02-15 23:00")  # Sunday night: no office hours

    (service,) = february().document["availability"]

    assert (service["target"], service["lost_hundredths"], service["parts"]) == ("99.5", 3600 * 100, [])
    assert held_in(promised, FEBRUARY, plan) == [(Decimal("99.500"), 28)]
    assert held_in(promised, MARCH, plan) == [(Decimal("99.500"), 10), (Decimal("99.900"), 22)]


@pytest.mark.parametrize(
    ("first_day", "valid_from", "days", "of_days"),
    [
        (date(2026, 3, 1), date(2026, 3, 29), 3, 31),  # the day with 23 hours is a day
        (date(2026, 10, 1), date(2026, 10, 25), 7, 31),  # and so is the one with 25
        (date(2028, 2, 1), date(2028, 2, 29), 1, 29),
        (date(2026, 3, 1), date(2026, 4, 1), 0, 0),
    ],
)
def test_days_are_those_of_the_calendar_however_long(plan, promised, first_day, valid_from, days, of_days):
    oslo = calendar_operations.create_calendar(
        name="Oslo", zone="Europe/Oslo", is_always_open=True, by=None, at=moment("2026-01-01 00:00")
    )
    Agreement.objects.filter(pk=promised.pk).update(valid_from=valid_from, calendar=oslo)

    found = held_in(promised, first_day, plan)

    assert found == ([(Decimal("99.500"), days)] if days else [])


def test_a_month_in_which_nothing_could_be_measured_gives_nothing_and_says_so(february, promised, credits, house):
    Agreement.objects.filter(pk=promised.pk).update(organization=house.acme, availability_target=None)
    credits(promised, steps=[Step("resolution", Decimal(90), Decimal(5))])

    (found,) = Reading(february()).credits

    assert found["amount"] == "0.00"
    assert found["lines"] == [{"promise": "resolution targets met", "value": "nothing measured", "below": "90%",
                               "credit": "–"}]  # fmt: skip
    assert found["sum_text"].startswith("Nothing of what it promises could be measured")


@pytest.mark.parametrize(
    ("currency", "fee", "expected", "shown"),
    [
        ("JPY", "333335", ("166668", "8333"), "5% of 166,668 JPY = 8,333 JPY."),
        ("KWD", "1.001", ("0.501", "0.025"), "5% of 0.501 KWD = 0.025 KWD."),
        ("EUR", "333.35", ("166.68", "8.33"), "5% of 166.68 EUR = 8.33 EUR."),
    ],
)
def test_amounts_are_rounded_to_what_can_be_paid(currency, fee, expected, shown):
    rule = Rule(
        1, "Gold", Decimal(fee), currency, Decimal(100), "days", (Step("availability", Decimal(99), Decimal(5)),)
    )
    kept = [Kept("availability", "VPN", Fraction(1, 2))]

    said = as_document(rule, kept, days=14, of_days=28)

    assert (said["fee"], said["amount"]) == expected
    report = ServiceReport(first_day=FEBRUARY, document={"zone": "UTC", "credits": [said]})
    assert Reading(report).credits[0]["sum_text"].endswith(shown)


def test_a_fee_that_nobody_can_pay_is_refused(promised, credits):
    with pytest.raises(Refused, match="JPY has 0 decimals"):
        credits(promised, fee="100.50", currency="JPY")


def test_a_correction_after_the_credit_was_paid_tells_what_is_left_to_settle(
    issued, promised, credits, house, plan, solved
):
    """An hour was lost of 672; it was really five. Meanwhile the fee went up, which is no business of February."""
    credits(promised, steps=[Step("availability", Decimal("99.5"), Decimal(10)),
                             Step("resolution", Decimal(90), Decimal("2.5"))])  # fmt: skip
    report = issued()
    assert report.document["credits"][0]["amount"] == "25.00"
    credits(promised, fee="4000.00")
    Outage.objects.update(ended_at=moment("2026-02-15 15:00"))

    march = operations.compile_report(plan=plan, first_day=MARCH, by=None, at=LATER)
    second = operations.correct(report=report, by=house.ines, at=LATER, reason="It lasted five hours")

    told = {each["what"]: (each["was"], each["now"]) for each in Reading(march).corrections}
    assert told["Acme gold: service credit"] == ("25.00 EUR", "125.00 EUR")
    (found,) = Reading(second).credits
    assert found["sum_text"] == (
        "2.5% + 10% = 12.5% of 1,000.00 EUR = 125.00 EUR. The edition before said 25.00 EUR: 100.00 EUR more are given "
        "back."
    )
    ServiceReport.objects.filter(pk=second.pk).delete()
    anew = operations.correct(report=report, by=house.ines, at=LATER, reason="The fee was wrong", has_new_terms=True)
    assert anew.document["credits"][0]["amount"] == "400.00"


def test_signed_at_noon_ended_by_notice_and_taken_up_again_counts_each_day_it_held(
    february, house, around_the_clock, credits, outage, plan
):
    """From the 10th at noon to the 19th, and from the 27th on: twelve days. The outage of the 22nd is nobody's."""
    Agreement.objects.update(state="retired")
    at = moment("2026-02-10 12:00:00.5")
    made = agreements.create_agreement(
        by=house.ines, at=at, name="Short", calendar=around_the_clock, targets={("resolution", 4): 240},
        organization=house.acme, exclusions="None.", review_date=date(2027, 3, 1), provider_signatory=house.ada,
        partner_signatory=house.max, availability_target=Decimal("99.5"),
    )  # fmt: skip

    def sign(at):
        agreements.offer(agreement=made, by=house.ines, at=at)
        version = Agreement.objects.get(pk=made.pk).latest_version
        agreements.sign(agreement=made, side="provider", by=house.ada, at=at, version=version)
        return agreements.sign(agreement=made, side="partner", by=house.max, at=at, version=version)

    sign(at)
    agreements.give_notice(
        agreement=made, by=house.ines, at=at, ends_date=date(2026, 2, 20), reason="Moved", waives_notice=True
    )
    agreements.withdraw_notice(agreement=made, by=house.ines, at=at)
    Agreement.objects.filter(pk=made.pk).update(valid_to=date(2026, 2, 20))
    agreements.follow(at=moment("2026-02-20 00:30"))
    agreements.reinstate(agreement=made, by=house.ines, at=moment("2026-02-26 09:00"))
    agreements.edit_agreement(agreement=made, by=house.ines, at=moment("2026-02-26 09:00"), values={"valid_to": None})
    sign(moment("2026-02-27 09:00"))
    credits(made, fee="280.00")
    outage("2026-02-22 10:00", "2026-02-22 20:00")
    outage("2026-02-10 08:00", "2026-02-10 13:00")

    report = february()

    (service,) = report.document["availability"]
    assert [(each["first_day"], each["last_day"], each["lost_hundredths"]) for each in service["parts"]] == [
        ("2026-02-10", "2026-02-20", 3600 * 100), ("2026-02-27", "2026-02-28", 0),
    ]  # fmt: skip
    assert service["agreed_seconds"] == (9 * 24 + 12 + 24 + 14) * 3600
    (found,) = report.document["credits"]
    assert (found["days"], found["fee"], found["kept"][0]["value"]) == (12, "120.00", [265, 266])
