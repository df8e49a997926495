"""The acts on imports: begin, check, apply, discard."""

import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from audit import log
from common.copying import copy_rows
from common.refusals import Refused
from people.access import require

from ..models import ImportRow, ItemImport
from . import reading
from .applying import write
from .checking import check_batch, counts_of
from .meaning import Words

Stage = ItemImport.Stage
COPIED_COLUMNS = ("run_id", "line", "key", "name", "said", "fields", "relations", "outcome", "changes", "conflicts",
                  "problems")  # fmt: skip


@transaction.atomic
def begin(*, content: bytes, file_name: str, by: Any, at: datetime) -> ItemImport:
    """
    Read a file and keep its rows for the check. Nothing is written to items.

    :raises Unreadable: the file as a whole can't be read.
    :raises NotAllowed: the person may not import items.
    """
    require(by, "item.import")
    run = ItemImport.objects.create(by=by, at=at, stage_at=at, file_name=file_name[:200] or "items")
    words = Words()
    first_lines: dict[tuple[str, str], int] = {}
    columns: set[str] = set()
    kept: list[tuple[Any, ...]] = []
    for row in reading.rows_of(content, file_name):
        problems = [*row.problems, *_repeated(row, first_lines)]
        columns |= row.said.keys()
        kept.append(
            (run.pk, row.line, row.said.get("key", "")[:200], row.said.get("name", "")[:200], row.said, {},
             _Document(row.relations), "", {}, {}, _Document(problems))
        )  # fmt: skip
    if not kept:
        raise reading.Unreadable(_("The file has no rows below its first line."))
    with connection.cursor() as cursor:
        copy_rows(cursor, ImportRow._meta.db_table, COPIED_COLUMNS, kept)
    known = words.known_attributes()
    unread = sorted(column[1:] for column in columns if column.startswith(".") and column[1:] not in known)
    run.rows = len(kept)
    run.notes = [_("Columns that are not read: %(names)s.") % {"names": ", ".join(unread)[:500]}] if unread else []
    run.save(update_fields=["rows", "notes"])
    return run


class _Document:
    """A list that COPY writes as JSON; a plain one would become an array of texts."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def __str__(self) -> str:
        return json.dumps(self.values)


def _repeated(row: reading.Row, first_lines: dict[tuple[str, str], int]) -> list[str]:
    """What an earlier row of the file has said already."""
    problems = []
    for column in ("key", "name"):
        value = row.said.get(column, "")
        if not value:
            continue
        first = first_lines.setdefault((column, value), row.line)
        if first != row.line:
            problems.append(_("Line %(line)d is about “%(value)s” already.") % {"line": first, "value": value[:60]})
    if not row.said.get("key") and not row.said.get("name"):
        problems.append(_("It has neither a key nor a name."))
    return problems


def check(*, run: ItemImport, at: datetime) -> ItemImport:
    """Check every row, batch by batch; a repeated call goes on where the first one stopped."""
    words = Words()
    while check_batch(run, words):
        pass
    ItemImport.objects.filter(pk=run.pk, stage=Stage.CHECKING).update(
        stage=Stage.CHECKED, stage_at=at, counts=counts_of(run)
    )
    run.refresh_from_db()
    return run


@transaction.atomic
def order(*, run: ItemImport, by: Any, at: datetime, takes_theirs: bool, skips_problems: bool) -> ItemImport:
    """
    Decide about conflicts and problems, and give the import free for writing.

    :raises Refused: it is not checked, or has rows with problems that nobody agreed to leave out.
    """
    require(by, "item.import")
    run = ItemImport.objects.select_for_update().get(pk=run.pk)
    if run.stage != Stage.CHECKED:
        raise Refused.because("state", _("Only a checked import that was not written yet can be written."))
    problems = run.counts.get("problem", 0)
    if problems and not skips_problems:
        raise Refused.because(
            "problems",
            _("Rows have problems. Correct the file and begin again, or say that they shall be left out."),
            "skips_problems",
        )
    run.stage, run.stage_at, run.takes_theirs, run.skips_problems = Stage.APPLYING, at, takes_theirs, skips_problems
    run.save(update_fields=["stage", "stage_at", "takes_theirs", "skips_problems"])
    return run


def apply(*, run: ItemImport, at: datetime) -> ItemImport:
    """
    Write an import that was given free: everything or nothing. When it can't be written, the run says why.

    Safe to run twice: what is written is no longer being written.
    """
    try:
        # COPY passes Django by, so its errors are translated here.
        with transaction.atomic(), connection.wrap_database_errors:
            locked = ItemImport.objects.select_for_update(of=("self",)).select_related("by").get(pk=run.pk)
            if locked.stage != Stage.APPLYING:
                return locked
            # The person may have lost the right since the order.
            require(locked.by, "item.import")
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = '10min'")
            written = write(locked, by=locked.by, at=at)
            locked.counts |= {"added": written.added, "changed": written.changed, "related": written.relations}
            _end(locked, Stage.APPLIED, at)
            log.record(
                "item.imported", subject_kind="item_import", subject_id=locked.pk, subject_label=locked.file_name,
                by=locked.by, at=at, data={name: locked.counts[name] for name in ("added", "changed", "related")},
            )  # fmt: skip
            return locked
    except Refused as refused:
        reason = str(refused)
    except IntegrityError:
        reason = _("Another item took a name or key of the file in the meantime. Nothing was written. Check it again.")
    run.refresh_from_db()
    run.notes = [*run.notes, reason]
    _end(run, Stage.FAILED, at)
    return run


@transaction.atomic
def discard(*, run: ItemImport, by: Any, at: datetime) -> ItemImport:
    """
    Put an import away without writing it; its rows go.

    :raises Refused: it is being written or was written.
    """
    require(by, "item.import")
    run = ItemImport.objects.select_for_update().get(pk=run.pk)
    if run.stage not in (Stage.CHECKING, Stage.CHECKED, Stage.FAILED):
        raise Refused.because("state", _("It was written already. Correct the items themselves, or import them anew."))
    run.lines.all().delete()
    _end(run, Stage.DISCARDED, at)
    return run


def _end(run: ItemImport, stage: str, at: datetime) -> None:
    run.stage, run.stage_at, run.ended_at = stage, at, at
    run.save(update_fields=["stage", "stage_at", "ended_at", "notes", "counts"])
