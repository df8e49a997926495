"""Practices from elsewhere, named by `STEWARD_PRACTICES`: what the project asks each of them for."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings
from django.urls import URLResolver, include, path


def modules(name: str) -> Iterator[ModuleType]:
    """The module of this name of each added practice that has one, in the order of installation."""
    for practice in settings.ADDED_PRACTICES:
        if find_spec(f"{practice}.{name}") is not None:
            yield import_module(f"{practice}.{name}")


def addresses(name: str) -> list[URLResolver]:
    """What their modules of addresses bring; each begins them with its own slug."""
    return [path("", include(each)) for each in modules(name)]
