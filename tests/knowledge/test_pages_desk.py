"""Pages for those who work with articles."""

import pytest

from knowledge import operations
from knowledge.models import Article, SearchTerm
from records.models import Draft, Link

from .conftest import AT, LATER, REVIEW

NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def tom(client, house):
    client.force_login(house.tom)
    return client


def texts(**said):
    return {"title": "Reset your VPN profile", "symptom": "It drops.", "cause": "", "fix": "Reset it."} | said


def token_of(page):
    return page.context["token"]


def test_a_new_article_is_drafted_once_however_often_it_is_sent(tom):
    token = token_of(tom.get("/kb/new/"))

    answers = [tom.post("/kb/new/", texts(token=token)) for _ in range(2)]

    article = Article.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/kb/{article.reference}/"}
    assert article.versions.get().fix == "Reset it."


def test_without_a_title_the_form_comes_back_with_everything(tom):
    answer = tom.post("/kb/new/", texts(token="t", title="", heading_0="Also", text_0="this"))

    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Error: New article" in html
    assert "Reset it." in html
    assert 'value="Also"' in html
    assert not Article.objects.exists()


def test_an_article_is_drafted_from_an_incident_in_one_act(tom, house, log_incident):
    incident = log_incident(description="The client drops.")

    page = tom.get(f"/kb/new/?from={incident.reference}")
    assert page.context["form"]["title"].value() == incident.title
    assert page.context["form"]["symptom"].value() == "The client drops."
    tom.post("/kb/new/", texts(token=token_of(page), source=incident.reference))

    link = Link.objects.get()
    assert (link.from_record_id, link.to_record_id, link.kind) == (
        Article.objects.get().pk, incident.pk, "raised_from",
    )  # fmt: skip


def test_the_incident_offers_to_write_an_article(tom, log_incident):
    incident = log_incident()

    html = tom.get(incident.get_absolute_url()).content.decode()

    assert f"/kb/new/?from={incident.reference}" in html
    assert f"/kb/beside/{incident.reference}/" in html


def test_otto_does_not_draft_from_an_incident_that_he_may_not_see(client, house, log_incident):
    client.force_login(house.otto)
    incident = log_incident()

    page = client.get(f"/kb/new/?from={incident.reference}")

    assert page.context["source"] is None
    assert incident.title not in page.content.decode()


def test_what_is_typed_is_kept_and_comes_back(tom, house):
    tom.post("/kb/new/draft/", {"title": "Half a", "fix": "thought"})

    page = tom.get("/kb/new/")

    assert (page.context["form"]["title"].value(), page.context["form"]["fix"].value()) == ("Half a", "thought")
    tom.post("/kb/new/", texts(token=token_of(page)))
    assert not Draft.objects.exists()


def test_the_page_shows_the_article_and_what_can_be_done(tom, draft):
    article = draft(fix="1. Open it\n2. **Reset**")

    html = tom.get(article.get_absolute_url()).content.decode()

    assert "<strong>Reset</strong>" in html
    assert f'href="/kb/{article.reference}/submission/"' in html
    assert "Publish" not in html


@pytest.mark.parametrize("name", ["title", "symptom", "cause", "fix"])
def test_html_in_any_text_is_shown_as_text(tom, house, publish, name):
    article = publish(**{name: NASTY}) if name == "title" else publish(**{name: f"Text {NASTY}"})
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": f"x {NASTY}", "note": NASTY})

    for address in (
        article.get_absolute_url(),
        f"{article.get_absolute_url()}versions/",
        f"{article.get_absolute_url()}draft/",
        f"{article.get_absolute_url()}audience/",
        "/kb/",
        "/kb/?q=text",
        article.portal_address,
        "/portal/kb/",
        "/portal/kb/?q=text",
        "/portal/kb/answers/?q=text",
    ):
        html = tom.get(address).content.decode()
        assert "<script>alert" not in html, address
        assert "<img src=x" not in html, address


def test_headings_of_a_text_stand_below_those_of_the_page(tom, publish):
    article = publish(fix="# Loud\n\n###### Quiet")

    html = tom.get(article.portal_address).content.decode()

    assert html.count("<h1") == 1
    assert "<h3>Loud</h3>" in html
    assert "<h6>Quiet</h6>" in html


def test_the_editor_saves_the_next_version(tom, publish):
    article = publish()

    page = tom.get(f"{article.get_absolute_url()}draft/")
    assert page.context["form"]["fix"].value().startswith("Open the client")
    answer = tom.post(f"{article.get_absolute_url()}draft/", texts(revision=0, note="Shorter"))

    assert answer.status_code == 303
    assert [(each.number, each.note) for each in article.versions.all()] == [(2, "Shorter"), (1, "")]


