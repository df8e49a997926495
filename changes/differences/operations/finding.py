"""What a written import found: every item it compared, and in what each was other than written down."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.utils.timezone import get_default_timezone

from measurement.marks import mark_days
from services.models import ImportRow, ItemImport

from ...models import Change
from ..models import Difference, Verification

# What a thing is. Whose it is, what it serves and what people write about it may be corrected without a change.
WATCHED = ("name", "type", "status")
ATTRIBUTE = "attributes."
EMPTY: tuple[Any, ...] = (None, "", [])
# An item that nobody looked at before: how far back a change on it still explains what is found.
LOOKED_BACK = timedelta(days=90)
CHUNK_ROWS = 2_000
VERIFY = """
    INSERT INTO changes_differences_verification (item_id, at, by_id, run_id, note)
    SELECT DISTINCT r.item_id, %(at)s, %(by)s::bigint, r.run_id, '' FROM services_importrow r
    WHERE r.run_id = %(run)s AND r.item_id IS NOT NULL AND r.outcome IN ('same', 'update', 'conflict')
"""


@transaction.atomic
def keep_found(*, run: ItemImport, at: datetime) -> int:
    """
    Keep that the import compared these items, and what it found otherwise. Returns how many differences that were.

    New items were compared with nothing. A value where none was written down completes the record and is no difference;
    nor is what only describes: whose an item is, which services it carries, its text. A change that was under way on
    the item since the look before explains what is found. Safe to run twice.

    :param at: when the import was written.
    """
    locked = ItemImport.objects.select_for_update().get(pk=run.pk)
    if locked.stage != ItemImport.Stage.APPLIED or Verification.objects.filter(run=locked).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(VERIFY, {"at": at, "by": locked.by_id, "run": locked.pk})
    count, rows = 0, _rows_that_differ(locked)
    while some := list(islice(rows, CHUNK_ROWS)):
        count += len(_keep(some, locked, at=at))
    mark_days([at.astimezone(get_default_timezone()).date()], at=at)
    return count


def _rows_that_differ(run: ItemImport) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = run.lines.filter(item__isnull=False, outcome__in=[ImportRow.Outcome.UPDATE, ImportRow.Outcome.CONFLICT])
    for item, changes, conflicts in rows.order_by("line").values_list("item", "changes", "conflicts").iterator():
        found = {
            name: pair
            for name, pair in (changes | conflicts).items()
            if (name in WATCHED or name.startswith(ATTRIBUTE)) and pair[0] not in EMPTY
        }
        if found:
            yield item, found


def _keep(rows: Iterable[tuple[int, dict[str, Any]]], run: ItemImport, *, at: datetime) -> list[Difference]:
    found = dict(rows)
    verifications = dict(Verification.objects.filter(run=run, item__in=found).values_list("item", "pk"))
    explained = explaining_changes(looked_at_before(found, before=at, run=run), at=at)
    return Difference.objects.bulk_create(
        Difference(
            verification_id=verifications[item],
            field=name[:60],
            before=before,
            after=after,
            change_id=explained.get(item),
            explained_at=at if item in explained else None,
        )
        for item, pairs in found.items()
        for name, (before, after) in pairs.items()
    )


def looked_at_before(items: Iterable[int], *, before: datetime, run: ItemImport | None = None) -> dict[int, datetime]:
    """
    Since when each item may have become other than it was: the look before, or 90 days ago.

    :param run: the import that looks now.
    """
    keys = list(items)
    rows = Verification.objects.filter(item__in=keys, at__lte=before)
    if run is not None:
        rows = rows.filter(Q(run=None) | ~Q(run=run))
    looks = dict(rows.order_by().values_list("item").annotate(latest=Max("at")))
    return {key: looks.get(key, before - LOOKED_BACK) for key in keys}


def explaining_changes(since: Mapping[int, datetime], *, at: datetime) -> dict[int, int]:
    """The latest change that was under way on each of the items between that moment and now, by item."""
    if not since:
        return {}
    begun = Change.objects.filter(actual_from__lte=at).filter(
        Q(actual_to=None) | Q(actual_to__gte=min(since.values()))
    )  # fmt: skip
    pairs = begun.filter(items__in=since).values_list("items", "pk", "actual_from", "actual_to")
    main = begun.filter(item__in=since, items=None).values_list(F("item"), "pk", "actual_from", "actual_to")
    found: dict[int, tuple[datetime, int]] = {}
    for item, change, began, ended in (*pairs, *main):
        if item in since and (ended is None or ended >= since[item]):
            found[item] = max(found.get(item, (began, change)), (began, change))
    return {item: change for item, (_began, change) in found.items()}
