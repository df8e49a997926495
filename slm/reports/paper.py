"""The paper of a service report: customer and month at the head of each page, its fingerprint at the foot, charts."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from fpdf.enums import XPos, YPos

from common import paper
from common.paper import FONT, INK, MUTED, RULE, SMALL, TINY

from .charts import Drawing
from .models import ServiceReport

COLORS = {
    "first": (12, 70, 140), "second": (46, 154, 130), "bad": (134, 22, 63), "target": (215, 97, 8), "axis": RULE,
    "text": MUTED, "value": INK,
}  # fmt: skip


class Paper(paper.Paper):
    """A4 for one report."""

    def __init__(self, report: ServiceReport) -> None:
        print_ = _("Fingerprint %(start)s…") % {"start": report.fingerprint[:16]} if report.fingerprint else ""
        super().__init__(f"{_('Service report')}: {report}", foot=print_)
        self.report = report
        self.set_author(report.issued_by.name if report.issued_by else "")
        self.set_lang("en")
        self.set_creation_date(report.issued_at or report.compiled_at)

    def header(self) -> None:
        if self.page_no() == 1:
            return
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*MUTED)
        self.cell(0, 5, self.cut(str(self.report), self.epw - 2), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(3)

    def chart(self, title: str, drawing: Drawing, keys: Sequence[tuple[str, str]] = ()) -> None:
        """The shapes of a chart at the width of the text. :param keys: role and name of each series."""
        scale = self.epw / drawing.width
        height = drawing.height * scale
        if self.will_page_break(height + 10):
            self.add_page()
        self.text_line(title, style="B")
        self.keys([(COLORS[role], name) for role, name in keys])
        left, top = self.l_margin, self.get_y()
        for line in drawing.lines:
            self.set_draw_color(*COLORS[line.role])
            self.set_line_width(0.5 if line.role == "target" else 0.2)
            self.line(left + line.x1 * scale, top + line.y1 * scale, left + line.x2 * scale, top + line.y2 * scale)
        for rect in drawing.rects:
            self.set_fill_color(*COLORS[rect.role])
            self.rect(left + rect.x * scale, top + rect.y * scale, rect.width * scale, rect.height * scale, style="F")
        self.set_font(FONT, size=TINY)
        for text in drawing.texts:
            self.set_text_color(*COLORS[text.role])
            shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * self.get_string_width(text.text)
            self.text(left + text.x * scale - shift, top + text.y * scale, text.text)
        self.set_line_width(0.2)
        self.set_y(top + height + 2)
