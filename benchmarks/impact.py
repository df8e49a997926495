"""
Impact over configuration items: 100,000 items and 300,000 relations, with hubs of 10,000 neighbors and circles.

    python -m benchmarks.impact [--items 100000] [--relations 300000]

There is no floor to compare with: the walk is one statement already, so its time is that of the bare database.
"""

import argparse
import random
import sys
from typing import Any

DEPTH, HUB_NEIGHBORS, STARTS = 5, 10_000, 200
TARGET_MS = 200.0
SERVICES = 200


def generate(*, items: int, relations: int) -> dict[str, list[int]]:
    """
    Items in layers as they stand in a house, most relations to the layer below, a few anywhere and so in circles.

    :return: keys to start from: `plain` ones, `low` ones with much above them, and `hubs`.
    """
    from django.db import connection, transaction

    from common.copying import copy_rows, take_keys
    from services.models import ConfigurationItem, ItemType, Relation, RelationType, Service

    draw = random.Random(11)
    services = Service.objects.bulk_create(
        Service(name=f"Service {number:03}", slug=f"s-{number}") for number in range(SERVICES)
    )
    kinds = list(ItemType.objects.values_list("pk", flat=True))
    runs_on, depends_on = (RelationType.objects.get(slug=slug).pk for slug in ("runs_on", "depends_on"))
    with transaction.atomic(), connection.cursor() as cursor:
        keys = take_keys(cursor, ConfigurationItem._meta.db_table, items)
        columns = ["id", "name", "kind", "type_id", "status", "service_id", "criticality", "description", "attributes",
                   "external_key", "imported", "is_active", "is_sample", "version"]  # fmt: skip
        copy_rows(
            cursor,
            ConfigurationItem._meta.db_table,
            columns,
            (
                (key, f"item-{place:06}", "", kinds[place % len(kinds)], "live",
                 services[place % SERVICES].pk if place < items // 5 else None, 3, "", {}, f"k-{place}", {}, True,
                 False, 1)
                for place, key in enumerate(keys)
            ),
        )  # fmt: skip
        hubs, pairs = keys[-2:], set()
        for hub in hubs:
            pairs |= {(key, depends_on, hub) for key in draw.sample(keys[: items // 2], min(HUB_NEIGHBORS, items // 2))}
        layer = max(1, items // 5)
        while len(pairs) < relations:
            place = draw.randrange(items)
            anywhere = draw.random() < 0.02
            other = draw.randrange(items) if anywhere else min(items - 3, place + draw.randrange(1, layer))
            if place != other:
                pairs.add((keys[place], runs_on, keys[other]))
        copy_rows(cursor, Relation._meta.db_table, ["source_id", "type_id", "target_id"], sorted(pairs))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "plain": draw.sample(keys[: items // 2], STARTS),
        "low": draw.sample(keys[items // 2 : -2], STARTS),
        "hubs": hubs * (STARTS // 4),
    }


def measure(*, items: int, relations: int) -> list[dict[str, Any]]:
    """Walk from each kind of start in both directions; the page's further statements are timed with them."""
    from services.impact import Direction, edges_between, walk

    from .timing import sample

    starts = generate(items=items, relations=relations)
    figures = []
    for kind, keys in starts.items():
        for direction in Direction:
            found = [walk([key], direction, depth=DEPTH) for key in keys[:20]]
            taken = sample(lambda key, way=direction: walk([key], way, depth=DEPTH), keys)
            edges = sample(
                lambda key, way=direction: edges_between(list(walk([key], way, depth=DEPTH))[:500], way), keys
            )
            figures.append(
                {
                    "start": kind,
                    "direction": direction.value,
                    "hits": sorted(len(each) for each in found)[len(found) // 2],
                    "cut": sum(each.is_cut for each in found),
                    "p50_ms": taken.p50,
                    "p95_ms": taken.p95,
                    "with_edges_p95_ms": edges.p95,
                }
            )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.impact", description=__doc__.split("\n\n")[0].strip())
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--relations", type=int, default=300_000)
    asked = parser.parse_args()
    from . import place

    with place.throwaway(keep=False):
        place.prepare()
        figures = measure(items=asked.items, relations=asked.relations)
        from django.db import connection  # only now do the settings name the benchmark's database

        connection.close()
    sys.stdout.write(f"{asked.items:,} items, {asked.relations:,} relations, depth {DEPTH}\n")
    for each in figures:
        sys.stdout.write(
            "{start:6} {direction:6} {hits:6} found, {cut:2} of 20 cut   p50 {p50_ms:7.1f} ms   p95 {p95_ms:7.1f} ms"
            "   with edges {with_edges_p95_ms:7.1f} ms\n".format(**each)
        )
    worst = max(each["p95_ms"] for each in figures)
    sys.stdout.write(
        f"worst p95 {worst:.0f} ms, target {TARGET_MS:.0f} ms: {'held' if worst <= TARGET_MS else 'MISSED'}\n"
    )


if __name__ == "__main__":
    main()
