"""The wheel as a drawing: where the seven steps stand, and the way of the pointer between them."""

import math
from dataclasses import dataclass
from typing import Any

from ..models import Stride
from .wheel import StepState, Wheel

CENTER = 120
RADIUS = 88
NODE = 19


@dataclass(frozen=True)
class Node:
    """One step in the drawing, in units of its 240 × 240 box."""

    state: StepState
    x: float
    y: float

    @property
    def tone(self) -> str:
        if self.state.is_skipped:
            return "skipped"
        return "complete" if self.state.is_complete else "open"


@dataclass(frozen=True)
class Path:
    """One stride as a curve; those of later loops bend further to the middle."""

    d: str
    is_back: bool
    loop: int


@dataclass(frozen=True)
class Drawing:
    nodes: list[Node]
    paths: list[Path]
    size: int = 2 * CENTER
    radius: int = RADIUS
    center: int = CENTER
    node: int = NODE


def _place(step: int, radius: float = RADIUS) -> tuple[float, float]:
    angle = math.radians(-90 + (step - 1) * 360 / 7)
    return round(CENTER + radius * math.cos(angle), 1), round(CENTER + radius * math.sin(angle), 1)


def _path(stride: Stride) -> Path:
    (x1, y1), (x2, y2) = _place(stride.step_from), _place(stride.step_to)
    # From the middle of both towards the center, the further the later the loop.
    pull = min(0.85, 0.25 + 0.15 * (stride.loop - 1))
    cx, cy = ((x1 + x2) / 2, (y1 + y2) / 2)
    cx, cy = round(cx + (CENTER - cx) * pull, 1), round(cy + (CENTER - cy) * pull, 1)
    return Path(f"M{x1} {y1} Q{cx} {cy} {x2} {y2}", stride.is_back, stride.loop)


def drawn(wheel: Wheel) -> Drawing:
    """The drawing of a wheel; the last 60 strides at most."""
    nodes = [Node(state, *_place(state.number)) for state in wheel.steps]
    strides: list[Any] = [each for each in wheel.strides if each.step_from != each.step_to]
    return Drawing(nodes, [_path(each) for each in strides[-60:]])
