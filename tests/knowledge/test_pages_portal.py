"""Pages for readers: signed in, or visitors."""

import pytest

from knowledge import operations
from knowledge.models import Article, SearchTerm, Visit, Vote

from .conftest import AT, LATER


@pytest.fixture
def maria(client, house):
    client.force_login(house.maria)
    return client


def test_a_visitor_reads_what_is_public_and_nothing_else(client, house, publish):
    open_one = publish()
    inner = publish("internal", title="Passwords of the gateways")
    chosen = publish("customers", [house.acme], title="How Acme prints")

    home = client.get("/portal/kb/").content.decode()

    assert client.get(open_one.portal_address).status_code == 200
    assert {client.get(each.portal_address).status_code for each in (inner, chosen)} == {404}
    assert open_one.title in home
    assert inner.title not in home
    assert chosen.title not in home
    found = client.get("/portal/kb/?q=gateways passwords acme prints").content.decode()
    assert "Passwords of" not in found


def test_readers_see_the_published_version_even_if_they_may_see_more(client, house, publish):
    article = publish(fix="The old way.")
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "The new way.", "title": "Renamed"})
    client.force_login(house.tom)

    html = client.get(article.portal_address).content.decode()

    assert "The old way." in html
    assert "The new way." not in html
    assert "Renamed" not in html


def test_a_draft_has_no_address_for_readers(client, house, draft):
    draft()
    client.force_login(house.tom)

    assert client.get("/portal/kb/reset-your-vpn-profile/").status_code == 404


def test_an_article_under_review_says_so(client, house, publish):
    article = operations.call_review(article=publish(), by=house.tom, at=LATER, reason="Old.")

    assert "under review" in client.get(article.portal_address).content.decode()


def test_the_address_of_a_retired_article_leads_to_what_replaces_it(client, house, publish):
    old, new = publish(), publish(title="Use the new client")
    operations.retire(article=old, by=house.aisha, at=LATER, reason="Old.", replacement=new)

    answer = client.get(old.portal_address)

    assert (answer.status_code, answer["Location"]) == (303, new.portal_address)


def test_a_replacement_that_the_reader_may_not_read_is_not_betrayed(client, house, publish):
    old = publish("customers", [house.acme], title="How Acme prints")
    new = publish("customers", [house.acme], title="How Acme prints now")
    operations.retire(article=old, by=house.aisha, at=LATER, reason="Old.", replacement=new)

    assert client.get(old.portal_address).status_code == 404


def test_a_requester_votes_once_and_may_change_their_mind(maria, house, publish):
    article = publish()

    maria.post(f"{article.portal_address}votes/", {"helped": "yes"})
    maria.post(f"{article.portal_address}votes/", {"helped": "no", "reason": "Step 2 is gone."})

    vote = Vote.objects.get()
    assert (vote.user, vote.is_helpful, vote.reason) == (house.maria, False, "Step 2 is gone.")
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.vote_count, fresh.helpful_count) == (1, 0)


def test_a_visitor_votes_once_a_session_and_leaves_no_trail(client, publish):
    first, second = publish(), publish(title="Print on both sides")

    for article in (first, first, second):
        client.post(f"{article.portal_address}votes/", {"helped": "yes"})

    votes = list(Vote.objects.order_by("pk"))
    assert [vote.version_id for vote in votes] == [first.published_id, second.published_id]
    assert all(vote.user is None for vote in votes)
    assert votes[0].visitor != votes[1].visitor
    assert client.session.session_key not in {vote.visitor for vote in votes}


def test_votes_of_one_network_are_throttled(client, publish, monkeypatch):
    monkeypatch.setattr("knowledge.views.portal.VOTES_AN_HOUR", 2)
    article = publish()

    for _ in range(4):
        client.cookies.clear()
        client.post(f"{article.portal_address}votes/", {"helped": "no"})

    assert Vote.objects.count() == 2


def test_nobody_votes_on_what_they_may_not_read(client, house, publish):
    inner = publish("internal")
    client.force_login(house.otto)

    assert client.post(f"{inner.portal_address}votes/", {"helped": "yes"}).status_code == 404
    assert not Vote.objects.exists()


