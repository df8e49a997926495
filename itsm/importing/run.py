"""Import a log from end to end: stage, fold, write in batches, link, recompute."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit.acts import acting
from audit.models import Channel
from calendars.models import Calendar
from calendars.seeds import ensure_default_calendars
from measurement.rebuild import rebuild_all
from search.index import rebuild as rebuild_search
from slm.enums import ClockKind
from slm.models import Agreement
from slm.operations import create_agreement, retire

from . import rows as reading
from .clocks import Judge
from .directory import Directory
from .folding import Folder
from .mapping import Mapping, MappingProblem, Promise
from .report import TAKEN, RowReport
from .writing import Writer

TICKETS_A_BATCH = 500
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

    :param at: the present moment; it dates links, nothing else.
    :raises LogProblem: the log as a whole can't be read. :raises MappingProblem: its agreement names no calendar.
    """
    began = time.monotonic()
    judge = _judge(mapping, at=at)
    with acting(channel=Channel.IMPORT), RowReport(report_path) as report, reading.open_log(log, mapping) as file:
        say(f"Reading {log.name} …")
        total = reading.stage(
            reading.rows_of(file, mapping, report),
            mapping.cell_names(),
            progress=lambda count: say(f"  {count:,} rows read"),
        )
        writer = Writer(mapping, Directory(mapping), judge)
        folder = Folder(mapping, report)
        folded = written = known_before = 0
        for batch in reading.batches(TICKETS_A_BATCH, mapping.cell_names()):
            known = writer.existing(list(batch))
            known_before += len(known)
            histories = []
            for case, rows in batch.items():
                folded += len(rows)
                if case in known:
                    continue
                history = folder.fold(case, rows)
                if history is not None:
                    histories.append(history)
            writer.write(histories)
            written += len(histories)
            report.end_batch()
            say(f"  {folded:,} of {total:,} rows, {written:,} tickets written")
        links = writer.write_links(at=at)
        seconds = time.monotonic() - began
        if written:
            say("Recomputing measures and the search index …")
            rebuild_search()
            rebuild_all()
        report.rows[TAKEN] = total - report.rows["mended"] - report.rows["refused"]
    return Result(
        rows=total,
        tickets=written,
        known_before=known_before,
        links=links,
        problems=writer.problems.made,
        caused=writer.problems.linked,
        seconds=seconds,
        report=report,
    )


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
