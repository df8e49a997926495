"""Write a checked import: new items with COPY, changed ones and relations in sets, all in one transaction."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from audit import log
from audit.models import Entry
from common.copying import Copier, copy_rows, take_keys
from common.refusals import Refused

from ..models import ConfigurationItem, ImportRow, ItemImport, ItemStatus
from .checking import imported_after

CHUNK_ROWS = 5_000
COLUMN = {name: f"{name}_id" for name in ("type", "service", "owner", "team", "supplier")}
UPDATE = """
    UPDATE services_configurationitem c SET name = n.name, type_id = n.type_id, status = n.status,
        is_active = n.status <> 'retired', service_id = n.service_id, owner_id = n.owner_id, team_id = n.team_id,
        supplier_id = n.supplier_id,
        criticality = n.criticality, description = n.description, external_key = n.external_key,
        attributes = n.attributes::jsonb, imported = n.imported::jsonb, version = c.version + n.step
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[]) AS n(id, name, type_id,
        status, service_id, owner_id, team_id, supplier_id, criticality, description, external_key,
        attributes, imported, step)
    WHERE c.id = n.id
"""
RELATE = """
    WITH wanted AS (
        SELECT w.source, w.type_id, coalesce(k.id, m.id) AS target
        FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS w(source, type_id, word)
        LEFT JOIN services_configurationitem k ON k.external_key = w.word AND k.external_key <> ''
        LEFT JOIN services_configurationitem m ON m.name = w.word
    )
    INSERT INTO services_relation (source_id, type_id, target_id)
    SELECT DISTINCT source, type_id, target FROM wanted WHERE target IS NOT NULL AND target <> source
    ON CONFLICT DO NOTHING RETURNING source_id