def test_two_editors_see_both_texts_and_nothing_is_lost(tom, house, draft):
    article = draft()
    operations.write(article=article, by=house.aisha, at=LATER, values={"fix": "Her words."}, revision=1)

    answer = tom.post(f"{article.get_absolute_url()}draft/", texts(revision=1, fix="His words."))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Her</del>" in html
    assert "His</ins>" in html
    assert answer.context["form"]["fix"].value() == "His words."
    again = tom.post(f"{article.get_absolute_url()}draft/", texts(revision=2, fix="His words."))
    assert again.status_code == 303
    assert article.versions.get().fix == "His words."


def test_unsaved_words_come_back_and_can_be_thrown_away(tom, draft):
    article = draft()
    tom.post(f"{article.get_absolute_url()}draft/keeping/", texts(fix="Unsaved.", revision=1))
    assert tom.get(f"{article.get_absolute_url()}draft/").context["form"]["fix"].value() == "Unsaved."

    tom.post(f"{article.get_absolute_url()}draft/", texts(forget="1"))

    assert tom.get(f"{article.get_absolute_url()}draft/").context["form"]["fix"].value().startswith("Open the client")


def test_the_preview_names_articles_that_read_alike(tom, publish):
    article = publish()

    html = tom.post("/kb/preview/", texts(title="Reset your VPN profile!", fix="**Now**")).content.decode()

    assert article.reference in html
    assert "<strong>Now</strong>" in html


def test_versions_show_what_was_removed_and_added_in_words(tom, house, publish):
    article = publish(fix="Choose Reset profile.")
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Choose Renew profile."})

    html = tom.get(f"{article.get_absolute_url()}versions/").content.decode()

    assert '<span class="visually-hidden">removed: </span>Reset</del>' in html
    assert '<span class="visually-hidden">added: </span>Renew</ins>' in html


@pytest.mark.parametrize("query", ["?to=1&from=2", "?to=99&from=x", "?to=2&from=2", "?to=-1"])
def test_any_choice_of_versions_answers(tom, house, publish, query):
    article = publish()
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Other."})

    assert tom.get(f"{article.get_absolute_url()}versions/{query}").status_code == 200


def test_a_lead_publishes_by_the_page(client, house, draft):
    article = operations.submit(article=draft(), by=house.tom, at=AT)
    client.force_login(house.aisha)

    missing = client.post(f"{article.get_absolute_url()}publication/", {})
    answer = client.post(f"{article.get_absolute_url()}publication/", {"review_date": "2199-01-01"})

    assert (missing.status_code, answer.status_code) == (422, 303)
    assert Article.objects.get(pk=article.pk).state == "published"


def test_the_confirmation_shows_only_when_it_is_needed(client, house, draft, log_incident):
    article = draft(source=log_incident())
    operations.set_audience(article=article, by=house.tom, at=AT, audience="public")
    article = operations.submit(article=article, by=house.tom, at=AT)
    client.force_login(house.aisha)
    address = f"{article.get_absolute_url()}publication/"

    assert "confirm_nothing_of_customer" not in client.get(address).content.decode()
    refused = client.post(address, {"review_date": "2199-01-01"})
    assert refused.status_code == 422
    assert "confirm_nothing_of_customer" in refused.content.decode()

    client.post(address, {"review_date": "2199-01-01", "confirm_nothing_of_customer": "on"})
    assert Article.objects.get(pk=article.pk).cleared_number == 1


def test_readers_are_chosen_on_a_page(client, house, publish):
    article = publish("internal")
    client.force_login(house.aisha)
    address = f"{article.get_absolute_url()}audience/"

    nobody = client.post(address, {"audience": "customers"})
    answer = client.post(address, {"audience": "customers", "organizations": [house.acme.pk]})

    assert (nobody.status_code, answer.status_code) == (422, 303)
    assert "chose who may read this" in client.get(article.get_absolute_url()).content.decode()
    assert [each.name for each in Article.objects.get(pk=article.pk).organizations.all()] == ["Acme"]


