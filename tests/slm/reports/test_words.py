"""The file of a report speaks the words of its customer; what a review talks about is said in nobody's own."""

import pytest
from django.utils.translation import gettext
from fpdf import FPDF

from people.models import Vocabulary
from people.vocabularies.layers import spoken_by
from slm.reports import files, operations
from slm.reports.enums import AgendaKind
from slm.reports.models import ReviewItem
from slm.reports.operations import meeting
from tests.conftest import moment

from .conftest import AFTER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabularies")]


def speak(who, slug):
    who.vocabulary = Vocabulary.objects.get(slug=slug) if slug else None
    who.save(update_fields=["vocabulary"])


@pytest.mark.parametrize(("slug", "words"), [("usm", {"Calls"}), ("", {"Tickets"}), ("ours", {"Cards"})])
def test_the_file_of_a_report_speaks_the_words_of_its_customer(house, issued, monkeypatch, slug, words):
    drawn, draw = set(), FPDF.normalize_text
    monkeypatch.setattr(FPDF, "normalize_text", lambda paper, text: (drawn.add(text), draw(paper, text))[1])
    Vocabulary.objects.create(name="Ours", slug="ours", words={"en": {"ticket": {"one": "card", "many": "cards"}}})
    speak(house.acme, slug)
    issued()

    # Who receives it and whom the worker served before speak otherwise.
    speak(house.maria, "iso20000-1" if slug else "usm")
    with spoken_by(house.maria):
        assert files.make_due(at=AFTER) == 1

    assert {"Calls", "Tickets", "Cards"} & drawn == words


def test_the_agenda_of_a_review_is_said_in_nobodys_own_words(house, issued, monkeypatch):
    monkeypatch.setattr(meeting, "points_of", lambda report: [(AgendaKind.TOPIC, gettext("New ticket"))])
    report = issued()
    speak(house.ines, "usm")

    with spoken_by(house.ines):
        operations.plan_meeting(report=report, by=house.ines, at=AFTER, starts_at=moment("2026-03-09 09:00"))

    assert ReviewItem.objects.get().title == "New ticket"