def test_a_vote_that_is_neither_yes_nor_no_counts_nothing(client, publish):
    article = publish()

    assert client.post(f"{article.portal_address}votes/", {"helped": "<b>"}).status_code == 303
    assert not Vote.objects.exists()


def test_the_owner_reads_what_was_missing_without_names(client, house, publish):
    article = publish()
    operations.vote(article=article, by=house.maria, at=LATER, is_helpful=False, reason="Step 2 <b>is</b> gone.")
    client.force_login(house.tom)

    html = client.get(article.get_absolute_url()).content.decode()

    assert "Step 2 &lt;b&gt;is&lt;/b&gt; gone." in html
    assert "Maria" not in html


def test_votes_begin_anew_with_the_next_version(house, publish):
    article = publish()
    operations.vote(article=article, by=house.maria, at=LATER, is_helpful=False)
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Better."})
    article = operations.submit(article=Article.objects.get(pk=article.pk), by=house.tom, at=LATER)
    article = operations.publish(article=article, by=house.aisha, at=LATER, review_date=article.review_date)

    assert (article.vote_count, article.helpful_count) == (0, 0)
    assert Vote.objects.count() == 1


def test_answers_come_while_the_requester_types(maria, publish):
    article = publish()

    html = maria.get("/portal/kb/answers/?q=vpn profle").content.decode()

    assert article.portal_address in html
    assert "<mark>profile</mark>" in html
    assert "<!doctype" not in html
    assert not SearchTerm.objects.exists()


def test_the_portal_begins_with_the_search(maria):
    assert 'action="/portal/kb/"' in maria.get("/portal/").content.decode()
    assert 'hx-get="/portal/kb/answers/"' in maria.get("/portal/new/").content.decode()


def test_a_search_in_vain_is_remembered_without_a_name(maria):
    maria.get("/portal/kb/?q=Badge%20does%20%20not%20open")
    maria.get("/portal/kb/?q=badge does not open")  # the same person again: counted once

    term = SearchTerm.objects.get()
    assert (term.text, term.place, term.search_count, term.hit_count) == ("badge does not open", "portal", 1, 0)


@pytest.mark.parametrize("text", ["maria@acme.example", "call 0047 12345678", "http://x.example/a", "ab", " "])
def test_what_looks_personal_is_not_remembered(maria, text):
    maria.get("/portal/kb/", {"q": text})

    assert not SearchTerm.objects.exists()


def test_one_visitor_does_not_fill_the_list(client, db, monkeypatch):
    monkeypatch.setattr("knowledge.operations.searches.TERMS_AN_HOUR", 3)

    for number in range(6):
        client.get(f"/portal/kb/?q=word{number} nobody wrote")

    assert SearchTerm.objects.count() == 3


def test_opening_what_was_found_counts_for_the_search(maria, house, publish):
    article = publish()
    maria.get("/portal/kb/?q=vpn profile")

    maria.get(f"{article.portal_address}?q=vpn+profile")

    assert list(SearchTerm.objects.values_list("text", "click_count")) == [("vpn profile", 1)]


def test_none_fits_leads_to_the_report_with_the_words(maria):
    answer = maria.post("/portal/kb/unanswered/", {"q": "Badge does not open"})

    assert answer["Location"] == "/portal/new/?text=Badge+does+not+open"
    assert SearchTerm.objects.get().hit_count == 0


def test_the_first_article_of_a_day_is_noted_for_requesters_only(client, house, publish):
    first, second = publish(), publish(title="Print on both sides")
    for person in (house.maria, house.tom):
        client.force_login(person)
        for article in (first, second):
            client.get(article.portal_address)
    client.logout()
    client.get(first.portal_address)

    assert [(visit.user, visit.record) for visit in Visit.objects.all()] == [(house.maria, first)]


@pytest.mark.parametrize("address", ["/portal/kb/?q=%00", "/portal/kb/?q=" + "x" * 5000, "/portal/kb/?q=%27%22%5C%3A*"])
def test_any_search_answers(client, db, address):
    assert client.get(address).status_code == 200


def test_nothing_of_it_needs_script(client, publish):
    article = publish()

    html = client.get(article.portal_address).content.decode()

    assert f'action="{article.portal_address}votes/"' in html
    assert "Sign in" in html
    assert AT.date().isoformat()[:4] in html
