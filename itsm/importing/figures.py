"""The figures at the end of an import: such that a person can check them with a spreadsheet."""

from collections import Counter
from typing import Any

from django.db import connection

from incidents.enums import State

from .mapping import Mapping

_COUNTS = """
    SELECT record.state, record.priority, count(*) FROM records_record AS record
    WHERE record.external_key LIKE %(keys)s AND record.kind = 'incident' GROUP BY 1, 2
"""
_VERDICTS = """
    SELECT coalesce(entry.data ->> 'kept_target', 'null'), coalesce(clock.state, 'no target'), count(*)
    FROM records_record AS record
    JOIN audit_entry AS entry ON entry.subject_kind = 'record' AND entry.subject_id = record.id
        AND entry.action = 'incident.created'
    LEFT JOIN slm_clock AS clock ON clock.record_id = record.id AND clock.kind = 'resolution' AND clock.is_imported
    WHERE record.external_key LIKE %(keys)s GROUP BY 1, 2
"""
_HOURS = """
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY hours), avg(hours) FROM (
        SELECT extract(epoch FROM resolved_at - opened_at) / 3600 AS hours FROM records_record
        WHERE external_key LIKE %(keys)s AND kind = 'incident' AND resolved_at IS NOT NULL
    ) AS resolved
"""
_PROBLEMS = """
    SELECT problem.title, count(*), min(incident.opened_at)::date, max(incident.opened_at)::date
    FROM records_record AS problem
    JOIN records_link AS link ON link.to_record_id = problem.id AND link.kind = 'caused_by'
    JOIN records_record AS incident ON incident.id = link.from_record_id
    WHERE problem.external_key LIKE %(keys)s AND problem.kind = 'problem'
    GROUP BY problem.id, problem.title ORDER BY 2 DESC, problem.id
"""
PROBLEMS_SHOWN = 10


def lines(mapping: Mapping) -> list[str]:
    """Tables in plain text over every ticket imported with this mapping; hours are calendar hours."""
    keys = {"keys": mapping.name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + ":%"}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, keys)
        counts = Counter({(state, priority): count for state, priority, count in cursor.fetchall()})
        cursor.execute(_VERDICTS, keys)
        verdicts = Counter({(theirs, ours): count for theirs, ours, count in cursor.fetchall()})
        cursor.execute(_HOURS, keys)
        resolved, median, mean = cursor.fetchone()
        problems = []
        if mapping.problems:
            cursor.execute(_PROBLEMS, keys)
            problems = cursor.fetchall()
    found = _state_table(counts)
    if "kept_target" in mapping.columns:
        found += ["", *_verdict_table(verdicts)]
    if resolved:
        found += ["", f"Hours from opened to resolved, {resolved:,} tickets: median {median:.2f}, mean {mean:.2f}"]
    if problems:
        found += ["", *_problem_table(problems)]
    return found


def _problem_table(problems: list[Any]) -> list[str]:
    """The problems that caused most tickets."""
    links = sum(count for _title, count, _first, _last in problems)
    single = sum(count == 1 for _title, count, _first, _last in problems)
    table = [f"Problems: {len(problems):,} with {links:,} tickets, {single:,} of them with a single one"]
    for title, count, first, last in problems[:PROBLEMS_SHOWN]:
        table.append(f"{count:>9} tickets from {first} to {last}: {title}")
    return table


def _state_table(counts: Counter[Any]) -> list[str]:
    priorities = sorted({priority for _state, priority in counts})
    head = "".join(f"{f'P{priority}':>9}" for priority in priorities)
    table = ["Tickets by final state and priority", f"{'':<14}{head}{'all':>9}"]
    states = [str(state) for state in State]
    for state in states:
        row = [counts[state, priority] for priority in priorities]
        if sum(row):
            table.append(f"{state:<14}" + "".join(f"{count:>9}" for count in row) + f"{sum(row):>9}")
    totals = [sum(counts[state, priority] for state in states) for priority in priorities]
    table.append(f"{'all':<14}" + "".join(f"{count:>9}" for count in totals) + f"{sum(totals):>9}")
    return table


def _verdict_table(verdicts: Counter[Any]) -> list[str]:
    ours = sorted({word for _theirs, word in verdicts})
    table = [
        "Resolution target: what the log says (rows) and what our clock says (columns)",
        f"{'':<14}" + "".join(f"{word:>11}" for word in ours),
    ]
    for key, label in (("true", "kept"), ("false", "missed"), ("null", "not said")):
        row = [verdicts[key, word] for word in ours]
        if sum(row):
            table.append(f"{label:<14}" + "".join(f"{count:>11}" for count in row))
    return table
