"""
How long it takes to find known errors that fit a subject, while it is typed and beside a ticket.

    python -m benchmarks.known_errors                                  1,000,000 records, 5,000 known errors
    python -m benchmarks.known_errors --records 20000 --plan           fewer records; shows the plan of the worst
"""

import argparse
import random
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from . import words

TARGET_MS = 50
ASKED = 400
BATCH = 50_000
CLOSED = {"kind": "incident", "state": "closed", "phase": "done"}
OPEN = {"kind": "incident", "state": "new", "phase": "open"}
KNOWN = {"kind": "problem", "state": "known_error", "phase": "open"}


def main() -> None:
    """Fill a throwaway database, ask, and print the 50th and 95th percentile."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.known_errors", description=__doc__.split("\n\n")[0].strip()
    )
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--known", type=int, default=5_000)
    parser.add_argument("--plan", action="store_true", help="print the plan of the slowest question")
    asked = parser.parse_args()
    from . import place

    with place.throwaway(keep=False):
        place.prepare()
        # Only now do the settings name the benchmark's database.
        from django.db import connection
        from django.utils.timezone import now

        from . import world

        at = now()
        house = world.make(at=at)
        _fill(house, asked.records, asked.known, at)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        print(f"{asked.records:,} records, {asked.known:,} known errors")
        slowest = ""
        for name, took, worst in _ask(house):
            took.sort()
            half, most = took[len(took) // 2], took[int(len(took) * 0.95)]
            verdict = "" if most <= TARGET_MS else "  MISSED"
            print(f"{name:<14} p50 {half:6.1f} ms   p95 {most:6.1f} ms   of {TARGET_MS}{verdict}   slowest: {worst!r}")
            slowest = slowest or worst
        if asked.plan:
            _explain(slowest, house)


def _ask(house: Any) -> list[tuple[str, list[float], str]]:
    from incidents.models import Incident
    from problems.queries import suggesting

    draw = random.Random(9)
    found = []
    keys = list(Incident.objects.filter(phase="open").order_by("-pk").values_list("pk", flat=True)[:ASKED])
    for name in ("typed", "beside"):
        took: list[tuple[float, str]] = []
        for number in range(ASKED):
            title = _subject(draw)
            record = Incident.objects.get(pk=keys[number % len(keys)]) if name == "beside" else None
            begin = perf_counter()
            if record is None:
                suggesting.for_typed(house.agent, title=title, service_id=draw.choice(house.services))
            else:
                suggesting.beside(house.agent, record)
            took.append(((perf_counter() - begin) * 1000, record.title if record else title))
        worst = max(took)[1]
        found.append((name, [each[0] for each in took], worst))
    return found


def _explain(title: str, house: Any) -> None:
    from django.db import connection

    from problems.queries import suggesting

    said = {"title": title, "service": house.services[0], "item": None, "query": suggesting._any_word(title)}
    said["enough"] = suggesting.ENOUGH_WORDS
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + suggesting._CANDIDATES, said)
        print("\n".join(row[0] for row in cursor.fetchall()))


def _subject(draw: random.Random) -> str:
    return f"{draw.choice(words.SUBJECTS)} {draw.choice(words.PLACES)} {words.word(draw.randrange(200))}"


def _fill(house: Any, records: int, known: int, at: datetime) -> None:
    from incidents.models import Incident

    left = records
    while left > 0:
        fill_records(house, Incident, same=CLOSED, count=min(left, BATCH), at=at)
        left -= BATCH
    fill_records(house, Incident, same=OPEN, count=ASKED, at=at)
    _known(house, known, at)


def fill_records(house: Any, model: Any, *, same: dict[str, str], count: int, at: datetime) -> list[int]:
    """Records of this kind with random subjects; `same` is alike in all of them. Their keys."""
    from django.db import connection, transaction

    from common.copying import Copier, take_keys
    from records.models import Record

    draw = random.Random(count)
    with transaction.atomic(), connection.cursor() as cursor:
        keys = take_keys(cursor, Record._meta.db_table, count)
        spine = Copier(Record, same=same | {"tags": []})
        own = Copier(model)
        for key in keys:
            opened_at = at - timedelta(seconds=draw.uniform(60, 700 * 86_400))
            spine.add(
                id=key,
                title=_subject(draw),
                requester_id=draw.choice(house.requesters),
                organization_id=draw.choice(house.organizations),
                service_id=draw.choice(house.services),
                category_id=draw.choice(house.categories),
                created_at=opened_at,
                opened_at=opened_at,
                updated_at=opened_at,
            )
            own.add(record_ptr_id=key)
        spine.write(cursor)
        own.write(cursor)
    return list(keys)


def _known(house: Any, count: int, at: datetime) -> None:
    from problems.models import KnownError, Problem

    draw = random.Random(3)
    keys = fill_records(house, Problem, same=KNOWN, count=count, at=at)
    pieces = words.pieces()
    rows = [
        KnownError(
            problem_id=key,
            title=_subject(draw),
            symptom=f"{_subject(draw)}. {draw.choice(pieces)}",
            cause=draw.choice(pieces),
            workaround=draw.choice(pieces),
            has_workaround=True,
            published_at=at,
        )
        for key in keys
    ]
    KnownError.objects.bulk_create(rows, batch_size=1_000)
    through = KnownError.services.through
    through.objects.bulk_create(
        [through(knownerror_id=row.pk, service_id=draw.choice(house.services)) for row in rows], batch_size=1_000
    )


if __name__ == "__main__":
    main()
