"""
Paper: pages of A4 on which headings, text, tables and charts are laid out one below the other.

Text is drawn as it stands, with the fonts that come with a package: nothing is parsed, no address is followed.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pymupdf_fonts
from django.utils.translation import gettext as _
from fpdf import FPDF, FontFace
from fpdf.enums import TableCellFillMode, XPos, YPos

from .charts import Drawing
from .models import ServiceReport

FONT = "FiraGO"
FACES = {"": "figo", "B": "figbo"}
MARGIN = 18.0
BODY, SMALL, SECTION, TITLE = 9.5, 8.0, 12.5, 20.0
INK, MUTED, RULE, PAPER = (24, 33, 43), (74, 85, 99), (211, 218, 226), (255, 255, 255)
COLORS = {
    "first": (12, 70, 140), "second": (46, 154, 130), "bad": (134, 22, 63), "target": (215, 97, 8), "axis": RULE,
    "text": MUTED, "value": INK,
}  # fmt: skip


class Paper(FPDF):
    """A4, with the customer and month at the head of each page, and the number of the page below."""

    def __init__(self, report: ServiceReport) -> None:
        super().__init__(format="A4")
        self.report = report
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=MARGIN)
        with TemporaryDirectory() as folder:  # fonts come as bytes and are taken as files
            for style, name in FACES.items():
                file = Path(folder) / f"{name}.ttf"
                file.write_bytes(pymupdf_fonts.fontbuffers[name]())
                self.add_font(FONT, style, fname=file)
        self.set_font(FONT, size=BODY)
        self.set_title(f"{_('Service report')}: {report}")
        self.set_author(report.issued_by.name if report.issued_by else "")
        self.set_creator("Steward")
        self.set_lang("en")
        self.set_creation_date(report.issued_at or report.compiled_at)
        self.alias_nb_pages()

    def header(self) -> None:
        if self.page_no() == 1:
            return
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        self.cell(0, 5, str(self.report), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        print_ = (
            _("Fingerprint %(start)s…") % {"start": self.report.fingerprint[:16]} if self.report.fingerprint else ""
        )
        self.cell(self.epw / 2, 5, print_)
        number = _("Page %(number)s of %(count)s") % {"number": self.page_no(), "count": "{nb}"}
        self.cell(self.epw / 2, 5, number, align="R")

    def section(self, title: str) -> None:
        """A heading that is not left alone at the end of a page; it stands in the outline."""
        if self.will_page_break(28):
            self.add_page()
        self.ln(4)
        self.start_section(title)
        self.set_font(FONT, "B", SECTION)
        self.set_text_color(*INK)
        self.multi_cell(0, 7, title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def text_line(self, said: str, *, size: float = BODY, is_muted: bool = False, style: str = "") -> None:
        """A paragraph."""
        self.set_font(FONT, style, size)
        self.set_text_color(*(MUTED if is_muted else INK))
        self.multi_cell(0, size * 0.5, said, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(0.8)

    def rows(self, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int], aligns: str) -> None:
        """A table; its head, where it has one, stands again on each page. :param aligns: L or R for each column."""
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.set_fill_color(*PAPER)  # a table paints its cells with what was used last
        style = FontFace(emphasis="BOLD", color=MUTED, size_pt=SMALL)
        with self.table(
            borders_layout="HORIZONTAL_LINES", cell_fill_mode=TableCellFillMode.NONE, col_widths=tuple(widths),
            headings_style=style, line_height=4.4, padding=(0.8, 1),
            text_align=tuple({"L": "LEFT", "R": "RIGHT"}[each] for each in aligns),
            markdown=False, first_row_as_headings=bool(head),
        ) as table:  # fmt: skip
            if head:
                table.row([str(each) for each in head])
            for row in rows:
                table.row([str(each) for each in row])
        self.ln(2)

    def chart(self, title: str, drawing: Drawing, keys: Sequence[tuple[str, str]] = ()) -> None:
        """The shapes of a chart at the width of the text. :param keys: role and name of each series."""
        scale = self.epw / drawing.width
        height = drawing.height * scale
        if self.will_page_break(height + 10):
            self.add_page()
        self.text_line(title, style="B")
        self._keys(keys)
        left, top = self.l_margin, self.get_y()
        for line in drawing.lines:
            self.set_draw_color(*COLORS[line.role])
            self.set_line_width(0.5 if line.role == "target" else 0.2)
            self.line(left + line.x1 * scale, top + line.y1 * scale, left + line.x2 * scale, top + line.y2 * scale)
        for rect in drawing.rects:
            self.set_fill_color(*COLORS[rect.role])
            self.rect(left + rect.x * scale, top + rect.y * scale, rect.width * scale, rect.height * scale, style="F")
        self.set_font(FONT, size=7.5)
        for text in drawing.texts:
            self.set_text_color(*COLORS[text.role])
            shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * self.get_string_width(text.text)
            self.text(left + text.x * scale - shift, top + text.y * scale, text.text)
        self.set_line_width(0.2)
        self.set_y(top + height + 2)

    def _keys(self, keys: Sequence[tuple[str, str]]) -> None:
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        for role, name in keys:
            self.set_fill_color(*COLORS[role])
            self.rect(self.get_x(), self.get_y() + 1.2, 2.4, 2.4, style="F")
            self.set_x(self.get_x() + 3.4)
            self.cell(self.get_string_width(name) + 5, 5, name)
        if keys:
            self.ln(5)
