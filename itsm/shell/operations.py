"""The acts of the shell: how pages look to one person."""

from people.enums import Density, Theme
from people.models import User


class UnknownAppearance(ValueError):
    """No theme or density has this name."""


def choose_appearance(*, by: User, theme: str = "", density: str = "") -> None:
    """
    Remember how this person wants to see pages, on every device. Nothing is logged: it concerns nobody else.

    :raises UnknownAppearance: no such theme or density; nothing is changed.
    """
    if (theme and theme not in Theme.values) or (density and density not in Density.values):
        raise UnknownAppearance(theme or density)
    if theme:
        by.theme = theme
    if density:
        by.density = density
    by.save(update_fields=["theme", "density"])
