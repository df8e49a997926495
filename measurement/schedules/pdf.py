"""
A report on paper: what stands in it is drawn as data, with the fonts that come with a package; nothing is parsed, no
address is followed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pymupdf_fonts
from django.utils.translation import gettext as _
from fpdf import FPDF, FontFace
from fpdf.enums import TableCellFillMode, XPos, YPos

from .content import Report, Section

FONT, FACES = "FiraGO", {"": "figo", "B": "figbo"}
INK, MUTED, RULE, PAPER = (24, 33, 43), (74, 85, 99), (211, 218, 226), (255, 255, 255)
COLORS = ((12, 70, 140), (215, 97, 8), (46, 154, 130), (119, 41, 22), (120, 104, 182))
BODY, SMALL, SECTION, TITLE = 9.5, 8.0, 12.5, 20.0
HEIGHT = 45.0
MOST_ROWS = 60
LONGEST_CELL = 200


class Paper(FPDF):
    """A4 with the title at the head of each page and its number below."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self.report = report
        self.set_margins(18, 18)
        self.set_auto_page_break(True, margin=18)
        with TemporaryDirectory() as folder:  # fonts come as bytes and are taken as files
            for style, name in FACES.items():
                file = Path(folder) / f"{name}.ttf"
                file.write_bytes(pymupdf_fonts.fontbuffers[name]())
                self.add_font(FONT, style, fname=file)
        self.set_font(FONT, size=BODY)
        self.set_title(report.title)
        self.set_creator("Steward")
        self.alias_nb_pages()

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        self.cell(self.epw * 0.8, 5, f"{self.report.title} · {self.report.subtitle}"[:110])
        number = _("Page %(number)s of %(count)s") % {"number": self.page_no(), "count": "{nb}"}
        self.cell(self.epw * 0.2, 5, number, align="R")

    def say(self, text: str, *, size: float = BODY, style: str = "", is_muted: bool = False) -> None:
        self.set_font(FONT, style, size)
        self.set_text_color(*(MUTED if is_muted else INK))
        self.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(0.8)

    def rows(self, head: list[str], rows: list[list[Any]]) -> None:
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.set_fill_color(*PAPER)
        with self.table(
            borders_layout="HORIZONTAL_LINES", cell_fill_mode=TableCellFillMode.NONE, markdown=False,
            headings_style=FontFace(emphasis="BOLD", color=MUTED, size_pt=SMALL), line_height=4.4, padding=(0.6, 1),
        ) as table:  # fmt: skip
            for row in [head, *rows[:MOST_ROWS]]:
                table.row([str(each)[:LONGEST_CELL] for each in row])
        if len(rows) > MOST_ROWS:
            self.say(_("%(count)s more rows stand on the page.") % {"count": len(rows) - MOST_ROWS}, is_muted=True)
        self.ln(1)

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

        self.set_font(FONT, size=7.5)
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
            before: tuple[float, float] | None = None
            for at, value in enumerate(values[: len(section.labels)]):
                here = None if value is None else (left + at * step, y(value))
                if here and before:
                    self.line(*before, *here)
                elif here:
                    self.circle(here[0], here[1], 0.4, style="F")
                before = here
        self.set_y(top + HEIGHT + 1)
        self.say(f"{section.labels[0]} – {section.labels[-1]}", size=7.5, is_muted=True)
        self._keys([name for name, _values in section.lines])

    def _keys(self, names: list[str]) -> None:
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        for number, name in enumerate(names if len(names) > 1 else []):
            self.set_fill_color(*COLORS[number % len(COLORS)])
            self.rect(self.get_x(), self.get_y() + 1.2, 2.4, 2.4, style="F")
            self.set_x(self.get_x() + 3.4)
            self.cell(self.get_string_width(name[:40]) + 5, 5, name[:40])
        self.ln(6)


def as_pdf(report: Report, *, whose: str) -> bytes:
    """:param whose: by whose rights the numbers are."""
    paper = Paper(report)
    paper.add_page()
    paper.say(report.title, size=TITLE, style="B")
    paper.say(report.subtitle, is_muted=True)
    paper.say(_("The numbers are those that %(name)s may see.") % {"name": whose}, is_muted=True)
    for section in report.sections:
        if paper.will_page_break(28):
            paper.add_page()
        paper.ln(4)
        paper.start_section(section.title)
        paper.say(section.title, size=SECTION, style="B")
        for fact in section.facts:
            paper.say(fact)
        paper.lines(section)
        if section.rows:
            paper.rows(section.head, section.rows)
    if not report.sections:
        paper.say(_("No tiles yet."), is_muted=True)
    return bytes(paper.output())
