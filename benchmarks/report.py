"""Figures beside their floor and their target: a table for people, a JSON file for comparing runs."""

import json
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .timing import Sample

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass
class Figure:
    """
    One measured scenario.

    :param unit: `ms` (less is better) or a rate such as `/s` (more is better).
    :param value: the median, or the rate. :param statements: those of one request.
    :param bare_sql: the same work as bare SQL, :param bare_view: as a bare Django view; both in `unit`.
    :param target: None where none was set. :param p95_target: likewise, in milliseconds.
    :param ratio_target: how many times slower than the bare view (without one, than bare SQL) it may be: this holds
        on a slow or busy machine as well.
    """

    name: str
    value: float
    unit: str = "ms"
    p95: float | None = None
    cpu_ms: float | None = None
    statements: int | None = None
    bare_sql: float | None = None
    bare_view: float | None = None
    target: float | None = None
    p95_target: float | None = None
    statements_target: int | None = None
    ratio_target: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether every target of the figure is held; None without any."""
        held = []
        if self.target is not None:
            held.append(self.value <= self.target if self.unit in ("ms", "MB") else self.value >= self.target)
        if self.p95_target is not None and self.p95 is not None:
            held.append(self.p95 <= self.p95_target)
        if self.statements_target is not None:
            held.append(self.is_within_statements)
        return all(held) if held else None

    @property
    def is_within_statements(self) -> bool:
        """Whether no more is asked of the database than the target says; no machine is an excuse for that."""
        return None in (self.statements, self.statements_target) or self.statements <= self.statements_target

    @property
    def verdict(self) -> str:
        """In one word or two."""
        if self.is_met is not False:
            return "met" if self.is_met else ""
        ratio = self.ratio_to(self.bare_view or self.bare_sql)
        is_met_by_ratio = ratio is not None and self.ratio_target is not None and ratio <= self.ratio_target
        return "met by ratio" if is_met_by_ratio and self.is_within_statements else "MISSED"

    def ratio_to(self, floor: float | None) -> float | None:
        """How many times slower than the floor."""
        if not floor or not self.value:
            return None
        return self.value / floor if self.unit == "ms" else floor / self.value


def timed(name: str, sample: Sample, **more: Any) -> Figure:
    """Make a figure of a sample of times."""
    return Figure(name, sample.p50, p95=sample.p95, cpu_ms=sample.cpu_ms, **more)


HEADS = ("scenario", "p50 / rate", "p95", "CPU ms", "SQL", "bare SQL", "x", "bare view", "x", "target", "")


def table(figures: list[Figure]) -> str:
    rows = [HEADS, *(_cells(each) for each in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
    lines = [
        "  ".join(row[at].ljust(width) if at == 0 else row[at].rjust(width) for at, width in enumerate(widths))
        for row in rows
    ]  # fmt: skip
    lines.insert(1, "  ".join("-" * width for width in widths))
    lines += [f"  {each.name}: {each.note}" for each in figures if each.note]
    return "\n".join(lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    unit = "" if figure.unit == "ms" else f" {figure.unit}"
    wanted = [] if figure.target is None else [f"{_number(figure.target)}{unit}"]
    wanted += [] if figure.p95_target is None else [f"p95 {_number(figure.p95_target)}"]
    wanted += [] if figure.statements_target is None else [f"{figure.statements_target} SQL"]
    wanted += [] if figure.ratio_target is None else [f"x{figure.ratio_target}"]
    return (
        figure.name,
        f"{_number(figure.value)}{unit}",
        _number(figure.p95),
        _number(figure.cpu_ms),
        "" if figure.statements is None else str(figure.statements),
        _number(figure.bare_sql),
        _number(figure.ratio_to(figure.bare_sql)),
        _number(figure.bare_view),
        _number(figure.ratio_to(figure.bare_view)),
        ", ".join(wanted),
        figure.verdict,
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def as_document(figures: list[Figure], offenders: list[dict[str, str]], *, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "facts": facts | {"python": sys.version.split()[0], "machine": platform.machine()},
        "figures": [asdict(each) | {"is_met": each.is_met, "verdict": each.verdict} for each in figures],
        "sequential_scans": offenders,
    }


def write(document: dict[str, Any], *, at: datetime, path: Path | None = None) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = path or RESULTS / f"{at:%Y-%m-%dT%H%M%S}-{document['facts']['records']}.json"
    path.write_text(json.dumps(document, indent=1, default=str))
    return path


def growth(smaller: dict[str, Any], larger: dict[str, Any]) -> str:
    """How each figure grew with the number of records: 1.3x at most is the target."""
    before = {each["name"]: each for each in smaller["figures"]}
    lines = [f"Growth from {smaller['facts']['records']:,} to {larger['facts']['records']:,} records (target 1.3x)"]
    for each in larger["figures"]:
        old = before.get(each["name"])
        if old is None or not old["value"] or each["unit"] == "MB" or not each["value"]:
            continue
        times = each["value"] / old["value"] if each["unit"] == "ms" else old["value"] / each["value"]
        lines.append(f"  {each['name']:44} {times:6.2f}x")
    return "\n".join(lines)
