"""Lists of differences."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from records.models import Record
from services.models import ConfigurationItem

from .models import Difference, DifferenceQuerySet, Verification

OPEN, FOLLOWED, EXPLAINED, ALL = "open", "followed", "explained", "all"
STATES = (OPEN, FOLLOWED, EXPLAINED, ALL)


def narrowed(rows: DifferenceQuerySet, *, state: str = OPEN, text: str = "", service: Any = None) -> DifferenceQuerySet:
    """
    Those that all filters let through.

    :param state: open, open with a change written down because of them, explained, or all. :param text: part of the
        item's name. :param service: key; the one that the item carries, mainly or among others.
    """
    if state == OPEN:
        rows = rows.open()
    elif state == FOLLOWED:
        rows = rows.open().filter(follow_up__isnull=False)
    elif state == EXPLAINED:
        rows = rows.filter(explained_at__isnull=False)
    if text:
        rows = rows.filter(verification__item__name__icontains=text)
    if service:
        rows = rows.filter(verification__item__in=ConfigurationItem.objects.carrying(service))
    return rows


def changes_seen(rows: Iterable[Difference], user: Any) -> set[int]:
    """Keys of the changes named by the rows that the person may see; the others are not told."""
    keys = {key for row in rows for key in (row.change_id, row.follow_up_id) if key}
    return set(Record.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def latest_verification(item: ConfigurationItem) -> Verification | None:
    """When the item was compared last, by what or whom; `found` says in how many things it differed."""
    rows = Verification.objects.filter(item=item).select_related("run", "by").annotate(found=Count("differences"))
    return rows.order_by("-at", "-pk").first()
