"""
Paper: pages of A4 on which headings, text and tables are laid out one below the other.

Text is drawn as it stands, with the fonts that come with a package: nothing is parsed, no address is followed.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pymupdf_fonts
from django.utils.translation import gettext as _
from fpdf import FPDF, FontFace
from fpdf.enums import TableCellFillMode, TextDirection, XPos, YPos
from fpdf.fonts import TTFFont

FONT = "FiraGO"
FACES = {"": "figo", "B": "figbo"}
MARGIN = 18.0
LEAST_BELOW_HEADING = 48.0  # itself, the head of a table, and a row with a name of five lines
LEAST_BELOW_PART = 32.0  # itself, the head of a table, and a row of three lines
NO_LETTER = "▯"
WIDTHS_AT_MOST, LINES_AT_MOST = 50_000, 2_000  # of each face: as many as a long table needs
# Letters that are written from right to left begin with the Hebrew ones; what turns others around stands beside them.
_TURNS = re.compile("[\u0590-\u1fff\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2c00-\U0010ffff]")
KEY_SQUARE, KEY_LINE = 2.4, 8.0
BODY, SMALL, TINY, SECTION, TITLE = 9.5, 8.0, 7.5, 12.5, 20.0
INK, MUTED, RULE, PAPER = (24, 33, 43), (74, 85, 99), (211, 218, 226), (255, 255, 255)

Found = TypeVar("Found")
Known = dict[tuple[str, float, Any], Found]


class Face(TTFFont):
    """
    A font that measures and shapes each text once.

    To break lines the beginnings of a text are measured letter by letter, once to lay a table out and again to draw it,
    and each time the letters are shaped anew: most of the time that a long table took.
    """

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self._widths: Known[tuple[int, float]] = {}
        self._lines: Known[Sequence[dict[str, Any]]] = {}

    def get_text_width(
        self, text: str, font_size_pt: float, text_shaping_params: dict[str, Any] | None
    ) -> tuple[int, float]:
        measure = super().get_text_width
        return _once(self._widths, WIDTHS_AT_MOST, measure, text, font_size_pt, text_shaping_params)

    def shape_text(
        self, text: str, font_size_pt: float, text_shaping_params: dict[str, Any] | None
    ) -> Sequence[dict[str, Any]]:
        return _once(self._lines, LINES_AT_MOST, super().shape_text, text, font_size_pt, text_shaping_params)


def _once(known: Known[Found], at_most: int, work: Callable[..., Found], *of: Any) -> Found:
    """What is known of a text, else worked out. Beside its direction all of a paper is shaped in the same way."""
    text, size_pt, shaping = of
    key = text, size_pt, shaping and shaping["fragment_direction"]
    found = known.get(key)
    if found is None:
        if len(known) >= at_most:
            known.clear()
        found = known[key] = work(*of)
    return found


class Paper(FPDF):
    """A4, with a line of one's own and the number of the page at its foot."""

    def __init__(self, title: str, *, foot: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=MARGIN)
        with TemporaryDirectory() as folder:  # fonts come as bytes and are taken as files
            for style, name in FACES.items():
                file = Path(folder) / f"{name}.ttf"
                file.write_bytes(pymupdf_fonts.fontbuffers[name]())
                key = f"{FONT.lower()}{style}"
                self.fonts[key] = Face(self, file, key, style)  # as `add_font` does with its own class
            self.set_font(FONT, size=BODY)
            self.set_text_shaping(True)  # joins Arabic letters, sets them from right to left, and orders Indic ones
            faces: Any = self.fonts.values()
            self._shapers = [font.hbfont for font in faces]  # read while their files stand
        self.set_title(title)
        self.set_creator("Steward")
        self.alias_nb_pages()

    def _preload_bidirectional_text(self, text: str, markdown: bool) -> Any:
        """Take text that is written from left to right alone as the one piece that it is."""
        if not text or _TURNS.search(text):
            return super()._preload_bidirectional_text(text, markdown)
        shaping: Any = self.text_shaping
        shaping["paragraph_direction"] = shaping["fragment_direction"] = TextDirection.LTR
        return self._preload_font_styles(text, markdown)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        self.cell(self.epw * 0.8, 5, self.cut(self.foot, self.epw * 0.8 - 2))
        number = _("Page %(number)s of %(count)s") % {"number": self.page_no(), "count": "{nb}"}
        self.cell(self.epw * 0.2, 5, number, align="R")

    def normalize_text(self, text: str) -> str:
        """Show a sign for each letter that the font lacks: it would be left out, and a name stand empty."""
        font: Any = self.current_font  # one of ours
        known = font.cmap
        text = super().normalize_text(text)
        return "".join(each if ord(each) in known or each in "\n\u00ad" else NO_LETTER for each in text)

    def cut(self, said: str, width: float) -> str:
        """A line of at most so many millimeters; what is left out of it shows as an ellipsis."""
        if self.get_string_width(said) <= width:
            return said
        while said and self.get_string_width(f"{said}…") > width:
            said = said[: -max(1, len(said) // 20)]
        return f"{said.rstrip()}…"

    def section(self, title: str) -> None:
        """A heading that is not left alone at the end of a page; it stands in the outline."""
        if self.will_page_break(LEAST_BELOW_HEADING):
            self.add_page()
        self.ln(4)
        self.start_section(title)
        self.text_line(title, size=SECTION, style="B")

    def part(self, title: str) -> None:
        """A heading below that of a section; it is not left alone either."""
        if self.will_page_break(LEAST_BELOW_PART):
            self.add_page()
        self.text_line(title, style="B")

    def text_line(self, said: str, *, size: float = BODY, is_muted: bool = False, style: str = "") -> None:
        """A paragraph."""
        self.set_font(FONT, style, size)
        self.set_text_color(*(MUTED if is_muted else INK))
        self.multi_cell(0, size * 0.5, said, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(0.8)

    def rows(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[Any]],
        widths: Sequence[int] | None = None,
        aligns: str | None = None,
    ) -> None:
        """
        A table; its head, where it has one, stands again on each page.

        :param widths: of the columns, beside each other; alike if not given. :param aligns: L or R for each column.
        """
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.set_fill_color(*PAPER)  # a table paints its cells with what was used last
        with self.table(
            borders_layout="HORIZONTAL_LINES", cell_fill_mode=TableCellFillMode.NONE,
            col_widths=widths and tuple(widths),
            headings_style=FontFace(emphasis="BOLD", color=MUTED, size_pt=SMALL), line_height=4.4, padding=(0.8, 1),
            text_align=tuple({"L": "LEFT", "R": "RIGHT"}[each] for each in aligns) if aligns else "LEFT",
            markdown=False, first_row_as_headings=bool(head),
        ) as table:  # fmt: skip
            if head:
                table.row([str(each) for each in head])
            for row in rows:
                table.row([str(each) for each in row])
        self.ln(2)

    def keys(
        self, names: Sequence[tuple[tuple[int, int, int], str]], dashes: Sequence[tuple[float, float]] = ()
    ) -> None:
        """
        What the colors of a chart stand for, side by side.

        :param dashes: of lines, how long each of their strokes is and the gap after it, in millimeters.
        """
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        mark = KEY_LINE if dashes else KEY_SQUARE
        for number, (color, name) in enumerate(names):
            width = self.get_string_width(name) + 5
            if self.get_x() + mark + 1 + width > self.w - self.r_margin:
                self.ln(5)
            if dashes:
                self.set_draw_color(*color)
                self.set_line_width(0.5)
                self.set_dash_pattern(*dashes[number])
                self.line(self.get_x(), self.get_y() + 2.4, self.get_x() + mark, self.get_y() + 2.4)
                self.set_dash_pattern()
            else:
                self.set_fill_color(*color)
                self.rect(self.get_x(), self.get_y() + 1.2, mark, mark, style="F")
            self.set_x(self.get_x() + mark + 1)
            self.cell(width, 5, name)
        if names:
            self.ln(6)
