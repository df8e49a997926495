"""
What one practice shows beside the records of another: known errors beside an incident, articles beside a problem.

A panel is loaded after the page, from an address of the practice that owns it, so that no practice imports another
and a slow panel never delays the page.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from people.access import Access


@dataclass(frozen=True)
class Panel:
    """
    :param on: kinds of records beside which it stands.
    :param address: path of the fragment; `%(reference)s` becomes the record's.
    :param new_address: fragment for a record that is being typed; the form's fields come along as the query.
    :param operation: of the permission matrix; who lacks it does not see the panel.
    """

    name: str
    on: Container[str]
    address: str
    operation: str
    new_address: str = ""
    position: int = 100


_PANELS: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Make a panel known; called from its app's `ready`. :raises ValueError: another one has this name."""
    if _PANELS.get(panel.name, panel) != panel:
        raise ValueError(f"panel {panel.name} is registered twice")
    _PANELS[panel.name] = panel


def _for(kind: str, access: Access) -> Iterable[Panel]:
    found = (each for each in _PANELS.values() if kind in each.on and access.allows(each.operation))
    return sorted(found, key=lambda each: (each.position, each.name))


def beside(record: Any, access: Access) -> list[str]:
    """Addresses of the panels beside a record, for this person, in order."""
    return [each.address % {"reference": record.reference} for each in _for(record.kind, access)]


def beside_new(kind: str, access: Access) -> list[str]:
    """Addresses of the panels beside a record of this kind that is being typed."""
    return [each.new_address for each in _for(kind, access) if each.new_address]
