"""One step along impact from many nodes at once, in both directions: for comparing them with each other."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection

from common.keys import array_of

from .walking import MOST_HITS, types_by_way

# Each branch is one index look-up with a list of keys, without joins: planning the joins of all branches took longer
# than running them. What is retired is asked for afterwards. Read as: when `failing` fails, `hit` is hit.
EDGES = """
    SELECT target_id AS failing, source_id AS hit, type_id FROM services_relation WHERE target_id = ANY(%(items)s)
    UNION ALL
    SELECT target_id, source_id, type_id FROM services_relation WHERE source_id = ANY(%(items)s)
    UNION ALL
    SELECT id, -service_id, 0 FROM services_configurationitem WHERE id = ANY(%(items)s) AND service_id IS NOT NULL
    UNION ALL
    SELECT id, -service_id, 0 FROM services_configurationitem WHERE service_id = ANY(%(services)s)
    UNION ALL
    SELECT configurationitem_id, -service_id, 0 FROM services_configurationitem_further_services
        WHERE configurationitem_id = ANY(%(items)s)
    UNION ALL
    SELECT configurationitem_id, -service_id, 0 FROM services_configurationitem_further_services
        WHERE service_id = ANY(%(services)s)
    UNION ALL
    SELECT -needs_id, -service_id, 0 FROM services_servicedependency WHERE needs_id = ANY(%(services)s)
    UNION ALL
    SELECT -needs_id, -service_id, 0 FROM services_servicedependency WHERE service_id = ANY(%(services)s)
    LIMIT %(rows)s
"""
RETIRED = """
    SELECT id FROM services_configurationitem WHERE id = ANY(%(items)s) AND NOT is_active
    UNION ALL
    SELECT -id FROM services_service WHERE id = ANY(%(services)s) AND stage = 'retired'
"""


@dataclass
class Nearby:
    """
    Keys as walks know them, by each node that was asked about.

    :ivar hits: what is hit when it fails. :ivar needs: what it is hit by. :ivar is_cut: there is more than was read.
    """

    hits: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    needs: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    is_cut: bool = False


def next_to(start: Collection[int], *, most: int = 2 * MOST_HITS) -> Nearby:
    """
    What is one step away from each of these nodes. Three statements, however many there are.

    :param start: keys: an item by its id, a service by its id with a minus before it. :param most: rows read at most.
    """
    known = frozenset(start)
    ways = types_by_way()
    to_source, to_target = {0, *ways["to_source"]}, set(ways["to_target"])
    with connection.cursor() as cursor:
        cursor.execute(EDGES, {**_split(known), "rows": most + 1})
        rows = cursor.fetchall()
        found = Nearby(is_cut=len(rows) > most)
        for failing, hit, kind in rows[:most]:
            if kind in to_source:
                if failing in known:
                    found.hits[failing].add(hit)
                if hit in known:
                    found.needs[hit].add(failing)
            if kind in to_target:
                if hit in known:
                    found.hits[hit].add(failing)
                if failing in known:
                    found.needs[failing].add(hit)
        reached = set().union(*found.hits.values(), *found.needs.values())
        cursor.execute(RETIRED, _split(reached))
        retired = {key for (key,) in cursor.fetchall()}
    if retired:
        for keys in (*found.hits.values(), *found.needs.values()):
            keys.difference_update(retired)
    return found


def _split(keys: Collection[int]) -> dict[str, str]:
    return {"items": array_of(key for key in keys if key > 0), "services": array_of(-key for key in keys if key < 0)}
