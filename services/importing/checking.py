"""
Compare every row with what stands here, some thousand at a time, and keep what it would do.

Three sides decide each value: theirs (the file), ours, and what the latest import brought. Ours unchanged since then:
an update. Theirs unchanged since then: ours stays. Both changed, or never imported before: a conflict, for a person.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from ..models import ConfigurationItem, ImportRow, ItemImport, Relation
from .meaning import Words, plain_of

BATCH_ROWS = 2_000
Outcome = ImportRow.Outcome
WRITE = """
    UPDATE services_importrow r SET outcome = n.outcome, fields = n.fields::jsonb, changes = n.changes::jsonb,
        conflicts = n.conflicts::jsonb, problems = n.problems::jsonb, relations = n.relations::jsonb,
        item_id = n.item_id, item_version = n.item_version
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[],
        %s::int[]) AS n(id, outcome, fields, changes, conflicts, problems, relations, item_id, item_version)
    WHERE r.id = n.id
"""


@dataclass
class _Batch:
    """What the rows of one batch are compared with."""

    by_key: dict[str, ConfigurationItem]
    by_name: dict[str, ConfigurationItem]
    further: dict[int, list[int]]
    known_keys: set[str]
    relations: set[tuple[int, int, str]]


def check_batch(run: ItemImport, words: Words) -> int:
    """
    Check the next rows that were not checked yet. Returns how many those were; none means that all are done.

    Safe to run again after a worker was lost: a batch is checked and kept in one transaction.
    """
    with transaction.atomic():
        locked = ItemImport.objects.select_for_update().get(pk=run.pk)
        rows = list(run.lines.filter(outcome="").order_by("line")[:BATCH_ROWS])
        if locked.stage != ItemImport.Stage.CHECKING or not rows:
            return 0
        batch = _batch_of(run, rows)
        for row in rows:
            _check(row, batch, words)
        _write(rows)
        ItemImport.objects.filter(pk=run.pk).update(rows_done=locked.rows_done + len(rows))
    return len(rows)


def counts_of(run: ItemImport) -> dict[str, int]:
    """Rows by outcome, and the relations that would be added."""
    counts: dict[str, int] = {outcome: 0 for outcome in Outcome.values}
    counts |= dict(run.lines.order_by().values_list("outcome").annotate(count=Count("pk")))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(jsonb_array_length(relations)), 0) FROM services_importrow"
            " WHERE run_id = %s AND outcome <> 'problem'",
            [run.pk],
        )
        counts["relations"] = int(cursor.fetchone()[0])
    return counts


def _batch_of(run: ItemImport, rows: list[ImportRow]) -> _Batch:
    keys, names = {row.key for row in rows if row.key}, {row.name for row in rows if row.name}
    by_key = {each.external_key: each for each in ConfigurationItem.objects.filter(external_key__in=keys)}
    by_name = {each.name: each for each in ConfigurationItem.objects.filter(name__in=names | keys)}
    found = {each.pk for each in (*by_key.values(), *by_name.values())}
    further: dict[int, list[int]] = {}
    through = ConfigurationItem.further_services.through.objects.filter(configurationitem__in=found)
    for item, service in through.values_list("configurationitem_id", "service_id"):
        further.setdefault(item, []).append(service)
    targets = {target for row in rows for _kind, target in row.relations}
    known = set(run.lines.filter(key__in=targets).values_list("key", flat=True))
    known |= set(run.lines.filter(name__in=targets).values_list("name", flat=True))
    existing = ConfigurationItem.objects.filter(external_key__in=targets).values_list("external_key", flat=True)
    known |= set(existing) | set(ConfigurationItem.objects.filter(name__in=targets).values_list("name", flat=True))
    relations: set[tuple[int, int, str]] = set()
    if targets:
        pairs = Relation.objects.filter(source__in=found).values_list(
            "source", "type", "target__external_key", "target__name"
        )
        for source, kind, key, name in pairs:
            relations |= {(source, kind, each) for each in (key, name) if each}
    return _Batch(by_key, by_name, further, known, relations)


def _check(row: ImportRow, batch: _Batch, words: Words) -> None:
    problems = list(row.problems)
    fields = words.read(row.said, problems)
    item = batch.by_key.get(row.key) if row.key else None
    if item is None and row.name in batch.by_name:
        namesake = batch.by_name[row.name]
        if row.key and namesake.external_key:
            problems.append(
                _("The item “%(name)s” is there already, with the key “%(key)s”.")
                % {"name": row.name, "key": namesake.external_key[:60]}
            )
        else:
            item = namesake
    elif item is not None and row.name and batch.by_name.get(row.name, item).pk != item.pk:
        problems.append(_("Another item is called “%(name)s” already.") % {"name": row.name[:60]})
    if item is None and not row.name:
        fields["name"] = row.name = row.key
        if row.key in batch.by_name:
            problems.append(_("Another item is called “%(name)s” already.") % {"name": row.name[:60]})
    kind = fields.get("type", item.type_id if item else None)
    fields["attributes"] = words.read_attributes(kind, row.said, item.attributes if item else {}, problems)
    row.relations = _relations(row, item, batch, words, problems)
    row.changes, row.conflicts = _differences(row, fields, item, batch) if item is not None else ({}, {})
    row.fields, row.problems = fields, problems
    row.item, row.item_version = item, item.version if item else None
    row.outcome = _outcome(row)


def _outcome(row: ImportRow) -> str:
    if row.problems:
        return Outcome.PROBLEM
    if row.item_id is None:
        return Outcome.ADD
    if row.conflicts:
        return Outcome.CONFLICT
    return Outcome.UPDATE if row.changes or row.relations else Outcome.SAME


def _relations(
    row: ImportRow, item: ConfigurationItem | None, batch: _Batch, words: Words, problems: list[str]
) -> list[tuple[int, str]]:
    """The relations to add, as pairs of the type's key and the other item's key or name."""
    wanted: list[tuple[int, str]] = []
    for word, target in row.relations:
        kind = words.relations.get(str(word).casefold())
        if kind is None:
            problems.append(_("There is no type of relations “%(word)s”.") % {"word": str(word)[:60]})
        elif target in (row.key, row.name):
            problems.append(_("An item can't be related to itself."))
        elif target not in batch.known_keys:
            problems.append(
                _("“%(key)s”, which it is related to, is neither here nor in the file.") % {"key": target[:60]}
            )
        elif (kind, target) not in wanted and (item is None or (item.pk, kind, target) not in batch.relations):
            wanted.append((kind, target))
    return wanted


def _differences(
    row: ImportRow, fields: Mapping[str, Any], item: ConfigurationItem, batch: _Batch
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What would change, and what only a person can decide; each as field -> [ours, theirs]."""
    ours = plain_of(item) | {"further_services": sorted(batch.further.get(item.pk, []))}
    changes: dict[str, Any] = {}
    conflicts: dict[str, Any] = {}
    base: Mapping[str, Any] = item.imported
    pairs = [(name, ours[name], value) for name, value in fields.items() if name != "attributes"]
    pairs += [(f"attributes.{key}", item.attributes.get(key), value) for key, value in fields["attributes"].items()]
    for name, mine, theirs in pairs:
        if mine == theirs or base.get(name, _NEVER) == theirs:
            continue
        into = changes if _is_free(name, mine, base) else conflicts
        into[name] = [mine, theirs]
    if row.key and not item.external_key:
        changes["external_key"] = ["", row.key]
    return changes, conflicts


_NEVER = object()
_EMPTY: tuple[Any, ...] = (None, "", [])


def _is_free(name: str, mine: Any, base: Mapping[str, Any]) -> bool:
    """Whether nobody here decided about the value: it is what the latest import brought, or was never said."""
    return base[name] == mine if name in base else mine in _EMPTY


def imported_after(base: Mapping[str, Any], row: ImportRow) -> dict[str, Any]:
    """What the latest import said, once this row is written: for the next check."""
    said = {name: value for name, value in row.fields.items() if name != "attributes"}
    told = {column[1:] for column in row.said if column.startswith(".")}
    said |= {f"attributes.{key}": value for key, value in row.fields["attributes"].items() if key in told}
    return dict(base) | said


def _write(rows: Iterable[ImportRow]) -> None:
    told = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            [
                [row.pk for row in told],
                [str(row.outcome) for row in told],
                *(
                    [json.dumps(getattr(row, name)) for row in told]
                    for name in ("fields", "changes", "conflicts", "problems", "relations")
                ),
                [row.item_id for row in told],
                [row.item_version for row in told],
            ],
        )
