"""Where the bones of an Ishikawa diagram lie. The outline beside it says the same in words."""

from dataclasses import dataclass
from typing import Any

from .queries.tree import Node

WIDTH, SPINE_X, HEAD = 960, 24, 200
BONE, ROW, TOP = 30, 20, 30
SHOWN, LONGEST, LETTER = 5, 40, 6.8


@dataclass(frozen=True)
class Twig:
    """A cause on a bone."""

    x: float
    y: float
    text: str
    full: str
    is_disproved: bool
    is_root: bool


@dataclass(frozen=True)
class Bone:
    """A group of causes, from its head at (x, y) to the spine at (to_x, to_y)."""

    label: Any
    x: float
    y: float
    label_y: float
    to_x: float
    to_y: float
    twigs: list[Twig]
    more: int


@dataclass(frozen=True)
class Fishbone:
    width: int
    height: int
    spine_y: float
    spine_to: float
    head_x: float
    title: str
    bones: list[Bone]


def draw(title: str, groups: list[tuple[Any, list[Node]]]) -> Fishbone | None:
    """The diagram of these groups; None when there are none. Groups alternate above and below the spine."""
    if not groups:
        return None
    pairs = (len(groups) + 1) // 2
    rows = min(SHOWN, max(len(nodes) for _label, nodes in groups))
    reach = TOP + rows * ROW + BONE
    spine_y = float(reach)
    step = (WIDTH - HEAD - SPINE_X) / pairs
    # Left of a bone there is room up to the one before it; the first one has the least.
    longest = min(LONGEST, int(step * 0.7 / LETTER))
    bones = []
    for number, (label, nodes) in enumerate(groups):
        is_above = number % 2 == 0
        to_x = SPINE_X + step * (number // 2 + 1) - 12
        x = to_x - step * 0.3
        y = TOP if is_above else 2 * reach - TOP
        shown = nodes[:SHOWN]
        twigs = []
        for row, node in enumerate(shown):
            place = TOP + 22 + row * ROW
            twig_y = place if is_above else 2 * reach - place + 8
            share = (place - TOP) / (reach - TOP)
            twigs.append(
                Twig(
                    x=round(x + (to_x - x) * share - 8, 1),
                    y=twig_y,
                    text=_short(node.cause.text, longest - 4 * node.cause.is_root),
                    full=node.cause.text,
                    is_disproved=node.cause.is_disproved,
                    is_root=node.cause.is_root,
                )
            )
        bones.append(
            Bone(
                label=label,
                x=round(x, 1),
                y=y,
                label_y=y - 10 if is_above else y + 20,
                to_x=round(to_x, 1),
                to_y=spine_y,
                twigs=twigs,
                more=len(nodes) - len(shown),
            )
        )
    return Fishbone(
        width=WIDTH,
        height=2 * reach + 4,
        spine_y=spine_y,
        spine_to=WIDTH - HEAD + 4,
        head_x=WIDTH - HEAD + 8,
        title=_short(title, 22),
        bones=bones,
    )


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
