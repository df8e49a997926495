"""What the pages of the measures show, each from a bounded number of statements."""

from .every import ListPage
from .one import KpiPage

__all__ = ["KpiPage", "ListPage"]
