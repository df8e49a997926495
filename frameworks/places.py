"""
Where steps are done in this product: records in some states, or a page.

A place of records says how many of them are there now and opens them; a page only leads there. A step without a place
is not done here yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from records import practices


@dataclass(frozen=True)
class Records:
    """Open records of a kind while they are in one of these states."""

    kind: str
    states: tuple[str, ...]

    @property
    def query(self) -> str:
        """The queue's question that lists them."""
        return f"kind:{self.kind} state:{','.join(self.states)}"


@dataclass(frozen=True)
class Page:
    """:param url_name: who may not open the page is not led there."""

    url_name: str
    label: Any


Place = Records | Page

_AGREEMENTS = Page("slm:agreements", _("Agreements"))
_REPORTS = Page("reports:reports", _("Service reports"))
_MEASURES = Page("measurement:kpis", _("Measures"))
_CONFIGURATION = Page("configuration:list", _("Configuration"))
_KNOWN_ERRORS = Page("problems:known_errors", _("Known errors"))
_DEPLOYMENTS = Page("pipelines:deployments", _("Deployments"))

PAGES: Mapping[str, tuple[Page, ...]] = {
    "service-level-negotiation": (_AGREEMENTS,),
    "agreement-signoff": (_AGREEMENTS,),
    "agreement-review": (_REPORTS,),
    "change-authorization": (Page("board:landing", _("CAB")),),
    "standard-change-preauthorization": (Page("changes:models", _("Change models")),),
    "change-scheduling": (Page("change_calendar:calendar", _("Change calendar")),),
    "code-integration": (_DEPLOYMENTS,),
    "deployment-verification": (_DEPLOYMENTS,),
    "configuration-update": (_CONFIGURATION,),
    "workaround-application": (_KNOWN_ERRORS,),
    "knowledge-maintenance": (Page("knowledge:list", _("Knowledge")),),
    "configuration-audit": (_CONFIGURATION,),
    "flow-board-review": (Page("records:queue", _("Queue")),),
    "measurement-collection": (_MEASURES,),
    "performance-reporting": (_REPORTS, _MEASURES),
    "benefits-review": (Page("improvement:landing", _("Improvements")),),
    "problem-identification": (Page("finding:clusters", _("Find problems")),),
    "known-error-publication": (_KNOWN_ERRORS,),
    "availability-analysis": (Page("availability:overview", _("Availability")),),
}


def of(step: str) -> list[Place]:
    """Where a step is done: on records, as their practices declare it, and on pages."""
    on_records = [
        Records(practice.kind, tuple(map(str, practice.done_at[step])))
        for practice in practices.all_practices()
        if step in practice.done_at
    ]
    return [*on_records, *PAGES.get(step, ())]
