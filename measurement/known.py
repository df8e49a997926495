"""Every measure there is today: declared ones, own ones, with the targets and thresholds that people set."""

from dataclasses import replace

from . import declarations
from .catalog.queries import handled
from .declarations import KPI, Count, Unit
from .own import queries as own
from .own.counts import known as known_counts


def kpis() -> list[KPI]:
    """Declared measures in the order of the practices, then own ones in use, by name. Two statements."""
    return handled([*declarations.kpis(), *own.kpis()])


def kpi(name: str) -> KPI:
    """
    One measure.

    :raises KeyError: nobody declared it, nor made it, or it is out of use.
    """
    return next((each for each in kpis() if each.id == name), None) or declarations.kpi(name)


def part_of(kpi: KPI, count: Count) -> KPI:
    """One count of a measure that people made, as a measure of its own: for the rows behind it."""
    family, amount = count
    text = known_counts()[".".join(count)].text
    return replace(
        kpi, families=(family,), numerator=amount, numerator_text=text, denominator=None, unit=Unit.COUNT, factor=1.0,
        is_stock=amount in declarations.family(family).standing, formula=None,
    )  # fmt: skip
