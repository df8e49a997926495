"""
Charts of a report as plain shapes: the page writes them as SVG, the file draws the same ones. Geometry only.

The numbers stand in a table beside each chart, so none of them is told by the drawing alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

WIDTH, HEIGHT = 420.0, 170.0
TOP, BOTTOM, START = 14.0, 148.0, 36.0
Role = Literal["first", "second", "bad", "target", "axis", "text", "value"]


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    role: Role


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    role: Role


@dataclass(frozen=True)
class Text:
    """:param anchor: start, middle or end: which point of the text stands at x."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"]
    role: Role = "text"


@dataclass
class Drawing:
    """Shapes in the order in which they are drawn."""

    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True)
class Series:
    """One value for each label; None is a gap. `bad` says which columns fell short."""

    values: Sequence[float | None]
    role: Role
    bad: Sequence[bool] = ()


def columns(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    high: float | None = None,
    target: float | None = None,
    unit: str = "",
) -> Drawing:
    """
    Draw columns beside each other for each label.

    They begin at zero, for their lengths are compared.

    :param high: value of the upper edge; the largest one when left out.
    :param target: where a line is drawn across.
    """
    known = [value for each in series for value in each.values if value is not None]
    top = high if high is not None else max([*known, 1.0])
    drawing = Drawing()

    def y(value: float) -> float:
        share = min(max(value, 0.0), top) / top
        return round(BOTTOM - share * (BOTTOM - TOP), 1)

    for value in (0.0, top / 2, top):
        drawing.lines.append(Line(START, y(value), WIDTH, y(value), "axis"))
        drawing.texts.append(Text(START - 4, y(value) + 3.5, f"{value:g}{unit}", "end"))
    slot = (WIDTH - START) / max(len(labels), 1)
    width = min(slot * 0.8 / len(series), 22)
    for number, label in enumerate(labels):
        middle = START + slot * (number + 0.5)
        drawing.texts.append(Text(round(middle, 1), HEIGHT - 6, label, "middle"))
        begin = middle - width * len(series) / 2
        for position, each in enumerate(series):
            amount = each.values[number]
            if amount is None:
                continue
            role: Role = "bad" if number < len(each.bad) and each.bad[number] else each.role
            # A value at the base line still shows that there is one.
            height = max(BOTTOM - y(amount), 1)
            x = round(begin + position * width, 1)
            drawing.rects.append(Rect(x, BOTTOM - height, round(width - 1, 1), round(height, 1), role))
    if target is not None and 0 <= target <= top:
        drawing.lines.append(Line(START, y(target), WIDTH, y(target), "target"))
    return drawing
