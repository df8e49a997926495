"""docs/guide/reports.md says what the code does; its examples are computed."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from slm.reports.crediting import Kept, Rule, Step, as_document
from slm.reports.enums import State
from slm.reports.models import ServiceReport
from tests.docs.test_practice_pages import table, words

GUIDE = (Path(__file__).parents[3] / "docs" / "guide" / "reports.md").read_text()
EXAMPLES = table(GUIDE, "monthly fee", "days")


def test_the_guide_names_every_state():
    told = {row["state"]: row["name"] for row in table(GUIDE, "state", "name")}

    assert told == {each.value: each.label for each in State}


def test_the_guide_names_every_move():
    told = {row["move"]: (words(row["from"]), row["to"]) for row in table(GUIDE, "move", "from")}
    field = ServiceReport._meta.get_field("state")

    known = {}
    for each in field.get_all_transitions(ServiceReport):
        known.setdefault(each.name, ([], str(each.target)))[0].append(str(each.source))
    assert {name: (sorted(sources), target) for name, (sources, target) in known.items()} == {
        name: (sorted(sources), target) for name, (sources, target) in told.items()
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda row: row["monthly fee"] + row["cap"])
def test_the_credits_of_the_guide_are_right_to_the_cent(example):
    steps = tuple(
        Step(f"promise {number}", Decimal(90), Decimal(percent))
        for number, percent in enumerate(example["percent of the steps"].split(" + "))
    )
    kept = [Kept(each.promise, "", Fraction(1, 2)) for each in steps]
    fee, currency = example["monthly fee"].split()
    days, of_days = map(int, example["days"].split(" of "))
    rule = Rule(1, "Gold", Decimal(fee), currency, Decimal(example["cap"]), "days", steps)

    found = as_document(rule, kept, days=days, of_days=of_days)

    assert f"{found['amount']} {currency}" == example["credit"]
