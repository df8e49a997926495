"""Agreements in the process that makes and keeps them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records import undertakings
from records.undertakings import Standing, Undertaking

from .enums import AgreementState as State
from .models import Agreement

STEPS: Mapping[str, str] = {
    State.DRAFT: "specify",
    State.NEGOTIATING: "confirm",
    State.AGREED: "order",
    State.ACTIVE: "evaluate",
    State.IN_REVIEW: "evaluate",
}
# Signatures are left out: whose they are is said by the agreement itself.
ACTS: Mapping[str, str] = {
    "agreement.created": "specify",
    "agreement.edited": "specify",
    "agreement.draft_withdrawn": "specify",
    "agreement.offered": "specify",
    "agreement.taken_back": "confirm",
    "agreement.review_called": "evaluate",
    "agreement.reviewed": "evaluate",
    "agreement.notice_given": "close",
    "agreement.notice_withdrawn": "close",
    "agreement.retired": "close",
}


def standing(viewer: Any) -> Iterable[Standing]:
    """Agreements that have not ended, by state; none for those who don't see the list. One statement."""
    if not access_of(viewer).allows("agreement.view"):
        return []
    rows = Agreement.objects.visible_to(viewer).filter(state__in=STEPS).order_by()
    counts = dict(rows.values_list("state").annotate(count=Count("pk")))
    address = reverse("slm:agreements")
    return [
        Standing(str(state), State(state).label, step, counts[state], f"{address}?state={state}")
        for state, step in STEPS.items()
        if state in counts
    ]


def register() -> None:
    """Make agreements known to the pages of processes."""
    label, plural = _("Agreement"), _("agreements")
    undertakings.register(Undertaking("agreement", "agree", label, plural, standing, ACTS))
