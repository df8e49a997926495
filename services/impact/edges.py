"""The edges among nodes that a walk found: what connects them, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from ..models import ImpactWay, RelationType
from .walking import Direction, types_by_way

MOST_EDGES = 20_000
# Read as: when `failing` fails, `hit` is hit.
EDGES = """
    SELECT r.target_id AS failing, r.source_id AS hit, r.type_id FROM services_relation r
        WHERE r.target_id = ANY(%(items)s) AND r.source_id = ANY(%(items)s) AND r.type_id = ANY(%(to_source)s)
    UNION ALL
    SELECT r.source_id, r.target_id, -r.type_id FROM services_relation r
        WHERE r.source_id = ANY(%(items)s) AND r.target_id = ANY(%(items)s) AND r.type_id = ANY(%(to_target)s)
    UNION ALL
    SELECT c.id, -c.service_id, 0 FROM services_configurationitem c
        WHERE c.id = ANY(%(items)s) AND c.service_id = ANY(%(services)s)
    UNION ALL
    SELECT f.configurationitem_id, -f.service_id, 0 FROM services_configurationitem_further_services f
        WHERE f.configurationitem_id = ANY(%(items)s) AND f.service_id = ANY(%(services)s)
    UNION ALL
    SELECT -d.needs_id, -d.service_id, NULL FROM services_servicedependency d
        WHERE d.needs_id = ANY(%(services)s) AND d.service_id = ANY(%(services)s)
    ORDER BY 1, 2 LIMIT %(most)s
"""


@dataclass(frozen=True)
class Edge:
    """One step of a walk, from `tail` to `head`. `label` is read from the head: “portal-web-1 runs on esx-3”."""

    tail: int
    head: int
    label: str


def edges_between(keys: Iterable[int], direction: Direction) -> list[Edge]:
    """Every step among these nodes in the direction of the walk, several where several relations connect two."""
    known = list(keys)
    said: dict[str, Any] = {
        "items": [key for key in known if key > 0],
        "services": [-key for key in known if key < 0],
        "most": MOST_EDGES,
        **types_by_way(),
    }
    labels = _labels()
    with connection.cursor() as cursor:
        cursor.execute(EDGES, said)
        rows = cursor.fetchall()
    if direction == Direction.HIT:
        return [Edge(failing, hit, labels[kind][0]) for failing, hit, kind in rows]
    return [Edge(hit, failing, labels[kind][1]) for failing, hit, kind in rows]


def _labels() -> dict[int | None, tuple[str, str]]:
    """
    Words for an edge by its kind: read from who is hit, and from who fails.

    A type of relations by its key where its source is hit, by minus its key where its target is.
    """
    labels: dict[int | None, tuple[str, str]] = {
        0: (_("is carried by"), _("carries")),
        None: (_("needs"), _("is needed by")),
    }
    for each in RelationType.objects.exclude(impact=ImpactWay.NONE):
        labels[each.pk] = (each.label, each.reverse_label)
        labels[-each.pk] = (each.reverse_label, each.label)
    return labels
