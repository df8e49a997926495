"""What the start page of releases shows: what is on its way, what is live and watched, what ended lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from ..enums import State
from ..models import ReadinessItem, Release
from .contents import contents_of_many

SHOWN = 50
ENDED_WITHIN = timedelta(days=30)
ENDED_SHOWN = 10


@dataclass(frozen=True)
class Row:
    """A release with how far it is: counts of what is in it, and of the lines that must be signed."""

    release: Release
    changes: int
    authorized: int
    lines: int
    signed: int
    is_late: bool


def rows(user: Any, *, at: datetime) -> dict[str, list[Row]]:
    """
    Releases by where they are: `ahead` (not deployed yet), `live` (deploying or in early life), `ended` (of the latest
    30 days). Those that are due first come first, `SHOWN` of each at most. Four queries, however many.
    """
    seen = Release.objects.visible_to(user).select_related("service", "assignee", "owner")
    is_open = list(seen.open().order_by("planned_from", "-pk")[: 2 * SHOWN])
    ended = list(
        seen.filter(closed_at__gte=at - ENDED_WITHIN, closed_at__lte=at).order_by("-closed_at", "-pk")[:ENDED_SHOWN]
    )
    keys = [each.pk for each in (*is_open, *ended)]
    contents = contents_of_many(keys)
    required = Q(is_required=True)
    lines: dict[int, Any] = {
        line["release"]: line
        for line in ReadinessItem.objects.filter(release__in=keys)
        .order_by()
        .values("release")
        .annotate(lines=Count("pk", filter=required), signed=Count("pk", filter=required & Q(signed_at__isnull=False)))
    }

    def row(release: Release) -> Row:
        inside, counts = contents.get(release.pk, []), lines.get(release.pk)
        return Row(
            release=release,
            changes=len(inside),
            authorized=sum(each.is_authorized for each in inside),
            lines=counts["lines"] if counts else 0,
            signed=counts["signed"] if counts else 0,
            is_late=release.deployed_at is None
            and not release.is_done
            and release.promised_to is not None
            and release.promised_to < at,
        )

    live = (State.DEPLOYING, State.EARLY_LIFE)
    return {
        "ahead": [row(each) for each in is_open if each.state not in live][:SHOWN],
        "live": [row(each) for each in is_open if each.state in live][:SHOWN],
        "ended": [row(each) for each in ended],
    }