def test_the_lists_are_as_long_as_their_tabs_say(tom, house, draft, publish):
    draft(title="A draft of something else")
    published = publish()
    operations.write(article=published, by=house.tom, at=LATER, values={"fix": "Newer."})
    operations.call_review(article=publish(title="Old printers"), by=house.tom, at=LATER, reason="Old.")

    tabs = {}
    for tab in tom.get("/kb/").context["tabs"]:
        page = tom.get(f"/kb/{tab['url']}")
        tabs[tab["url"]] = (tab["count"], len(page.context["articles"]))

    assert tabs == {
        "?show=published": (2, 2),
        "?show=review": (1, 1),
        "?show=drafts": (2, 2),
        "?show=mine": (3, 3),
        "?show=retired": (0, 0),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(tom, draft, django_assert_num_queries, count):
    for number in range(count):
        draft(title=f"Article {number}")
    tom.get("/kb/?show=drafts")

    with django_assert_num_queries(6):
        tom.get("/kb/?show=drafts")


def test_searches_that_find_nothing_become_articles_to_write(tom, house):
    tom.get("/kb/?q=badge printer offline")
    assert [(each.text, each.search_count, each.hit_count) for each in SearchTerm.objects.all()] == [
        ("badge printer offline", 1, 0)
    ]
    term = SearchTerm.objects.get()

    assert "badge printer offline" in tom.get("/kb/gaps/").content.decode()
    page = tom.get(f"/kb/new/?search={term.pk}")
    assert page.context["form"]["title"].value() == "Badge printer offline"
    tom.post("/kb/new/", texts(token=token_of(page), search=term.pk))

    term.refresh_from_db()
    assert term.article == Article.objects.get()
    assert "badge printer offline" not in tom.get("/kb/gaps/").content.decode()


def test_a_search_is_taken_off_the_list_once(tom):
    tom.get("/kb/?q=lunch menu")
    term = SearchTerm.objects.get()

    for _ in range(2):
        assert tom.post(f"/kb/gaps/{term.pk}/removal/").status_code == 303

    assert "lunch menu" not in tom.get("/kb/gaps/").content.decode().replace("“lunch menu”", "")


def test_articles_stand_beside_an_incident_with_what_to_insert(tom, publish, log_incident):
    article = publish(title="VPN drops every twenty minutes")
    incident = log_incident()

    html = tom.get(f"/kb/beside/{incident.reference}/").content.decode()

    assert article.reference in html
    assert f"{article.portal_address})" in html  # the link to insert
    assert "Insert text" in html


def test_what_the_requester_may_not_read_is_not_offered_for_the_reply(tom, publish, log_incident):
    publish("internal", title="VPN drops every twenty minutes", fix="The secret of the house.")

    html = tom.get(f"/kb/beside/{log_incident().reference}/").content.decode()

    assert "Acme may not read it" in html
    assert "Insert" not in html
    assert "secret of the house" not in html.replace("<mark>", "")


def test_using_and_dismissing_is_remembered(tom, publish, log_incident):
    first = publish(title="VPN drops every twenty minutes")
    second = publish(title="VPN drops on trains every day")
    incident = log_incident()
    query = f"?record={incident.reference}"

    tom.post(f"/kb/{first.reference}/uses/{query}&way=link")
    tom.post(f"/kb/{second.reference}/dismissals/{query}")

    html = tom.get(f"/kb/beside/{incident.reference}/").content.decode()
    assert "used here" in html
    assert second.reference not in html
    assert f'<a href="/incidents/{incident.reference}/">' in tom.get(first.get_absolute_url()).content.decode()


def test_otto_sees_nothing(client, house, draft, publish, log_incident):
    inner, made, incident = publish("internal"), draft(), log_incident()
    client.force_login(house.otto)

    for article in (inner, made):
        for tail in ("", "draft/", "versions/", "audience/", "submission/", "news/"):
            assert client.get(f"/kb/{article.reference}/{tail}").status_code == 404, tail
        assert client.get(f"/r/{article.reference}/").status_code == 404
        assert client.post(f"/kb/{article.reference}/uses/?record={incident.reference}").status_code == 404
    assert client.get(inner.portal_address).status_code == 404
    assert client.get(f"/kb/{inner.slug}/").status_code == 404
    assert client.get(f"/kb/beside/{incident.reference}/").status_code == 404
    assert "VPN" not in client.get("/kb/").content.decode().replace("VPN drops", "")


def test_the_uses_of_an_article_are_those_that_the_viewer_may_see(client, house, publish, log_incident):
    article = publish()
    foreign = log_incident(requester=house.otto, title="Only Umbrella")
    operations.insert(article=article, record=foreign, by=house.tom, at=LATER, way="link")
    house.otto.role_grants.all().delete()
    helper = type(house.tom).objects.create_user("eva", "eva@acme.example", name="Eva", organization=house.provider)
    helper.role_grants.create(role="technician", organization=house.provider)
    client.force_login(helper)

    html = client.get(article.get_absolute_url()).content.decode()

    assert "Answered 0 records" in html
    assert "Only Umbrella" not in html


def test_requesters_have_no_pages_of_the_desk(client, house, publish):
    article = publish()
    client.force_login(house.maria)

    codes = {address: client.get(address).status_code for address in ("/kb/", "/kb/new/", "/kb/gaps/")}

    assert set(codes.values()) == {403}
    assert client.get(article.get_absolute_url()).status_code == 404


def test_the_review_date_is_the_one_that_was_chosen(publish):
    assert publish().review_date == REVIEW
