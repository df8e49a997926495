"""
Pages of other apps that can be sent by mail, beside dashboards and measures.

An app above registers its page, so that scheduled reports know none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import can

from .report import Report


@dataclass(frozen=True)
class Source:
    """
    :ivar key: kept with each schedule. :ivar operation: of the permission matrix; who lacks it gets nothing.
    :ivar report: what one reader would see at a moment, from the query of the page. :ivar label_of: what the page of a
        query is called, where there are many. :ivar is_visible: whether the person may see the page of this query too.
    """

    key: str
    label: Any
    operation: str
    report: Callable[[str, Any, datetime], Report]
    label_of: Callable[[str], str] | None = None
    is_visible: Callable[[str, Any], bool] = lambda query, person: True

    def title(self, query: str) -> str:
        return str(self.label) if self.label_of is None else self.label_of(query)

    def may_see(self, person: Any, query: str) -> bool:
        return can(person, self.operation) and self.is_visible(query, person)


_SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a page known; called from its app's `ready`."""
    _SOURCES[source.key] = source


def source_of(key: str) -> Source:
    """:raises Refused: there is no such page."""
    if key not in _SOURCES:
        raise Refused.because("unknown", _("Choose a dashboard or a measure."), "dashboard")
    return _SOURCES[key]
