"""What service reports tell of changes: those that ended in the month, and those that are planned for after it."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from slm.reports import chapters
from slm.reports.chapters import Chapter
from slm.reports.gathering.scope import Scope

from .enums import State
from .models import Change

LOOKS_AHEAD = timedelta(days=45)


def _about(scope: Scope) -> Any:
    """Changes of services that the customer uses."""
    keys = [service.pk for service in scope.services]
    further = Change.services.through.objects.filter(service__in=keys).values("change")
    rows = Change.objects.filter(Q(service__in=keys) | Q(pk__in=further))
    return rows.filter(is_sample=scope.organization.is_sample)


def _ended(scope: Scope) -> Any:
    return _about(scope).filter(actual_to__gte=scope.at_from, actual_to__lt=scope.at_to).order_by("actual_to", "pk")


def _ahead(scope: Scope) -> Any:
    rows = _about(scope).filter(state=State.SCHEDULED)
    return rows.filter(planned_from__gte=scope.at_to, planned_from__lt=scope.at_to + LOOKS_AHEAD).order_by(
        "planned_from", "pk"
    )


def _outcome(change: Change) -> str:
    ended = date_format(localtime(change.actual_to), "j M") if change.actual_to else ""
    return _("%(day)s, %(outcome)s") % {"day": ended, "outcome": change.get_outcome_display() or "–"}


def _window(change: Change) -> str:
    return date_format(localtime(change.planned_from), "j M Y, H:i") if change.planned_from else ""


def declare_chapters() -> None:
    """Called from `ready`."""
    chapters.register(
        Chapter(
            name="changes",
            title=gettext_lazy("Changes made"),
            empty=gettext_lazy("No change of these services ended in this month."),
            rows=_ended,
            note=_outcome,
            position=20,
        )
    )
    chapters.register(
        Chapter(
            name="changes_ahead",
            title=gettext_lazy("Changes ahead"),
            empty=gettext_lazy("No change of these services is scheduled."),
            rows=_ahead,
            note=_window,
            position=40,
        )
    )
