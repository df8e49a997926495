"""The tree of causes with everything that hangs on it, read with four statements however large it is."""

from dataclasses import dataclass, field
from typing import Any

from records.models import Record

from ..enums import CauseGroup
from ..models import Cause, CauseEvidence


@dataclass
class Node:
    """A cause with what speaks for it, what is done about it, and what explains it."""

    cause: Cause
    depth: int
    evidence: list[CauseEvidence] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False


def tree_of(problem: Any, viewer: Any) -> list[Node]:
    """The top causes in order. Evidence that the viewer may not see is left out."""
    causes = list(
        Cause.objects.filter(problem=problem).select_related("disproved_by").prefetch_related("actions__assignee")
    )
    seen = Record.objects.visible_to(viewer).filter(
        pk__in=CauseEvidence.objects.filter(cause__problem=problem).values("record")
    )
    rows = CauseEvidence.objects.filter(cause__problem=problem, record__in=seen).select_related("record")
    nodes = {cause.pk: Node(cause, 0, actions=list(cause.actions.all())) for cause in causes}
    for row in rows:
        nodes[row.cause_id].evidence.append(row)
    tops: list[Node] = []
    for cause in causes:
        siblings = nodes[cause.parent_id].children if cause.parent_id in nodes else tops
        siblings.append(nodes[cause.pk])
    _finish(tops, 1)
    return tops


def _finish(siblings: list[Node], depth: int) -> None:
    for number, node in enumerate(siblings):
        node.depth = depth
        node.is_first, node.is_last = number == 0, number == len(siblings) - 1
        _finish(node.children, depth + 1)


def by_group(tops: list[Node]) -> list[tuple[Any, list[Node]]]:
    """The causes that have a group, by it, for the fishbone; the groups that hold any, in order."""
    found: dict[str, list[Node]] = {value: [] for value in CauseGroup.values}
    left = list(reversed(tops))
    while left:
        node = left.pop()
        left += reversed(node.children)
        if node.cause.group:
            found[node.cause.group].append(node)
    return [(CauseGroup(value).label, nodes) for value, nodes in found.items() if nodes]
