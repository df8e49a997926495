"""
The walk as a drawing: a column for each step, nodes as links, edges as curves. Plain numbers for one SVG template.

At most 60 nodes. More than five of one type below the same node are drawn as one, which a click opens.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

from .tree import Branch

MOST_NODES = 60
SIBLINGS_APART = 5
WIDTH, HEIGHT, GAP_ACROSS, GAP_DOWN, MARGIN = 184, 46, 76, 12, 12


@dataclass
class Box:
    """
    A node of the drawing, or several of one type.

    :param name: for the address of edges and for opening a group: its key, or `parent.type`.
    :param keys: of the nodes that it stands for.
    """

    name: str
    keys: list[int]
    column: int
    is_group: bool = False
    x: int = 0
    y: int = 0

    @property
    def text_x(self) -> int:
        return self.x + 30

    @property
    def name_y(self) -> int:
        return self.y + 19

    @property
    def detail_y(self) -> int:
        return self.y + 36

    @property
    def icon_x(self) -> int:
        return self.x + 9

    @property
    def icon_y(self) -> int:
        return self.y + 15


@dataclass(frozen=True)
class Line:
    """An edge as a path. `is_loop` closes a circle; `is_critical` leads to the most critical service."""

    tail: str
    head: str
    path: str
    label: str
    is_loop: bool
    is_critical: bool
    mark_x: int
    mark_y: int


@dataclass
class Drawing:
    """:param left_out: nodes beyond the 60, which only the list shows."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    width: int = 0
    height: int = 0
    left_out: int = 0


def draw(
    branches: Mapping[int, Branch],
    *,
    type_of: Callable[[int], str],
    opened: Set[str] = frozenset(),
    critical: Set[int] = frozenset(),
) -> Drawing:
    """
    Lay the tree out.

    :param type_of: a word for the type of a node, the same for all that may be grouped.
    :param opened: names of groups to be drawn node by node.
    :param critical: keys on the critical path.
    """
    boxes, left_out = _boxes(branches, type_of, opened)
    by_key = {key: box for box in boxes for key in box.keys}
    columns: dict[int, list[Box]] = {}
    for box in boxes:
        columns.setdefault(box.column, []).append(box)
    tallest = max(len(column) for column in columns.values())
    height = MARGIN * 2 + tallest * (HEIGHT + GAP_DOWN) - GAP_DOWN
    for number, column in columns.items():
        top = (height - len(column) * (HEIGHT + GAP_DOWN) + GAP_DOWN) // 2
        for place, box in enumerate(column):
            box.x = MARGIN + number * (WIDTH + GAP_ACROSS)
            box.y = top + place * (HEIGHT + GAP_DOWN)
    return Drawing(
        boxes=boxes,
        lines=list(_lines(branches, by_key, critical)),
        width=MARGIN * 2 + (max(columns) + 1) * (WIDTH + GAP_ACROSS),
        height=height,
        left_out=left_out,
    )


def _boxes(branches: Mapping[int, Branch], type_of: Callable[[int], str], opened: Set[str]) -> tuple[list[Box], int]:
    """Boxes column by column, children in the order of their parents; and how many nodes found no place."""
    boxes: list[Box] = []
    drawn: set[int] = set()
    level = [branch.key for branch in branches.values() if branch.parent is None]
    roots = [("", [key]) for key in level]
    waiting = roots
    left_out = 0
    while waiting:
        following: list[tuple[str, list[int]]] = []
        for name, keys in waiting:
            if len(boxes) >= MOST_NODES:
                left_out += sum(_size(branches, key) for key in keys)
                continue
            box = Box(name or str(keys[0]), keys, branches[keys[0]].depth, is_group=bool(name))
            boxes.append(box)
            drawn |= set(keys)
            if box.is_group:
                # What hangs below a group shows once the group is opened.
                left_out += sum(_size(branches, key) - 1 for key in keys)
                continue
            following += _families(branches[keys[0]], type_of, opened)
        waiting = following
    return boxes, left_out


def _families(branch: Branch, type_of: Callable[[int], str], opened: Set[str]) -> Iterable[tuple[str, list[int]]]:
    """The children one by one, or together where more than five are of one type. A name marks a group."""
    by_type: dict[str, list[int]] = {}
    for child in branch.children:
        by_type.setdefault(type_of(child), []).append(child)
    for kind, children in by_type.items():
        name = f"{branch.key}.{kind}"
        if len(children) > SIBLINGS_APART and name not in opened:
            yield name, children
        else:
            yield from (("", [child]) for child in children)


def _size(branches: Mapping[int, Branch], key: int) -> int:
    count, waiting = 0, [key]
    while waiting:
        branch = branches[waiting.pop()]
        count += 1
        waiting.extend(branch.children)
    return count


def _lines(branches: Mapping[int, Branch], by_key: Mapping[int, Box], critical: Set[int]) -> Iterable[Line]:
    drawn: set[tuple[str, str]] = set()
    for branch in branches.values():
        head = by_key.get(branch.key)
        if head is None:
            continue
        tails = [branch.parent] if branch.parent is not None else []
        for key in [*tails, *branch.also]:
            tail = by_key.get(key)
            if tail is None or tail is head or (tail.name, head.name) in drawn:
                continue
            drawn.add((tail.name, head.name))
            is_critical = key in critical and branch.key in critical and key == branch.parent
            label = branch.label if key == branch.parent else ""
            yield _line(tail, head, label, is_loop=False, is_critical=is_critical)
        for key in branch.loops:
            back = by_key.get(key)
            if back is not None and back is not head and (head.name, back.name) not in drawn:
                drawn.add((head.name, back.name))
                yield _line(head, back, "", is_loop=True, is_critical=False)


def _line(tail: Box, head: Box, label: str, *, is_loop: bool, is_critical: bool) -> Line:
    """A curve from the right of one to the left of the other; a loop goes back along the right-hand sides."""
    from_x, from_y = tail.x + WIDTH, tail.y + HEIGHT // 2
    if is_loop or head.column <= tail.column:
        to_x, to_y = head.x + WIDTH, head.y + HEIGHT // 2 + 8
        bend = max(from_x, to_x) + GAP_ACROSS // 2
        path = f"M{from_x} {from_y - 8}C{bend} {from_y - 8} {bend} {to_y} {to_x} {to_y}"
        # Beside the arrow: the middle of a long way back lies behind other nodes.
        mark_x, mark_y = to_x + 12, to_y + 4
    else:
        to_x, to_y = head.x, head.y + HEIGHT // 2
        half = (to_x - from_x) // 2
        path = f"M{from_x} {from_y}C{from_x + half} {from_y} {to_x - half} {to_y} {to_x} {to_y}"
        mark_x, mark_y = from_x + half, (from_y + to_y) // 2
    return Line(tail.name, head.name, path, label, is_loop, is_critical, mark_x, mark_y)


def way_to(branches: Mapping[int, Branch], key: int) -> set[int]:
    """Keys from the start to this node."""
    found: set[int] = set()
    step: int | None = key
    while step is not None and step not in found:
        found.add(step)
        step = branches[step].parent
    return found
