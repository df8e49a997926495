"""What service reports tell of problems: those behind the customer's own tickets that were worked on in the month."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from records.models import Link
from slm.reports import chapters
from slm.reports.gathering.scope import Scope

from .models import Problem


def _worked_on(scope: Scope) -> Any:
    """
    Problems linked with a ticket of the customer, opened before the month ended and not closed before it began.

    Those behind the tickets of others are none of the customer's business.
    """
    theirs = Link.objects.filter(
        Q(from_record=OuterRef("pk"), to_record__organization=scope.organization)
        | Q(to_record=OuterRef("pk"), from_record__organization=scope.organization)
    )
    rows = Problem.objects.filter(opened_at__lt=scope.at_to).filter(Q(closed_at=None) | Q(closed_at__gte=scope.at_from))
    return rows.filter(Exists(theirs)).order_by("pk")


def _state(problem: Problem) -> str:
    return str(problem.state_label)


def declare_chapters() -> None:
    """Called from `ready`."""
    chapters.register(
        chapters.Chapter(
            name="problems",
            title=gettext_lazy("Problems behind your tickets"),
            empty=gettext_lazy("No problem is known behind these tickets."),
            rows=_worked_on,
            note=_state,
            position=30,
        )
    )
