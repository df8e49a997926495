"""Every measure there is today: declared ones, own ones, with the targets and thresholds that people set."""

from . import declarations
from .catalog.queries import handled
from .declarations import KPI
from .own import queries as own


def kpis() -> list[KPI]:
    """Declared measures in the order of the practices, then own ones in use, by name. Two statements."""
    return handled([*declarations.kpis(), *own.kpis()])


def kpi(name: str) -> KPI:
    """
    One measure.

    :raises KeyError: nobody declared it, nor made it, or it is out of use.
    """
    return next((each for each in kpis() if each.id == name), None) or declarations.kpi(name)
