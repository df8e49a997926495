"""Import a log from end to end: stage, fold, write in batches, link, recompute."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from audit.acts import acting
from audit.models import Channel
from calendars.models import Calendar
from calendars.seeds import ensure_default_calendars
from measurement.rebuild import rebuild_all
from records.models import Record
from search.index import rebuild as rebuild_search
from search.models import Document
from slm.enums import ClockKind
from slm.models import Agreement
from slm.operations import create_agreement, retire

from . import rows as reading
from .clocks import Judge
from .directory import Directory
from .folding import Folder
from .links import Links
from .mapping import Mapping, MappingProblem, Promise
from .report import RowReport
from .rows import LogProblem
from .writing import Writer, pointers_of

TICKETS_A_BATCH = 500
LOCK = 0x5354_494D  # any number that nothing else locks
Say = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    rows: int
    tickets: int
    known_before: int
    links: int
    problems: int
    caused: int
    seconds: float
    report: RowReport

    @property
    def rows_a_second(self) -> float:
        return self.rows / self.seconds if self.seconds else 0.0


def import_log(*, log: Path, mapping: Mapping, report_path: Path, at: datetime, say: Say) -> Result:
    """
    Build records, history, people, teams, links, clocks and readings from the log.

    Tickets that an earlier run has written are left as they are, so that a run that broke off is simply repeated.
    Memory does not grow with the log: rows are staged in the database and taken a batch of tickets at a time.

    :param at: the present moment; it dates links, and nothing in a log can be later.
    :raises LogProblem: the log as a whole can't be read. :raises MappingProblem: its agreement names no calendar.
    """
    began = time.monotonic()
    judge = _judge(mapping, at=at)
    with (
        _only_one(),
        acting(channel=Channel.IMPORT),
        RowReport(report_path) as report,
        reading.open_log(log, mapping) as file,
    ):
        say(f"Reading {log.name} …")
        total = reading.stage(
            reading.rows_of(file, mapping, report, at=at),
            mapping.cell_names(),
            progress=lambda count: say(f"  {count:,} rows read"),
        )
        links = Links(report)
        writer = Writer(mapping, Directory(mapping), judge, links)
        folder = Folder(mapping, report, at=at)
        folded = written = known_before = 0
        for batch in reading.batches(TICKETS_A_BATCH, mapping.cell_names()):
            known = writer.existing(list(batch))
            known_before += len(known)
            histories, pointing = [], []
            for case, rows in batch.items():
                folded += len(rows)
                if case in known:
                    for row in rows:
                        report.leave(row.line)
                    pointing += pointers_of(known[case], case, folder.relations(rows))
                elif (history := folder.fold(case, rows)) is not None:
                    histories.append(history)
            writer.go_on_linking(pointing, at=at)
            writer.write(histories, at=at)
            written += len(histories)
            say(f"  {folded:,} of {total:,} rows, {written:,} tickets written")
        seconds = time.monotonic() - began
        if written or _is_unfinished(mapping):
            say("Recomputing measures and the search index …")
            rebuild_all()
            rebuild_search()
    return Result(
        rows=total,
        tickets=written,
        known_before=known_before,
        links=links.made,
        problems=writer.problems.made,
        caused=writer.problems.linked,
        seconds=seconds,
        report=report,
    )


def _is_unfinished(mapping: Mapping) -> bool:
    """Whether an earlier run broke off before its last step: then no document of the index knows its latest ticket."""
    latest = Record.objects.filter(external_key__startswith=f"{mapping.name}:").order_by("-pk").values_list("pk")[:1]
    keys = [pk for (pk,) in latest]
    return bool(keys) and not Document.objects.filter(record__in=keys).exists()


@contextmanager
def _only_one() -> Iterator[None]:
    """
    Hold the lock of imports until the end of the block or of the connection.

    :raises LogProblem: another import is under way.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise LogProblem("Another import is under way. Start this one again when that one has ended.")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _judge(mapping: Mapping, *, at: datetime) -> Judge | None:
    promise = mapping.promise
    if promise is None:
        return None
    ensure_default_calendars(at=at)
    calendar = Calendar.objects.filter(slug=promise.calendar).first()
    if calendar is None:
        known = ", ".join(Calendar.objects.values_list("slug", flat=True))
        raise MappingProblem(
            mapping.source_path, [f"[agreement] there is no calendar “{promise.calendar}”; known: {known}"]
        )
    return Judge(promise, _agreement(promise, calendar, at=at))


def _agreement(promise: Promise, calendar: Calendar, *, at: datetime) -> Agreement:
    """The agreement that the clocks point at. It is out of force, so that no new ticket falls under it."""
    known = Agreement.objects.filter(name=promise.name).first()
    if known is not None:
        return known
    tables = ((ClockKind.RESPONSE, promise.response_minutes), (ClockKind.RESOLUTION, promise.resolution_minutes))
    made = create_agreement(
        by=None,
        at=at,
        name=promise.name,
        calendar=calendar,
        targets={(clock, priority): minutes for clock, table in tables for priority, minutes in table.items()},
        pause_reasons=list(promise.pause_reasons),
    )
    return retire(agreement=made, by=None, at=at)
