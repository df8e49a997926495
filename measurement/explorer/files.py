"""
Making files of measures: row by row to the disk, whatever their number, with the progress told and the stop heard.

Neither format holds formulas: CSV puts an apostrophe before what a spreadsheet would calculate, Excel files have cells
of text.
"""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.http import QueryDict
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.csvs import harmless
from common.speech import speaking

from .. import figures, filters, known, periods
from ..pivots.counting import MOST_ROWS_IN_FILES, dimensions_in
from ..pivots.counting import table as counted
from .behind import PARAMETERS as BEHIND
from .behind import Behind
from .enums import Format, State, What
from .models import Export
from .page import PARAMETERS, ExplorerPage

LOST_AFTER = timedelta(minutes=2)
TRIES_AT_MOST = 3
BATCH = 2_000
MOST_ROWS_XLSX = 1_048_575
LONGEST_CELL = 32_767
FORGOTTEN_AT_ONCE = 200


class Stopped(Exception):
    """Somebody ended or removed it while it was being made."""


class TooLong(Exception):
    """More rows than the format holds."""


def make(key: int, *, claimed_at: datetime | None = None) -> bool:
    """
    Make one file from its beginning. Returns whether it is there now.

    A second worker that hears the same bell finds it claimed; one that died is replaced after two minutes of silence.
    """
    at = claimed_at or now()
    waiting = Export.objects.unfinished().filter(pk=key, attempts__lt=TRIES_AT_MOST)
    free = waiting.filter(state=State.WAITING) | waiting.filter(worked_at__lt=at - LOST_AFTER)
    export = free.select_related("by").first()
    if export is None:
        return False
    claimed = Export.objects.filter(pk=key, attempts=export.attempts, state=export.state)
    if not claimed.update(state=State.RUNNING, worked_at=at, attempts=export.attempts + 1, done=0):
        return False
    part = export.path.with_suffix(f".{os.getpid()}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        with speaking(export.by.language):
            rows = _write(export, part)
        os.replace(part, export.path)
        _end(export, State.DONE, done=rows, total=rows, size_bytes=export.path.stat().st_size)
        return True
    except Stopped:
        return False
    except TooLong:
        with speaking(export.by.language):
            said = _("An Excel file holds 1,048,575 rows. Choose fewer days, or CSV.")
        _end(export, State.FAILED, error=said)
        return False
    except Exception as error:
        # Told to the person in words; the log has the rest.
        _fail(export, error)
        raise
    finally:
        part.unlink(missing_ok=True)


def _fail(export: Export, error: Exception) -> None:
    if export.attempts + 1 < TRIES_AT_MOST:
        Export.objects.filter(pk=export.pk, state=State.RUNNING).update(state=State.WAITING)
        return
    _end(export, State.FAILED, error=type(error).__name__)


def _end(export: Export, state: str, **said: Any) -> None:
    if not Export.objects.filter(pk=export.pk, state=State.RUNNING).update(state=state, ended_at=now(), **said):
        export.path.unlink(missing_ok=True)


def _write(export: Export, path: Path) -> int:
    head, total, lines = _content(export)
    if export.format == Format.XLSX and total > MOST_ROWS_XLSX:
        raise TooLong
    Export.objects.filter(pk=export.pk).update(total=total)
    opened: Callable[[Path], Any] = _as_xlsx if export.format == Format.XLSX else _as_csv
    count = 0
    with opened(path) as write:
        write(head)
        for count, line in enumerate(lines, start=1):
            write(line)
            if count % BATCH == 0:
                _go_on(export, count)
    _go_on(export, count)
    return count


def _go_on(export: Export, count: int) -> None:
    """Tell how far it is. :raises Stopped:"""
    running = Export.objects.filter(pk=export.pk, state=State.RUNNING)
    if not running.update(done=count, worked_at=now()):
        raise Stopped


@contextmanager
def _as_csv(path: Path) -> Iterator[Callable[[Iterable[Any]], None]]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        yield lambda line: writer.writerow([harmless(value) for value in line])


@contextmanager
def _as_xlsx(path: Path) -> Iterator[Callable[[Iterable[Any]], None]]:
    # Imported here: only a worker that makes such a file needs it.
    import xlsxwriter

    said = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), said) as book:
        sheet = book.add_worksheet()
        row = 0

        def write(line: Iterable[Any]) -> None:
            nonlocal row
            for column, value in enumerate(line):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(row, column, value)
                else:
                    sheet.write_string(row, column, str(value)[:LONGEST_CELL])
            row += 1

        yield write


