"""The examples of docs/guide/availability.md, computed."""

import re
from fractions import Fraction as F
from pathlib import Path

import pytest

from slm.availability.arithmetic import Down, at_least, figures, serial
from slm.availability.spans import HOUR, SECOND
from slm.availability.writing import duration, share

GUIDE = (Path(__file__).parents[3] / "docs" / "guide" / "availability.md").read_text()
UNITS = {"h": HOUR, "min": HOUR // 60, "s": SECOND}
SHARES = {"whole": F(1), "half": F(1, 2)}


def rows(head: str) -> list[list[str]]:
    lines = GUIDE[GUIDE.index(head) :].splitlines()[2:]
    end = next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end]]


def amount(text: str) -> int:
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+) (h|min|s)\b", text))


def outages(text: str) -> list[Down]:
    """Parted by commas: one after another; by “and”: at the same time."""
    found, start = [], 0
    for told in [] if text == "none" else text.split(", "):
        parts = told.removesuffix(" at the same time").split(" and ")
        for each in parts:
            found.append(Down(start, start + amount(each), SHARES[each.split()[-1]]))
        start += 24 * HOUR
    return found


@pytest.mark.parametrize("row", rows("| agreed time | target |"), ids=lambda row: f"{row[0]} {row[1]}")
def test_a_month(row):
    agreed, target, told, availability, budget, left = row
    wanted = F(target.rstrip("%")) / 100

    found = figures([(0, amount(agreed))], outages(told), 0, amount(agreed))

    assert share(found.availability) == availability
    assert duration(found.budget(wanted)) == budget
    assert duration(found.budget(wanted) - found.lost) == left


def of_part(text: str) -> F:
    if match := re.fullmatch(r"(\d+) of \d+: (.*)", text):
        return at_least(int(match[1]), [F(each.rstrip("%")) / 100 for each in match[2].split(", ")])
    return F(text.rstrip("%")) / 100


@pytest.mark.parametrize("row", rows("| chain | availability |"), ids=lambda row: row[0])
def test_a_chain(row):
    chain, availability = row

    assert share(serial(of_part(each) for each in chain.split(" × "))) == availability


def test_there_are_examples():
    assert len(rows("| agreed time | target |")) == 6
    assert len(rows("| chain | availability |")) == 4
