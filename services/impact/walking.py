"""
The walk itself: one recursive query, bounded in depth and in rows.

Nodes are keys: an item by its id, a service by its id with a minus before it, so that one column holds both. What is
retired neither is hit nor passes anything on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..models import ImpactWay, RelationType

DEEPEST = 10
MOST_HITS = 10_000


class Direction(TextChoices):
    HIT = "hit", _("Who is hit if it fails?")
    NEEDS = "needs", _("What does it need?")


@dataclass(frozen=True)
class Walk:
    """
    :param depths: steps from the start by key, nearest first; the start itself with 0.
    :param is_cut: there are more; those shown are the nearest.
    """

    direction: Direction
    depth: int
    depths: dict[int, int] = field(default_factory=dict)
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.depths)

    def __iter__(self) -> Iterator[int]:
        return iter(self.depths)

    @property
    def items(self) -> list[int]:
        """Ids of the items, nearest first."""
        return [key for key in self.depths if key > 0]

    @property
    def services(self) -> list[int]:
        """Ids of the services, nearest first."""
        return [-key for key in self.depths if key < 0]


# One step from a node `w.id`: what is reached, in which tables, on what condition.
STEPS = {
    Direction.HIT: (
        (
            "r.source_id",
            "services_relation r JOIN services_configurationitem c ON c.id = r.source_id",
            "r.target_id = w.id AND r.type_id = ANY(%(to_source)s) AND c.is_active",
        ),
        (
            "r.target_id",
            "services_relation r JOIN services_configurationitem c ON c.id = r.target_id",
            "r.source_id = w.id AND r.type_id = ANY(%(to_target)s) AND c.is_active",
        ),
        (
            "-s.id",
            "services_configurationitem c JOIN services_service s ON s.id = c.service_id",
            "c.id = w.id AND s.stage <> 'retired'",
        ),
        (
            "-s.id",
            "services_configurationitem_further_services f JOIN services_service s ON s.id = f.service_id",
            "f.configurationitem_id = w.id AND s.stage <> 'retired'",
        ),
        (
            "-s.id",
            "services_servicedependency d JOIN services_service s ON s.id = d.service_id",
            "d.needs_id = -w.id AND s.stage <> 'retired'",
        ),
    ),
    Direction.NEEDS: (
        (
            "r.target_id",
            "services_relation r JOIN services_configurationitem c ON c.id = r.target_id",
            "r.source_id = w.id AND r.type_id = ANY(%(to_source)s) AND c.is_active",
        ),
        (
            "r.source_id",
            "services_relation r JOIN services_configurationitem c ON c.id = r.source_id",
            "r.target_id = w.id AND r.type_id = ANY(%(to_target)s) AND c.is_active",
        ),
        (
            "-s.id",
            "services_servicedependency d JOIN services_service s ON s.id = d.needs_id",
            "d.service_id = -w.id AND s.stage <> 'retired'",
        ),
        ("c.id", "services_configurationitem c", "c.service_id = -w.id AND c.is_active"),
        (
            "c.id",
            "services_configurationitem_further_services f"
            " JOIN services_configurationitem c ON c.id = f.configurationitem_id",
            "f.service_id = -w.id AND c.is_active",
        ),
    ),
}
# OFFSET 0 keeps the planner from turning the lateral part into a hash join, which would read every relation at each
# step; so each step costs a few index look-ups a node. The LIMIT outside stops the recursion itself: PostgreSQL makes
# only as many rows as are asked for, and makes the nearest first.
WALK = """
    WITH RECURSIVE walk (id, depth) AS (
        SELECT unnest(%(start)s::bigint[]), 0
        UNION
        SELECT n.id, w.depth + 1 FROM walk w CROSS JOIN LATERAL (
            {steps} OFFSET 0
        ) n (id) WHERE w.depth < %(depth)s
    )
    SELECT id, depth FROM walk LIMIT %(rows)s
"""


def types_by_way() -> dict[str, list[int]]:
    """Keys of the relation types along which a failure travels to the source, and to the target."""
    ways = dict(RelationType.objects.exclude(impact=ImpactWay.NONE).values_list("pk", "impact"))
    return {
        "to_source": [key for key, way in ways.items() if way in (ImpactWay.TO_SOURCE, ImpactWay.BOTH)],
        "to_target": [key for key, way in ways.items() if way in (ImpactWay.TO_TARGET, ImpactWay.BOTH)],
    }


def walk(start: Iterable[int], direction: Direction, *, depth: int = 3, most: int = MOST_HITS) -> Walk:
    """
    Follow impact from the start, step by step. Circles end where they meet what was found before.

    :param start: keys, as above; several for a change of several items.
    :param depth: steps, 1 to `DEEPEST`.
    :param most: rows read at most; a node on a circle may take one for each round.
    """
    depth = max(1, min(depth, DEEPEST))
    said: dict[str, Any] = {"start": list(start), "depth": depth, "rows": most + 1, **types_by_way()}
    with connection.cursor() as cursor:
        steps = " UNION ALL ".join(f"SELECT {key} FROM {tables} WHERE {held}" for key, tables, held in STEPS[direction])  # noqa: S608 - our own words
        cursor.execute(WALK.format(steps=steps), said)
        rows = cursor.fetchall()
    depths: dict[int, int] = {}
    for key, steps in rows[:most]:
        # Nearest first, so the first mention of a node is its distance.
        depths.setdefault(key, steps)
    return Walk(direction, depth, depths, is_cut=len(rows) > most)
