"""Searching articles: words, beginnings, typing errors, and who is asking."""

import pytest
from django.contrib.auth.models import AnonymousUser

from knowledge import finding, operations
from knowledge.models import Article

from .conftest import LATER


@pytest.fixture
def shelf(house, publish):
    return {
        "vpn": publish(),
        "printer": publish(title="Printer on floor 3 jams", symptom="Each page jams.", fix="Clean the rolls."),
        "inner": publish("internal", title="Gateway passwords", symptom="Locked out.", fix="Look in the safe."),
        "acme": publish("customers", [house.acme], title="How Acme prints", symptom="Prints gray.", fix="Toner."),
    }


def titles(found):
    return [hit.article.title for hit in found.hits]


@pytest.mark.parametrize("text", ["vpn", "VPN profile", "profil", "reset vpn", "sign in again gateway"])
def test_words_and_beginnings_are_found(house, shelf, text):
    found = finding.find(house.tom, text)

    assert titles(found)[0] == "Reset your VPN profile"
    assert not found.is_alike


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("vpn profle", "Reset your VPN profile"),
        ("pritner jam", "Printer on floor 3 jams"),
        ("my printr is jamming", "Printer on floor 3 jams"),
    ],
)
def test_typing_errors_are_forgiven(house, shelf, text, title):
    found = finding.find(house.tom, text)

    assert titles(found)[0] == title
    assert found.is_alike


def test_what_has_nothing_to_do_with_it_is_not_found(house, shelf):
    assert titles(finding.find(house.tom, "parking space")) == []


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("tom", {"vpn", "printer", "inner", "acme"}),
        ("maria", {"vpn", "printer", "acme"}),
        ("otto", {"vpn", "printer"}),
        (None, {"vpn", "printer"}),
    ],
)
def test_the_audience_rules_the_search(house, shelf, reader, seen):
    user = getattr(house, reader) if reader else AnonymousUser()
    found = {
        hit.article.pk
        for text in ("vpn profile", "printer jams", "gateway passwords", "acme prints")
        for hit in finding.find(user, text).hits
    }

    assert found == {shelf[name].pk for name in seen}


def test_drafts_are_found_only_by_those_who_ask_for_them(house, draft):
    draft(title="Nobody read this yet")

    assert titles(finding.find(house.tom, "nobody read")) == []
    assert titles(finding.find(house.tom, "nobody read", only_shown=False)) == ["Nobody read this yet"]
    assert titles(finding.find(house.maria, "nobody read", only_shown=False)) == []


def test_words_of_the_next_draft_are_not_found_yet(house, shelf):
    operations.write(article=shelf["vpn"], by=house.tom, at=LATER, values={"fix": "Use the zeppelin."})

    assert titles(finding.find(house.tom, "zeppelin", only_shown=False)) == []


def test_what_helped_more_comes_first_among_equals(house, publish):
    first = publish(title="Clean the screen", symptom="It is dirty.")
    second = publish(title="Clean the screen", symptom="It is dirty.")
    operations.vote(article=first, by=house.maria, at=LATER, is_helpful=False)
    operations.vote(article=second, by=house.maria, at=LATER, is_helpful=True)

    assert [hit.article for hit in finding.find(house.tom, "clean screen").hits] == [second, first]


def test_the_service_of_the_ticket_lifts_its_articles(house, publish, vpn):
    elsewhere = publish(title="Clean the screen", service=None)
    of_service = publish(title="Clean the screen")
    assert {elsewhere.service, of_service.service} == {None, vpn}
    operations.vote(article=elsewhere, by=house.maria, at=LATER, is_helpful=True)

    found = finding.find(house.tom, "clean screen", service_id=vpn.pk)

    assert [hit.article for hit in found.hits] == [of_service, elsewhere]


def test_what_was_searched_for_is_marked_and_everything_else_is_text(house, publish):
    publish(title="<b>Reset</b> \ue000it", symptom="Drops & <i>drops</i>.")

    hit = finding.find(house.tom, "reset drops").hits[0]

    assert hit.title == "&lt;b&gt;<mark>Reset</mark>&lt;/b&gt; it"
    assert "<mark>Drops</mark> &amp; &lt;i&gt;<mark>drops</mark>&lt;/i&gt;" in hit.piece


@pytest.mark.parametrize(
    ("text", "limit", "statements"), [("vpn profile", 1, 2), ("vpn profle", 1, 4), ("vpn profle", 20, 5)]
)
def test_typing_errors_cost_three_statements_more_at_most(
    house, shelf, django_assert_num_queries, text, limit, statements
):
    finding.find(house.tom, "warm up")

    with django_assert_num_queries(statements):
        finding.find(house.tom, text, limit=limit)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "'", "\\", ":*", "& | !", "a" * 10_000, "%", "''; DROP TABLE x"])
def test_no_text_breaks_the_search(house, shelf, text):
    finding.find(house.tom, text)

    assert Article.objects.count() == 4
