"""What people decided about incidents that came at once: which are not proposed again, and how decisions read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .bursts import SAME_SHARE, Burst
from .dimensions import DIMENSIONS
from .enums import ClusterState
from .models import DecidedBurst
from .pareto import incidents_seen
from .runs import GROWN_BY, GROWN_FACTOR


def without_dismissed(found: list[Burst], *, is_sample: bool) -> list[Burst]:
    """Those that nobody dismissed. A dismissal counts for everybody, also for those who may not see it."""
    if not found:
        return []
    since = min(burst.first_at for burst in found)
    rows = DecidedBurst.objects.dismissed().filter(is_sample=is_sample, latest_at__gte=since)
    dismissed = [frozenset(keys) for keys in rows.values_list("record_ids", flat=True)]
    return [each for each in found if not any(_is_dismissed(frozenset(each.keys), those) for those in dismissed)]


def _is_dismissed(keys: frozenset[int], dismissed: frozenset[int]) -> bool:
    """With half of the smaller one in common they are the same; it returns when it has doubled, by ten at least."""
    if len(keys & dismissed) < SAME_SHARE * min(len(keys), len(dismissed)):
        return False
    return len(keys) < max(len(dismissed) * GROWN_FACTOR, len(dismissed) + GROWN_BY)


def decided_about(
    viewer: Any, *, name: str, value: str, first_at: datetime, latest_at: datetime
) -> DecidedBurst | None:
    """The latest decision about this field, value and hours that the viewer may see; none that was taken back."""
    return (
        DecidedBurst.objects.visible_to(viewer)
        .exclude(state=ClusterState.PROPOSED)
        .filter(name=name, value=value, first_at__lte=latest_at, latest_at__gte=first_at)
        .select_related("decided_by", "problem")
        .order_by("-pk")
        .first()
    )


def subject_of(value: str, first_at: datetime) -> str:
    """A line about what came at once, in the reader's zone."""
    said = {"value": value, "moment": date_format(localtime(first_at), "j M Y H:i")}
    return (_("%(value)s: many incidents at once, from %(moment)s on") % said)[:200]


def named(rows: Iterable[DecidedBurst]) -> list[tuple[DecidedBurst, str, str]]:
    """Each with how its field and its value read; a statement or two for each field that occurs."""
    rows = list(rows)
    keys: dict[str, set[Any]] = {}
    for row in rows:
        keys.setdefault(row.name, set()).add(DIMENSIONS[row.name].key(row.value))
    names = {name: DIMENSIONS[name].shown(values) for name, values in keys.items()}
    return [
        (row, str(DIMENSIONS[row.name].label), names[row.name][DIMENSIONS[row.name].key(row.value)].label)
        for row in rows
    ]


def incidents_of(row: DecidedBurst, viewer: Any) -> Any:
    """Its incidents as far as the viewer may see them."""
    return incidents_seen(viewer).filter(pk__in=row.record_ids)
