"""The walk as a tree: each node once, below the one that it was reached through first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.impact import Edge


@dataclass
class Branch:
    """
    One node of the tree.

    :param depth: steps from the start. :param parent: None for the start, and where the way leads through something
        that the reader may not see. :param label: what connects it with its parent, read from itself.
    :param also: further nodes that lead to it; :param loops: nodes it leads back to, closing a circle.
    """

    key: int
    depth: int
    parent: int | None = None
    label: str = ""
    children: list[int] = field(default_factory=list)
    also: list[int] = field(default_factory=list)
    loops: list[int] = field(default_factory=list)


def tree_of(depths: Mapping[int, int], edges: Iterable[Edge]) -> dict[int, Branch]:
    """
    Hang every node below the first one that leads to it from one step nearer, in the order of `depths`.

    An edge that leads back to a node at its own or a smaller distance is a loop if the way from there leads here.
    """
    branches = {key: Branch(key, depth) for key, depth in depths.items()}
    leading: dict[int, list[Edge]] = {}
    following: dict[int, list[int]] = {}
    for edge in edges:
        leading.setdefault(edge.head, []).append(edge)
        following.setdefault(edge.tail, []).append(edge.head)
    circles = circles_of(branches, following)
    for branch in branches.values():
        for edge in leading.get(branch.key, []):
            tail = branches[edge.tail]
            if branch.parent is None and tail.depth == branch.depth - 1:
                branch.parent, branch.label = tail.key, edge.label
                tail.children.append(branch.key)
            elif tail.depth >= branch.depth and circles[tail.key] == circles[branch.key]:
                if branch.key not in tail.loops:
                    tail.loops.append(branch.key)
            elif tail.key != branch.parent and tail.key not in branch.also:
                branch.also.append(tail.key)
    return branches


def in_order(branches: Mapping[int, Branch]) -> list[Branch]:
    """Every node after its parent and before its parent's next child."""
    found: list[Branch] = []
    waiting = [branch.key for branch in branches.values() if branch.parent is None][::-1]
    while waiting:
        branch = branches[waiting.pop()]
        found.append(branch)
        waiting.extend(reversed(branch.children))
    return found


def circles_of(keys: Iterable[int], following: Mapping[int, list[int]]) -> dict[int, int]:
    """
    Give each node the name of its circle: two nodes with the same one lead to each other (Tarjan, without recursion).
    """
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    circle: dict[int, int] = {}
    stack: list[int] = []
    for root in keys:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack.append(root)
        work = [(root, iter(following.get(root, ())))]
        while work:
            key, heads = work[-1]
            head = next(heads, None)
            if head is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[key])
                if low[key] == order[key]:
                    while True:
                        member = stack.pop()
                        circle[member] = key
                        if member == key:
                            break
            elif head not in order:
                order[head] = low[head] = len(order)
                stack.append(head)
                work.append((head, iter(following.get(head, ()))))
            elif head not in circle:
                low[key] = min(low[key], order[head])
    return circle