"""


@dataclass
class Written:
    """What an import did."""

    added: int = 0
    changed: int = 0
    relations: int = 0
    entries: list[Entry] = field(default_factory=list)


def write(run: ItemImport, *, by: Any, at: datetime) -> Written:
    """
    Write the rows that may be written. Call it in a transaction.

    Values in conflict become theirs or stay ours, as the run says; rows with problems are left out.

    :raises Refused: an item was changed since the check; nothing is written then.
    """
    written = Written()
    rows = list(run.lines.exclude(outcome__in=["problem", "same"]).order_by("line"))
    adds = [row for row in rows if row.outcome == ImportRow.Outcome.ADD]
    others = [row for row in rows if row.item_id is not None]
    keys = _add(adds, run, by=by, at=at, written=written)
    _change(others, run, by=by, at=at, written=written)
    _relate(rows, keys, written)
    for start in range(0, len(written.entries), CHUNK_ROWS):
        log.save(written.entries[start : start + CHUNK_ROWS])
    return written


def _add(rows: list[ImportRow], run: ItemImport, *, by: Any, at: datetime, written: Written) -> dict[int, int]:
    """New items. Returns their keys by row."""
    with connection.cursor() as cursor:
        keys = take_keys(cursor, ConfigurationItem._meta.db_table, len(rows)) if rows else []
        copier = Copier(ConfigurationItem)
        further: list[tuple[int, int]] = []
        for row, key in zip(rows, keys, strict=True):
            said = row.fields
            status = said.get("status", ItemStatus.LIVE)
            values = {COLUMN.get(name, name): value for name, value in said.items() if name != "further_services"}
            copier.add(
                **values
                | {
                    "id": key,
                    "external_key": row.key,
                    "imported": imported_after({}, row),
                    "status": str(status),
                    "is_active": status != ItemStatus.RETIRED,
                    "entered_at": at,
                }
            )
            further += [(key, service) for service in said.get("further_services", [])]
            written.entries.append(
                log.entry(
                    "item.created", subject_kind="item", subject_id=key, subject_label=said["name"], by=by, at=at,
                    data={"import": run.pk, "line": row.line},
                )
            )  # fmt: skip
        written.added = copier.write(cursor)
        _write_further(cursor, further)
    return {row.pk: key for row, key in zip(rows, keys, strict=True)}


def _change(rows: list[ImportRow], run: ItemImport, *, by: Any, at: datetime, written: Written) -> None:
    for start in range(0, len(rows), CHUNK_ROWS):
        chunk = rows[start : start + CHUNK_ROWS]
        keys = sorted(row.item_id for row in chunk if row.item_id is not None)
        locked = ConfigurationItem.objects.select_for_update().order_by("pk")
        items = {each.pk: each for each in locked.filter(pk__in=keys)}
        further: list[tuple[int, int]] = []
        refurnished: list[int] = []
        steps: list[int] = []
        changed: list[ConfigurationItem] = []
        for row in chunk:
            item = items.get(row.item_id or 0)
            if item is None or item.version != row.item_version:
                raise Refused.because(
                    "stale",
                    _("Line %(line)d: the item was changed since the check. Nothing was written. Check the file again.")
                    % {"line": row.line},
                )
            changes = dict(row.changes) | (row.conflicts if run.takes_theirs else {})
            _take(item, changes)
            item.imported = imported_after(item.imported, row)
            if "further_services" in changes:
                refurnished.append(item.pk)
                further += [(item.pk, service) for service in changes["further_services"][1]]
            steps.append(1 if changes else 0)
            changed.append(item)
            if changes:
                written.changed += 1
                written.entries.append(
                    log.entry(
                        "item.changed", subject_kind="item", subject_id=item.pk, subject_label=item.name, by=by, at=at,
                        changes=_as_logged(changes), data={"import": run.pk, "line": row.line},
                    )
                )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(UPDATE, _columns(changed, steps))
            through = ConfigurationItem.further_services.through
            through.objects.filter(configurationitem__in=refurnished).delete()
            _write_further(cursor, further)


def _take(item: ConfigurationItem, changes: dict[str, Any]) -> None:
    values = dict(item.attributes)
    for name, (_ours, theirs) in changes.items():
        if name.startswith("attributes."):
            values[name.removeprefix("attributes.")] = theirs
        elif name != "further_services":
            setattr(item, COLUMN.get(name, name), theirs)
    item.attributes = values


def _as_logged(changes: dict[str, Any]) -> dict[str, Any]:
    """Attributes as one change of a dictionary, as the operations log them."""
    told = {name: pair for name, pair in changes.items() if not name.startswith("attributes.")}
    parts = {name.removeprefix("attributes."): pair for name, pair in changes.items() if name.startswith("attributes.")}
    if parts:
        told["attributes"] = [{key: pair[side] for key, pair in parts.items()} for side in (0, 1)]
    return told


def _columns(items: list[ConfigurationItem], steps: list[int]) -> list[list[Any]]:
    plain = ("pk", "name", "type_id", "status", "service_id", "owner_id", "team_id", "supplier_id", "criticality",
             "description", "external_key")  # fmt: skip
    return [
        *([getattr(item, name) for item in items] for name in plain),
        [json.dumps(item.attributes) for item in items],
        [json.dumps(item.imported) for item in items],
        steps,
    ]


def _write_further(cursor: Any, pairs: Iterable[tuple[int, int]]) -> None:
    table = ConfigurationItem.further_services.through._meta.db_table
    copy_rows(cursor, table, ["configurationitem_id", "service_id"], pairs)


def _relate(rows: list[ImportRow], keys: dict[int, int], written: Written) -> None:
    """Add the relations that the rows name; the target may be new as well, so this comes last."""
    wanted = [(keys.get(row.pk) or row.item_id, kind, target) for row in rows for kind, target in row.relations]
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), CHUNK_ROWS * 4):
            part = wanted[start : start + CHUNK_ROWS * 4]
            cursor.execute(RELATE, [[each[place] for each in part] for place in range(3)])
            written.relations += cursor.rowcount
