"""
How long a look for groups of similar incidents takes, and how much memory, on floods of different shapes.

    python -m benchmarks.finding                       100,000 incidents of each shape
    python -m benchmarks.finding --incidents 20000

Each shape is measured in a process of its own, for the most memory that a process ever had can't be given back.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
from datetime import datetime, timedelta
from time import perf_counter, process_time
from typing import Any

from . import words

SHAPES = {
    "mixed": "18 services, 12 categories, 300 subjects with typing errors and chance words",
    "identical": "one subject, one service, one category",
    "different": "no two subjects alike, one service, one category",
    "alerts": "one subject with a number of its own, one service, one category",
    "empty": "subjects without a word, 18 services, 12 categories",
}
TARGET_SECONDS = 60


def main() -> None:
    """Measure every shape, or one where it is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finding", description=__doc__.split("\n\n")[0].strip())
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--shape", choices=SHAPES)
    asked = parser.parse_args()
    if asked.shape:
        print(json.dumps(_measure(asked.shape, asked.incidents)))
        return
    print(f"{'shape':<11}{'seconds':>9}{'cpu s':>8}{'again s':>9}{'MB more':>9}{'groups':>8}{'members':>9}")
    for shape, meaning in SHAPES.items():
        command = [sys.executable, "-m", "benchmarks.finding", "--shape", shape, "--incidents", str(asked.incidents)]
        done = subprocess.run(command, check=True, env=os.environ, stdout=subprocess.PIPE)
        found = json.loads(done.stdout.splitlines()[-1])
        verdict = "" if found["seconds"] <= TARGET_SECONDS else "  MISSED"
        print(
            f"{shape:<11}{found['seconds']:>9.1f}{found['cpu']:>8.1f}{found['again']:>9.1f}{found['more_mb']:>9.0f}"
            f"{found['groups']:>8}{found['members']:>9}  {meaning}{verdict}",
            flush=True,
        )


def _measure(shape: str, count: int) -> dict[str, Any]:
    from . import place

    with place.throwaway(keep=False):
        place.prepare()
        # Only now do the settings name the benchmark's database.
        from django.db import connection
        from django.utils.timezone import now

        from problems.finding import runs
        from problems.finding.models import Cluster, ClusterMember

        from . import world

        at = now()
        connection.close()
        child = os.fork()
        if not child:
            _fill(world.make(at=at), shape, count, at)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            raise SystemExit("the incidents could not be made")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        before = _most_memory()
        begin, cpu = perf_counter(), process_time()
        runs.find(at=at)
        found = {"seconds": perf_counter() - begin, "cpu": process_time() - cpu, "more_mb": _most_memory() - before}
        begin = perf_counter()
        runs.find(at=at + timedelta(minutes=1))
        found |= {
            "again": perf_counter() - begin,
            "groups": Cluster.objects.count(),
            "members": ClusterMember.objects.count(),
        }
        connection.close()
    return found


def _most_memory() -> float:
    """In MB, of this process; Linux says kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _fill(house: Any, shape: str, count: int, at: datetime) -> None:
    from django.db import connection, transaction

    from common.copying import Copier, take_keys
    from incidents.models import Incident
    from records.models import Record

    draw = random.Random(5)
    is_one_place = shape in ("identical", "different", "alerts")
    with transaction.atomic(), connection.cursor() as cursor:
        keys = take_keys(cursor, Record._meta.db_table, count)
        records = Copier(Record, same={"kind": "incident", "state": "closed", "phase": "done", "tags": []})
        incidents = Copier(Incident)
        for number, key in enumerate(keys):
            opened_at = at - timedelta(seconds=draw.uniform(60, 89 * 86_400))
            ended_at = min(opened_at + timedelta(minutes=draw.expovariate(1 / 300)), at)
            records.add(
                id=key,
                title=_subject(shape, number, draw),
                requester_id=draw.choice(house.requesters),
                organization_id=draw.choice(house.organizations),
                service_id=house.services[0 if is_one_place else number % len(house.services)],
                category_id=house.categories[0 if is_one_place else draw.randrange(len(house.categories))],
                created_at=opened_at,
                opened_at=opened_at,
                resolved_at=ended_at,
                closed_at=ended_at,
                updated_at=ended_at,
            )
            incidents.add(record_ptr_id=key, affected_count=draw.choice((None, 1, 5)))
        records.write(cursor)
        incidents.write(cursor)


def _subject(shape: str, number: int, draw: random.Random) -> str:
    if shape == "identical":
        return "VPN drops every 20 minutes on home network"
    if shape == "different":
        return " ".join(words.word(draw.randrange(words.VOCABULARY)) for _word in range(draw.randrange(4, 8)))
    if shape == "alerts":
        return f"Disk of host {number} is almost full"
    if shape == "empty":
        return "?!"
    subject = f"{draw.choice(words.SUBJECTS)} {draw.choice(words.PLACES)} {words.word(draw.randrange(20))}"
    if draw.random() < 0.3:
        at = draw.randrange(len(subject))
        subject = subject[:at] + draw.choice("aeiourstn") + subject[at + 1 :]
    if draw.random() < 0.2:
        subject += f" {words.word(draw.randrange(words.VOCABULARY))}"
    return subject


if __name__ == "__main__":
    main()
