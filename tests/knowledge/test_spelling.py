"""Words that are spelled otherwise than in the article: found in its whole text, marked, and said to the reader."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from knowledge import finding, operations, tasks, vocabulary
from knowledge.models import Article, ArticleVersion, Word

from .conftest import LATER

FIX = "Open the settings, choose **Synchronize**, and wait until the calendar says Fertig. Größe egal."


@pytest.fixture
def calendar(publish: Any) -> Article:
    """What it is about stands in the title; how it is mended, further down."""
    article: Article = publish(title="Meetings are missing", symptom="The phone shows none.", cause="", fix=FIX)
    return article


def titles(found: finding.Found) -> list[str]:
    return [hit.article.title for hit in found.hits]


@pytest.mark.parametrize(
    "typed",
    [
        "synchronzie",
        "sinchronize",
        "settigns calender",
        "calednar",
        "fertg",
        "grüße",
        "meetings synchroniez",
        "SETTNIGS",
    ],
)
def test_a_word_of_the_text_is_found_however_it_is_typed(house: SimpleNamespace, calendar: Article, typed: str) -> None:
    found = finding.find(house.maria, typed)

    assert titles(found) == ["Meetings are missing"]
    assert found.is_alike


def test_what_is_meant_is_said_in_words_of_the_article_and_marked(house: SimpleNamespace, calendar: Article) -> None:
    found = finding.find(house.maria, "settigns calender")

    assert found.meant == "settings calendar"
    assert "<mark>settings</mark>" in found.hits[0].piece
    assert "<mark>calendar</mark>" in found.hits[0].piece


def test_a_short_word_that_no_article_has_does_not_stand_in_the_way(house: SimpleNamespace, calendar: Article) -> None:
    found = finding.find(house.maria, "vpm calender")

    assert (titles(found), found.meant) == (["Meetings are missing"], "calendar")


def test_nothing_is_said_about_words_that_are_right(house: SimpleNamespace, calendar: Article) -> None:
    assert finding.find(house.maria, "settings calendar").meant == ""


@pytest.mark.parametrize("typed", ["parking", "wand", "settlement", "calm"])
def test_a_word_that_is_another_one_is_not_found(house: SimpleNamespace, calendar: Article, typed: str) -> None:
    assert titles(finding.find(house.maria, typed)) == []


def test_a_word_that_only_others_may_read_is_never_said(
    house: SimpleNamespace, calendar: Article, publish: Any
) -> None:
    publish("internal", title="Merger with Zentrilla", symptom="Zentrilla.", fix="Say nothing of Zentrilla.")

    by_tom, by_maria = (finding.find(who, "zentrila") for who in (house.tom, house.maria))
    by_nobody = finding.find(AnonymousUser(), "zentrila calender")

    assert (titles(by_tom), by_tom.meant) == (["Merger with Zentrilla"], "zentrilla")
    assert (titles(by_maria), by_maria.meant) == ([], "")
    assert "zentrilla" not in by_nobody.meant


def test_a_typing_error_in_somebody_s_draft_hides_nothing(
    house: SimpleNamespace, calendar: Article, draft: Any
) -> None:
    draft(title="Calender of the holidays", symptom="My calender is empty.")

    assert titles(finding.find(house.maria, "calender")) == ["Meetings are missing"]


def test_the_words_of_the_next_version_are_known_when_it_is_published(
    house: SimpleNamespace, calendar: Article
) -> None:
    operations.write(article=calendar, by=house.tom, at=LATER, values={"fix": "Use the zeppelin."})
    before = finding.find(house.maria, "zepellin")
    operations.submit(article=calendar, by=house.tom, at=LATER, confirm_no_duplicate=True)
    operations.publish(article=calendar, by=house.aisha, at=LATER, review_date=date(2026, 9, 1))

    after = finding.find(house.maria, "zepellin")

    assert titles(before) == []
    assert (titles(after), after.meant) == (["Meetings are missing"], "zeppelin")


def test_words_that_no_version_has_any_more_are_forgotten(house: SimpleNamespace, draft: Any) -> None:
    article = draft(fix="Use the zeppelin.")
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Use the train."})
    assert Word.objects.filter(text="zeppelin").exists()

    tasks.forget_words()

    assert not Word.objects.filter(text="zeppelin").exists()
    assert Word.objects.filter(text="train").exists()


def test_numbers_and_short_words_are_not_learned(house: SimpleNamespace, draft: Any) -> None:
    draft(title="On 192.168.7.41 or KB4711", symptom="a vpn of Ana", cause="", fix="x" * 200)

    assert set(Word.objects.values_list("text", flat=True)) == set()


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("printer", "printer", 0), ("pritner", "printer", 1), ("printr", "printer", 1), ("printerr", "printer", 1),
        ("prinzer", "printer", 1), ("", "ab", 2), ("abc", "", 3), ("rpitner", "printer", 2),
    ],
)  # fmt: skip
def test_changes_are_counted_as_fingers_make_them(one: str, other: str, count: int) -> None:
    assert vocabulary.changes(one, other) == vocabulary.changes(other, one) == count


@pytest.mark.parametrize(
    "typed", ["calender' | 'x", "calender:*", "calender\\", "%calender%", "calender\x00", "🖨️ calender"]
)
def test_no_sign_breaks_the_search(house: SimpleNamespace, calendar: Article, typed: str) -> None:
    assert titles(finding.find(house.maria, typed)) == ["Meetings are missing"]
    assert ArticleVersion.objects.count() == 1


def test_the_page_says_what_is_meant(client: Any, house: SimpleNamespace, calendar: Article) -> None:
    client.force_login(house.maria)

    page = client.get("/portal/kb/", {"q": "settigns calender"}).content.decode()

    assert 'Did you mean this? <a href="?q=settings%20calendar"><bdi>settings calendar</bdi></a>' in page
