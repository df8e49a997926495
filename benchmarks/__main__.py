"""
Measure Steward at a given size, beside the bare database and a bare Django view doing the same work in the same run.

    python -m benchmarks                                  100,000 records
    python -m benchmarks --also 1000000                   and once more with a million, with the growth
    python -m benchmarks --quick                          20,000 records and few runs: does everything still work?
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

QUICK_RECORDS = 20_000


def main() -> None:
    """Measure every size asked for, each in a process of its own when there are several."""
    asked = _arguments()
    if asked.also:
        _several([asked.records, *asked.also], asked)
        return
    document = _measure(asked.records, is_quick=asked.quick, keep=asked.keep)
    if asked.output:
        asked.output.write_text(json.dumps(document, default=str))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n\n")[0].strip())
    parser.add_argument("--records", type=int, help="how many tickets to generate (100,000)")
    parser.add_argument("--also", type=int, action="append", help="measure this many as well, and show the growth")
    parser.add_argument("--quick", action="store_true", help="few tickets and few runs; the figures say little")
    parser.add_argument("--keep", action="store_true", help="leave the database steward_bench for looking around")
    parser.add_argument("--output", type=Path, help="write the figures to this file as well")
    asked = parser.parse_args()
    asked.records = asked.records or (QUICK_RECORDS if asked.quick else 100_000)
    if min([asked.records, *(asked.also or [])]) < 5_000:
        parser.error("below 5,000 tickets nothing can be measured; ask for more with --records")
    return asked


def _several(sizes: list[int], asked: argparse.Namespace) -> None:
    documents = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.json"
            command = [sys.executable, "-m", "benchmarks", "--records", str(size), "--output", str(path)]
            command += [f"--{name}" for name in ("quick", "keep") if getattr(asked, name)]
            subprocess.run(command, check=True, env=os.environ)
            documents.append(json.loads(path.read_text()))
    from .report import growth  # without the settings, which only the sizes' own processes need

    for larger in documents[1:]:
        _say(growth(documents[0], larger))


def _measure(records: int, *, is_quick: bool, keep: bool) -> dict[str, Any]:
    from . import place

    _say(f"Steward with {records:,} records")
    with place.throwaway(keep=keep):
        place.prepare()
        # Only now do the settings name the benchmark's database.
        from django.db import connection
        from django.utils.timezone import now

        from . import background, generate, memory, pages, report, world
        from .bare import Bare

        at, begin = now(), perf_counter()
        house = world.make(at=at)
        rows = generate.fill(house, records=records, at=at)
        _say(f"  {sum(rows.values()):,} rows generated in {perf_counter() - begin:.0f} s")
        bare = Bare()
        house.agent.refresh_from_db()
        figures, offenders = background.measure(house, bare, records=records, say=_step)
        bare.ask("VACUUM (ANALYZE)")
        outcome = pages.measure(house, bare, runs=20 if is_quick else 150, created=80 if is_quick else 600, say=_step)
        _step("memory of worker and scheduler")
        outcome.figures.append(memory.measure())
        bare.close()
        connection.close()
    figures, offenders = outcome.figures + figures, offenders + outcome.offenders
    document = report.as_document(figures, offenders, facts={"records": records, "rows": rows, "at": at})
    _say("\n" + report.table(figures))
    _say("\nSequential scans of large tables: " + ("none" if not offenders else ""))
    for each in offenders:
        _say(f"  {each['scenario']}: {each['table']} ({each['rows']} rows): {each['statement']}")
    _say(f"\nKept in {report.write(document, at=at)}")
    if keep:
        _say(f"The database is still there: DATABASE_URL='{os.environ['DATABASE_URL']}'")
    return document


def _step(text: str) -> None:
    _say(f"  {text}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
