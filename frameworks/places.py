"""
Where steps are done in this product: records in some states, or a page.

A place of records says how many of them are there now and opens them; a page only leads there. A step without a place
is not done here yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


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

PLACES: Mapping[str, tuple[Place, ...]] = {
    "service-level-negotiation": (_AGREEMENTS,),
    "agreement-signoff": (_AGREEMENTS,),
    "agreement-review": (_REPORTS,),
    "change-logging-and-screening": (Records("change", ("draft",)),),
    "change-assessment": (Records("change", ("assessing",)),),
    "change-authorization": (Records("change", ("authorizing",)), Page("board:landing", _("CAB"))),
    "standard-change-preauthorization": (Page("changes:models", _("Change models")),),
    "emergency-change-authorization": (Records("change", ("authorizing",)),),
    "change-scheduling": (
        Records("change", ("scheduled",)),
        Page("change_calendar:calendar", _("Change calendar")),
    ),
    "change-review": (Records("change", ("reviewing",)),),
    "design-and-build": (Records("release", ("building",)),),
    "code-integration": (_DEPLOYMENTS,),
    "test-and-validation": (Records("release", ("testing",)),),
    "acceptance-signoff": (Records("release", ("testing",)),),
    "release-planning": (Records("release", ("planning",)),),
    "release-decision": (Records("release", ("ready",)),),
    "deployment-execution": (Records("change", ("implementing",)), Records("release", ("deploying",))),
    "deployment-verification": (_DEPLOYMENTS,),
    "early-life-support": (Records("release", ("early_life",)),),
    "service-transition-handover": (Records("release", ("early_life",)),),
    "configuration-update": (_CONFIGURATION,),
    "incident-logging-and-classification": (Records("incident", ("new",)),),
    "incident-escalation": (Records("incident", ("assigned", "in_progress")),),
    "workaround-application": (Records("incident", ("in_progress",)), _KNOWN_ERRORS),
    "incident-resolution-and-closure": (Records("incident", ("in_progress", "on_hold")),),
    "stakeholder-status-communication": (Records("incident", ("in_progress", "on_hold")),),
    "call-intake-and-classification": (Records("incident", ("new",)),),
    "knowledge-maintenance": (Page("knowledge:list", _("Knowledge")),),
    "configuration-audit": (_CONFIGURATION,),
    "flow-board-review": (Page("records:queue", _("Queue")),),
    "measurement-collection": (_MEASURES,),
    "performance-reporting": (_REPORTS, _MEASURES),
    "improvement-intake": (Records("improvement", ("suggested",)),),
    "improvement-prioritization": (Records("improvement", ("accepted",)),),
    "service-improvement-planning": (Records("improvement", ("active", "on_hold")),),
    "benefits-review": (Page("improvement:landing", _("Improvements")),),
    "experiment": (Records("improvement", ("active",)),),
    "problem-identification": (
        Records("problem", ("logged", "accepted")),
        Page("finding:clusters", _("Find problems")),
    ),
    "root-cause-analysis": (Records("problem", ("investigating",)),),
    "known-error-publication": (Records("problem", ("known_error",)), _KNOWN_ERRORS),
    "corrective-action": (Records("problem", ("fixing", "verifying")),),
    "availability-analysis": (Page("availability:overview", _("Availability")),),
}
