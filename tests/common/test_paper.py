"""Paper: what makes it quick leaves every byte of it as it is."""

import re
from datetime import UTC, datetime

from fpdf.fonts import TTFFont

from common import paper

TEXTS = (
    "Resolved within 8 h – office AVATAR, fi ffi …",
    "soft\u00adhyphen and a word thatislongerthananylinecanbe" * 3,
    "عطل في الطابق 3 (VPN)",
    "שלום 12:30 and left again",
    "turned \u202eback\u202c here",
    "два этажа, Ελλάδα, हिन्दी",
    "",
)


def drawn() -> bytes:
    page = paper.Paper("Ünder way", foot="Page by page " * 20)
    page.set_creation_date(datetime(2026, 3, 2, tzinfo=UTC))
    page.add_page()
    for text in TEXTS:
        page.text_line(text, style="B")
        page.section(text)
    page.rows(["Name", "A long heading"], [[text, text[::-1]] for text in TEXTS * 12], (30, 50), "LR")
    return bytes(page.output())


def test_text_is_drawn_as_without_remembering_any(monkeypatch):
    quick = drawn()
    monkeypatch.setattr(paper, "WIDTHS_AT_MOST", 3)
    few = drawn()
    monkeypatch.setattr(paper, "Face", TTFFont)
    monkeypatch.setattr(paper, "_TURNS", re.compile(""))

    assert quick == few == drawn()
