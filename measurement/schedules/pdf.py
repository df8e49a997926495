"""A report on paper: titles, facts, lines and tables."""

import re
from typing import Literal

from django.utils.translation import gettext as _

from common import paper
from common.paper import FONT, MUTED, RULE, TINY, TITLE

from .report import Report, Section

COLORS = ((12, 70, 140), (215, 97, 8), (46, 154, 130), (119, 41, 22), (120, 104, 182))
# Solid, dashed, dotted and so on, as on pages: paper may know no colors. Length of a stroke and of the gap, in mm.
DASHES = ((0, 0), (2.4, 1.2), (0.5, 0.9), (4, 1), (1.2, 0.6))
HEIGHT = 45.0
WIDE_FROM = 7  # columns: such a table lies across the paper
MOST_COLUMNS = 13  # beside the names of the rows; more stand below them in a table of their own
NAMES, NUMBERS = 3, 1  # widths
NUMBER = re.compile(r"[-−+]?\d|n/a$|–?$")
LONGEST_CELL = 200
LONGEST_FOOT = 110
LONGEST_NAME = 40


class Paper(paper.Paper):
    """A4 with the title at the foot of each page."""

    def first_rows(self, section: Section) -> None:
        """The table, so far as it is bearable on paper."""
        table = [
            [str(each)[:LONGEST_CELL] for each in row] for row in [section.head, *section.rows[: section.most_rows]]
        ]
        if len(section.head) < WIDE_FROM:
            self.rows(table[0], table[1:], aligns=_aligns(table[1:], len(section.head)))
        for first in range(1, len(section.head) if len(section.head) >= WIDE_FROM else 0, MOST_COLUMNS):
            part = [[row[0], *row[first : first + MOST_COLUMNS]] for row in table]
            numbers = len(part[0]) - 1
            self.rows(part[0], part[1:], widths=[NAMES, *[NUMBERS] * numbers], aligns="L" + "R" * numbers)
        if len(section.rows) > section.most_rows:
            left = len(section.rows) - section.most_rows
            self.text_line(_("%(count)s more rows stand on the page.") % {"count": left}, is_muted=True)

    def lines(self, section: Section) -> None:
        """Each series as a line; what the points are stands in the table."""
        known = [value for _name, values in section.lines for value in values if value is not None]
        if not known or len(section.labels) < 2:
            return
        if self.will_page_break(HEIGHT + 12):
            self.add_page()
        low, high = min(0.0, *known), max(known)
        spread = (high - low) or 1.0
        left, top, width = self.l_margin + 12, self.get_y() + 2, self.epw - 12

        def y(value: float) -> float:
            return top + HEIGHT - (value - low) / spread * HEIGHT

        self.set_font(FONT, size=TINY)
        self.set_text_color(*MUTED)
        for level in (low, (low + high) / 2, high):
            self.set_draw_color(*RULE)
            self.set_line_width(0.2)
            self.line(left, y(level), left + width, y(level))
            self.text(self.l_margin, y(level) + 1, f"{level:.4g}")
        step = width / (len(section.labels) - 1)
        for number, (_name, values) in enumerate(section.lines):
            self.set_draw_color(*COLORS[number % len(COLORS)])
            self.set_fill_color(*COLORS[number % len(COLORS)])
            self.set_line_width(0.5)
            self.set_dash_pattern(*DASHES[number % len(DASHES)])
            before: tuple[float, float] | None = None
            for at, value in enumerate(values[: len(section.labels)]):
                here = None if value is None else (left + at * step, y(value))
                if here and before:
                    self.line(*before, *here)
                elif here:
                    self.circle(here[0], here[1], 0.4, style="F")
                before = here
        self.set_dash_pattern()
        below, (first, last) = top + HEIGHT + 4, (str(section.labels[0]), str(section.labels[-1]))
        self.text(left, below, first)
        self.text(left + width - self.get_string_width(last), below, last)
        self.set_y(below + 2)
        if len(section.lines) > 1:
            several = list(enumerate(name[:LONGEST_NAME] for name, _values in section.lines))
            self.keys(
                [(COLORS[number % len(COLORS)], name) for number, name in several],
                [DASHES[number % len(DASHES)] for number, _name in several],
            )


def _aligns(rows: list[list[str]], columns: int) -> str:
    """Numbers stand below each other by their last digit. The first column is what a row is about."""
    return "L" + "".join(
        "R" if all(NUMBER.match(row[each]) for row in rows if each < len(row)) else "L" for each in range(1, columns)
    )


def _lies(section: Section) -> Literal["portrait", "landscape"]:
    return "landscape" if len(section.head) >= WIDE_FROM else "portrait"


def as_pdf(report: Report, *, whose: str) -> bytes:
    """:param whose: by whose rights the numbers are."""
    paper = Paper(report.title, foot=f"{report.title} · {report.subtitle}"[:LONGEST_FOOT])
    paper.add_page(orientation=_lies(report.sections[0]) if report.sections else "portrait")
    paper.text_line(report.title, size=TITLE, style="B")
    paper.text_line(report.subtitle, is_muted=True)
    paper.text_line(_("The numbers are those that %(name)s may see.") % {"name": whose}, is_muted=True)
    for section in report.sections:
        if (paper.w > paper.h) != (_lies(section) == "landscape"):
            paper.add_page(orientation=_lies(section))
        paper.section(section.title)
        for fact in section.facts:
            paper.text_line(fact)
        paper.lines(section)
        if section.rows:
            paper.first_rows(section)
    if not report.sections:
        paper.text_line(_("No tiles yet."), is_muted=True)
    return bytes(paper.output())