def _content(export: Export) -> tuple[Sequence[str], int, Iterable[Sequence[Any]]]:
    """Head, number of rows and the rows, as the person may see them now."""
    kpi = known.kpi(export.kpi)
    query = QueryDict(export.query).dict()
    asked = filters.read(query, export.by, at=export.at, operation="kpi.export", kept=(*PARAMETERS, *BEHIND))
    if export.what == What.TABLE:
        page = ExplorerPage(kpi, asked, export.at)
        table = page.table
        return page.head, len(table), table
    if export.what == What.PIVOT:
        rows, columns = dimensions_in(query)
        figure = figures.fitting(kpi, figures.figure_in(query))
        pivot = counted(kpi, asked, rows=rows, columns=columns, figure=figure, most_rows=MOST_ROWS_IN_FILES)
        return pivot.head, len(pivot.lines) + 1, pivot.numbers()
    found = Behind.read(kpi, asked, query, today=periods.today(export.at)).rows()
    return _head(), sum(rows.count() for rows in found.values()), _lines(found)


def _head() -> list[str]:
    return [
        _("Number"), _("Subject"), _("Kind"), _("Service"), _("Team"), _("Organization"), _("Priority"), _("State"),
        _("Opened"), _("Resolved"), _("Note"),
    ]  # fmt: skip


def _lines(found: dict[str, Any]) -> Iterator[list[Any]]:
    """A line a row, moments in UTC by ISO 8601. Rows come by a cursor of the server, never all at once."""
    for rows in found.values():
        if getattr(rows.model, "is_measured_alone", False):
            for row in rows.select_related(*rows.model.measured_with).order_by("pk").iterator(chunk_size=BATCH):
                at = row.measured_at.isoformat() if row.measured_at else ""
                yield [str(row), "", "", row.service or "", "", "", "", "", at, "", row.measured_note or ""]
            continue
        is_record = hasattr(rows.model, "requester")
        told = getattr(rows.model, "belongs_to", "")
        owner = told or "record"
        path = "" if is_record else f"{owner}__"
        named = rows.select_related(*(f"{path}{name}" for name in ("service", "team", "organization")))
        for row in named.order_by("pk").iterator(chunk_size=BATCH):
            record = row if is_record else getattr(row, owner)
            yield [
                record.reference, record.title, record.kind, record.service or "", record.team or "",
                record.organization, f"P{record.priority}", record.state_label, record.opened_at.isoformat(),
                record.resolved_at.isoformat() if record.resolved_at else "", str(row) if told else "",
            ]  # fmt: skip


def lost(*, at: datetime) -> list[int]:
    """Files that nobody works at: no bell was heard, or their worker was ended."""
    rows = Export.objects.unfinished().filter(attempts__lt=TRIES_AT_MOST)
    left = rows.filter(state=State.WAITING) | rows.filter(worked_at__lt=at - LOST_AFTER)
    return list(left.order_by("pk").values_list("pk", flat=True)[:20])


def give_up(*, at: datetime) -> int:
    """End those that were tried three times and fell silent. Returns how many."""
    dead = Export.objects.unfinished().filter(attempts__gte=TRIES_AT_MOST, worked_at__lt=at - LOST_AFTER)
    return dead.update(state=State.FAILED, ended_at=at, error="worker ended")


def forget(*, at: datetime) -> int:
    """Remove files that have expired. Returns how many."""
    old = list(Export.objects.filter(expires_at__lte=at).order_by("expires_at")[:FORGOTTEN_AT_ONCE])
    for export in old:
        export.path.unlink(missing_ok=True)
    return Export.objects.filter(pk__in=[each.pk for each in old]).delete()[0]
