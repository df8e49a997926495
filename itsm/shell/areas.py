"""
The second level: the pages of one area, as tabs under the title of each of them.

A page belongs to an area by the name of its address, and shows to whom its own door lets in. An area of which somebody
may open one page only has no tabs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import resolve
from django.utils.translation import gettext_lazy as _

from people import access

from . import navigation


@dataclass(frozen=True)
class Area:
    """What one person finds in an area. :ivar links: as `components/tabs.html` takes them."""

    label: Any
    links: list[dict[str, Any]]


# Names of addresses with what the tabs say, by what the area is called for screen readers.
AREAS: Mapping[Any, Mapping[str, Any]] = {
    _("Pages of changes"): {
        "changes:landing": _("Changes"),
        "change_calendar:calendar": _("Calendar"),
        "change_calendar:windows": _("Freezes and windows"),
        "board:landing": _("CAB"),
        "changes:models": _("Models"),
        "changes:risk_questions": _("Risk questions"),
        "pipelines:deployments": _("Deployments"),
        "differences:differences": _("Differences"),
    },
    _("Pages of releases"): {
        "releases:landing": _("Releases"),
        "releases:checklist": _("Readiness checklist"),
    },
    _("Pages of service levels"): {
        "sla:dashboard": _("Attainment"),
        "breaches:breaches": _("Breaches"),
        "forecasts:forecast": _("Forecast"),
    },
    _("Pages of service reports"): {
        "reports:reports": _("Reports"),
        "reports:plans": _("Plans"),
        "reports:credits": _("Service credits"),
    },
    _("Pages of processes"): {
        "processes:overview": _("Processes"),
        "procedures:procedures": _("Procedures"),
        "accountability:matrix": _("Accountability"),
    },
    _("Pages of measures"): {
        "measurement:kpis": _("Measures"),
        "kpi_catalog:tree": _("Success factors"),
        "kpi_catalog:catalog": _("Catalog"),
        "kpi_ledger:restated": _("Ledger"),
        "kpi_following:alerts": _("Alerts"),
    },
    _("Pages of problems"): {
        "problems:landing": _("Problems"),
        "problems:known_errors": _("Known errors"),
        "finding:clusters": _("Find problems"),
    },
    _("Pages of the practice map"): {
        "frameworks:map": _("Map"),
        "frameworks:gaps": _("Gaps"),
        "frameworks:signals": _("Signals"),
        "frameworks:packs": _("Packs"),
        "frameworks:certificates": _("Certificates"),
    },
}


def area_of(view_name: str, user: Any) -> Area | None:
    """The area of the page of this name with what the person may open; None where there is nothing to choose from."""
    for label, pages in AREAS.items():
        if view_name in pages:
            links = [
                {"label": said, "url": url, "is_current": name == view_name}
                for name, said in pages.items()
                if (url := navigation.address(name)) and access.can(user, _operation(url))
            ]
            return Area(label, links) if len(links) > 1 else None
    return None


@cache
def _operation(url: str) -> str:
    """What the door of the page asks for."""
    return str(resolve(url).func.operation)  # type: ignore[attr-defined] # every door is marked, which a test proves
