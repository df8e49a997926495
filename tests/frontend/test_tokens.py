"""Contrast of every color on every background it may stand on, computed from the tokens the pages use."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "frontend" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLORS = {name: {"light": light, "dark": dark} for name, light, dark in PAIR.findall(TOKENS.read_text())}

PLAIN = ["canvas", "surface", "sunken", "selected"]
MEANINGS = ["ok", "warn", "risk", "bad", "plan"]


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXTS = [
    *[("text", background) for background in [*PLAIN, *(f"{m}-tint" for m in MEANINGS)]],
    *[(text, background) for text in ("muted", "accent", "accent-strong") for background in PLAIN],
    *[(meaning, f"{meaning}-tint") for meaning in MEANINGS],
    *[(meaning, background) for meaning in MEANINGS for background in ("canvas", "surface")],
    *[("on-accent", background) for background in ("accent", "accent-strong", "bad", "warn")],
    *[("text", f"seq-{step}") for step in (1, 2, 3)],
    *[("on-accent", f"seq-{step}") for step in (4, 5)],
]
MARKS = [
    *[("control", background) for background in ("canvas", "surface")],
    *[(f"viz-{mark}", background) for mark in ("ok", "risk", "bad") for background in ("canvas", "surface")],
    *[(f"cat-{series}", background) for series in range(1, 6) for background in ("canvas", "surface")],
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXTS)
def test_text_reads_on_its_background(theme: str, ink: str, paper: str) -> None:
    assert contrast(COLORS[ink][theme], COLORS[paper][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "paper"), MARKS)
def test_controls_and_chart_marks_stand_out(theme: str, mark: str, paper: str) -> None:
    assert contrast(COLORS[mark][theme], COLORS[paper][theme]) >= 3.0


def test_black_on_white_has_the_known_ratio() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
