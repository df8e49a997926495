"""Service reports and their reviews in the process that makes and keeps agreements."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records import undertakings
from records.undertakings import Standing, Undertaking

from . import queries

STEP = "evaluate"
REPORTS: Mapping[str, Any] = {"work": _("to do"), "issued": _("waiting for the customer")}
REVIEWS: Mapping[str, Any] = {"meeting": _("planned")}
REPORT_ACTS = ("report.reviewed", "report.issued", "report.corrected", "report.answered")
REVIEW_ACTS = ("report.meeting_planned", "report.meeting_closed", "report.action_given", "report.action_done")


def reports(viewer: Any) -> Iterable[Standing]:
    """Reports that somebody has something to do about, parted as their list parts them. Two statements."""
    return _standing(viewer, REPORTS)


def reviews(viewer: Any) -> Iterable[Standing]:
    """Reviews that are planned and not held yet. One statement."""
    return _standing(viewer, REVIEWS)


def register() -> None:
    """Make reports and reviews known to the pages of processes."""
    for kind, label, plural, standing, acts in (
        ("report", _("Service report"), _("service reports"), reports, REPORT_ACTS),
        ("review", _("Review"), _("reviews with customers"), reviews, REVIEW_ACTS),
    ):
        undertakings.register(Undertaking(kind, "agree", label, plural, standing, dict.fromkeys(acts, STEP)))


def _standing(viewer: Any, parts: Mapping[str, Any]) -> list[Standing]:
    if not access_of(viewer).allows("report.view"):
        return []
    address = reverse("reports:reports")
    counts = {show: queries.shown(viewer, show).count() for show in parts}
    return [
        Standing(show, label, STEP, counts[show], f"{address}?show={show}")
        for show, label in parts.items()
        if counts[show]
    ]
