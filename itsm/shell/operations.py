"""The acts of the shell: how pages look to one person, and which keys they press."""

from collections.abc import Mapping

from people import operations as people_operations
from people.enums import Density, NavGrouping, Theme
from people.models import User

from . import keys


class UnknownAppearance(ValueError):
    """No theme, density or grouping has this name."""


def choose_appearance(*, by: User, theme: str = "", density: str = "", grouping: str = "") -> None:
    """
    Remember how this person wants to see pages, on every device. Nothing is logged: it concerns nobody else.

    :raises UnknownAppearance: no such theme, density or grouping of the navigation; nothing is changed.
    """
    for value, values in ((theme, Theme.values), (density, Density.values), (grouping, NavGrouping.values)):
        if value and value not in values:
            raise UnknownAppearance(value)
    if theme:
        by.theme = theme
    if density:
        by.density = density
    if grouping:
        by.nav_grouping = grouping
    by.save(update_fields=["theme", "density", "nav_grouping"])


def choose_keys(*, by: User, are_on: bool, wanted: Mapping[str, str]) -> None:
    """
    Switch one's single keys on or off and move them, on every device.

    :param wanted: the key for each act by its name; an empty one, or none, stands for the shipped key.
    :raises Refused: as `keys.checked`; nothing is changed.
    """
    own = keys.checked(wanted)
    people_operations.set_profile(by=by, values={"has_single_keys": are_on, "own_keys": own})
