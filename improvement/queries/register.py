"""The register as lists: the board by step, suggestions by votes, goals with what serves them, the portal's view."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from ..enums import SHORT_STEPS, State, Step
from ..models import Goal, Improvement, Vote
from .scoring import Scales

SHOWN = 200
ENDED_SHOWN = 20


@dataclass(frozen=True)
class Card:
    """An improvement on the board. `score` is None before it was scored."""

    improvement: Improvement
    score: int | None


def _seen(user: Any) -> Any:
    return Improvement.objects.visible_to(user).select_related("goal", "owner", "service", "requester")


def board(user: Any, scales: Scales, *, goal: int | None = None) -> tuple[list[dict[str, Any]], bool]:
    """
    What is accepted, active or on hold, by the step at which it stands, the best score first; one query.

    :returns: the seven columns, and whether more than `SHOWN` are there.
    """
    rows = _seen(user).filter(state__in=[State.ACCEPTED, State.ACTIVE, State.ON_HOLD])
    if goal is not None:
        rows = rows.filter(goal=goal or None)
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    columns = []
    for step in Step:
        cards = [
            Card(each, scales.score(each.value, each.effort, each.risk)) for each in found[:SHOWN] if each.step == step
        ]
        cards.sort(key=lambda card: (-(card.score if card.score is not None else -1), card.improvement.pk))
        columns.append({"step": int(step), "label": step.label, "short": SHORT_STEPS[step], "cards": cards})
    return columns, len(found) > SHOWN


def scored(user: Any) -> list[Improvement]:
    """What is not over, scored or not, for the matrix; the newest `SHOWN`."""
    rows = _seen(user).filter(state__in=[State.SUGGESTED, State.ACCEPTED, State.ACTIVE, State.ON_HOLD])
    return list(rows.order_by("-pk")[:SHOWN])


def with_votes(rows: Any, user: Any) -> Any:
    """With `vote_count`, and `is_mine`: whether the reader voted."""
    mine = Vote.objects.filter(improvement=OuterRef("pk"), user=user)
    return rows.annotate(vote_count=Count("votes", distinct=True), is_mine=Exists(mine))


def suggestions(user: Any) -> list[Any]:
    """What waits for triage, the most wanted first; one query."""
    rows = with_votes(_seen(user).filter(state=State.SUGGESTED), user)
    return list(rows.order_by("-vote_count", "-pk")[:SHOWN])


def ended(user: Any) -> list[Improvement]:
    """What ended lately."""
    return list(_seen(user).filter(closed_at__isnull=False).order_by("-closed_at", "-pk")[:ENDED_SHOWN])


def goals(user: Any) -> list[Any]:
    """
    Goals that the reader sees, with `open_count` and `done_count` of the improvements that serve them, as far as the
    reader sees these; one query.
    """
    seen = Q(improvements__in=Improvement.objects.visible_to(user).values("pk"))
    is_done = Q(improvements__state__in=[State.REALIZED, State.PARTLY_REALIZED])
    return list(
        Goal.objects.visible_to(user)
        .select_related("owner", "organization")
        .annotate(
            open_count=Count("improvements", filter=seen & ~Q(improvements__phase="done"), distinct=True),
            done_count=Count("improvements", filter=seen & is_done, distinct=True),
        )
        .order_by("-is_active", "title", "pk")
    )


def orphans(user: Any) -> list[Improvement]:
    """What was accepted and serves no goal."""
    return list(_seen(user).filter(pk__in=Improvement.objects.orphans().values("pk")).order_by("pk")[:SHOWN])


def told_in_portal(user: Any) -> Any:
    """
    What somebody reads of improvements in the portal: their own suggestions, and those of their organization that are
    shown to colleagues. Nothing of the inner side comes with it.
    """
    shared = Q(is_shared=True, organization=user.organization_id)
    rows = Improvement.objects.filter(Q(requester=user.pk) | shared).select_related("service")
    return with_votes(rows, user).order_by("-pk")


def votable_by(user: Any) -> Any:
    """What somebody may vote for: what they are told of in the portal, and what they work on."""
    told = Q(requester=user.pk) | Q(is_shared=True, organization=user.organization_id)
    worked_on = Q(pk__in=Improvement.objects.visible_to(user).values("pk"))
    return with_votes(Improvement.objects.filter(told | worked_on), user)
