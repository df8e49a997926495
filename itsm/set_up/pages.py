"""The site with every page registered on it."""

from . import parked, people, records, services  # noqa: F401 - importing registers the pages
from .site import site

__all__ = ["site"]
