"""Who reads what: one rule for pages, search, API and suggestions."""

import pytest
from django.contrib.auth.models import AnonymousUser

from common.refusals import NotAllowed, Refused
from knowledge import operations
from knowledge.enums import Audience
from knowledge.models import Article
from knowledge.reading import articles_readable_by
from people.models import RoleGrant
from records import operations as record_operations
from records.models import Record
from search import index

from .conftest import AT, LATER, codes


def readers_of(article, house):
    people = {name: getattr(house, name) for name in ("tom", "aisha", "ines", "ada", "maria", "max", "otto")}
    people["nobody"] = AnonymousUser()
    return {name for name, user in people.items() if articles_readable_by(user).filter(pk=article.pk).exists()}


STAFF = {"tom", "aisha", "ines", "ada"}


def test_a_draft_is_read_by_those_who_work_with_it(house, draft):
    article = draft()
    operations.set_audience(article=article, by=house.tom, at=AT, audience="public")

    assert readers_of(article, house) == STAFF


@pytest.mark.parametrize(
    ("audience", "organizations", "outside"),
    [
        ("internal", [], set()),
        ("customers", ["acme"], {"maria", "max"}),
        ("customers", ["umbrella"], {"otto"}),
        ("customers", ["acme", "umbrella"], {"maria", "max", "otto"}),
        ("public", [], {"maria", "max", "otto", "nobody"}),
    ],
)
def test_what_is_published_is_read_by_its_audience(house, publish, audience, organizations, outside):
    article = publish(audience, [getattr(house, name) for name in organizations])

    assert readers_of(article, house) == STAFF | outside


def test_an_article_under_review_is_read_on_and_a_retired_one_is_not(house, publish):
    article = publish()
    operations.call_review(article=article, by=house.tom, at=LATER, reason="Looks old.")
    assert "nobody" in readers_of(article, house)

    operations.retire(article=Article.objects.get(pk=article.pk), by=house.aisha, at=LATER, reason="Gone.")
    assert readers_of(article, house) == STAFF


def test_somebody_who_left_reads_like_a_visitor(house, publish):
    article = publish("customers", [house.acme])
    house.maria.is_active = False

    assert not articles_readable_by(house.maria).filter(pk=article.pk).exists()


def test_the_record_behind_an_article_does_not_exist_for_requesters(house, publish, draft):
    """Not even for its author without a role, its followers, or who manages the organization that it belongs to."""
    made = draft()
    open_one = publish()
    for person in (house.maria, house.otto):
        record_operations.add_watcher(record=made, user=person, by=house.tom, at=AT)
        record_operations.add_watcher(record=open_one, user=person, by=house.tom, at=AT)
    boss = type(house.tom).objects.create_user("boss", "boss@northwind.example", name="B", organization=house.provider)
    RoleGrant.objects.create(user=boss, role="organization_manager", organization=house.provider)

    seen = {name: Record.objects.visible_to(getattr(house, name)).count() for name in ("maria", "max", "otto", "tom")}

    assert seen == {"maria": 0, "max": 0, "otto": 0, "tom": 2}
    assert Record.objects.visible_to(boss).count() == 0


def test_an_author_who_lost_the_role_sees_the_record_no_longer(house, draft):
    article = draft()
    RoleGrant.objects.filter(user=house.tom).delete()
    house.tom.__dict__.pop("_access", None)

    assert not Record.objects.visible_to(house.tom).filter(pk=article.pk).exists()


def test_the_search_of_records_finds_articles_for_the_provider_only(house, publish, client):
    publish("internal", title="Xylophone in the cellar")
    index.rebuild()

    found = {}
    for name in ("tom", "maria", "otto"):
        client.force_login(getattr(house, name))
        found[name] = "Xylophone in" in client.get("/search/?q=cellar").content.decode().replace("<mark>", "")

    assert found == {"tom": True, "maria": False, "otto": False}


def test_otto_writes_for_his_own_organization_only(house, draft):
    his = draft(by=house.otto, service=None)

    assert his.organization == house.umbrella
    assert readers_of(his, house) == STAFF | {"otto"}


def test_the_audience_of_something_published_is_the_publishers(house, publish):
    article = publish("internal")

    with pytest.raises(NotAllowed):
        operations.set_audience(article=article, by=house.tom, at=LATER, audience="public")

    operations.set_audience(article=article, by=house.aisha, at=LATER, audience="public")
    assert Article.objects.get(pk=article.pk).audience == Audience.PUBLIC


def test_making_the_audience_smaller_takes_it_away_at_once(house, publish):
    article = publish("customers", [house.acme, house.umbrella])

    operations.set_audience(
        article=article, by=house.aisha, at=LATER, audience="customers", organizations=[house.umbrella]
    )

    assert readers_of(article, house) == STAFF | {"otto"}


def test_chosen_organizations_have_to_be_chosen(house, draft):
    with pytest.raises(Refused) as refused:
        operations.set_audience(article=draft(), by=house.tom, at=AT, audience="customers")

    assert codes(refused) == ["nobody"]


def test_an_article_out_of_a_customers_ticket_may_go_to_that_customer(house, publish, log_incident):
    article = publish("customers", [house.acme], source=log_incident())

    assert readers_of(article, house) == STAFF | {"maria", "max"}


@pytest.mark.parametrize(("audience", "organizations"), [("public", []), ("customers", ["acme", "umbrella"])])
def test_it_may_not_go_further_unless_somebody_vouches_for_it(house, publish, log_incident, audience, organizations):
    chosen = [getattr(house, name) for name in organizations]

    with pytest.raises(Refused) as refused:
        publish(audience, chosen, source=log_incident())
    assert codes(refused) == ["wider_than_source"]

    article = publish(audience, chosen, source=log_incident(), confirm_nothing_of_customer=True)
    assert article.cleared_number == 1


def test_the_vouching_is_logged_and_holds_for_one_version(house, publish, log_incident):
    article = publish("public", source=log_incident(), confirm_nothing_of_customer=True)
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Ask Maria."})
    article = operations.submit(article=Article.objects.get(pk=article.pk), by=house.tom, at=LATER)

    with pytest.raises(Refused) as refused:
        operations.publish(article=article, by=house.aisha, at=LATER, review_date=article.review_date)

    assert codes(refused) == ["wider_than_source"]


def test_widening_the_audience_of_something_published_asks_the_same(house, publish, log_incident):
    article = publish("customers", [house.acme], source=log_incident())

    with pytest.raises(Refused) as refused:
        operations.set_audience(article=article, by=house.aisha, at=LATER, audience="public")
    assert codes(refused) == ["wider_than_source"]

    operations.set_audience(
        article=article, by=house.aisha, at=LATER, audience="public", confirm_nothing_of_customer=True
    )
    assert "nobody" in readers_of(article, house)
