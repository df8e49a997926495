"""What nobody should send about articles, by the page and over REST: refused, with nothing done and nothing lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.refusals import Refused
from knowledge import operations
from knowledge.models import Article
from records import operations as record_operations
from records.models import Link
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures

from .conftest import AT, LATER, codes

WIDER = "which the readers of this article may not see"


def test_a_review_date_that_has_passed_is_refused_by_every_door(
    house,
    client,
    as_,  # noqa: F811
    draft,
    publish,
    subtests,
):
    published = publish()
    waiting = operations.submit(article=draft(title="Clear a paper jam"), by=house.tom, at=AT)
    today = timezone.now().date() - timedelta(days=1)
    client.force_login(house.aisha)

    for article, noun in ((waiting, "publication"), (published, "confirmation")):
        for day in (str(today), "1980-01-01"):
            with subtests.test(noun, day=day):
                address = f"/kb/{article.reference}/{noun}/"
                said = {"review_date": day, "reason": "Read <i>twice</i>."}
                answer = as_(house.aisha).post(f"/api/v1{address}", said)
                page = client.post(address, said)

                assert (answer.status_code, page.status_code) == (422, 422)
                assert [each["code"] for each in answer.json()["errors"]] == ["past"]
                assert "is not in the future" in page.content.decode()
                assert f'value="{day}"' in page.content.decode()
                assert "<i>twice" not in page.content.decode()

    assert Article.objects.get(pk=waiting.pk).state == "in_review"


def test_no_door_lets_an_article_reach_further_than_what_it_was_drafted_from(
    house,
    client,
    as_,  # noqa: F811
    draft,
    log_incident,
    subtests,
):
    incident = log_incident()
    article = draft(source=incident)
    operations.set_audience(article=article, by=house.tom, at=AT, audience="public")
    operations.submit(article=article, by=house.tom, at=AT)
    link = Link.objects.get(from_record=article.pk, kind="raised_from")
    client.force_login(house.aisha)
    aisha, said = as_(house.aisha), {"review_date": "2199-01-01"}

    with subtests.test("publishing it"):
        answer = aisha.post(f"kb/{article.reference}/publication/", said)
        page = client.post(f"/kb/{article.reference}/publication/", said)
        assert (answer.status_code, page.status_code) == (422, 422)
        assert WIDER in answer.json()["errors"][0]["message"]
        assert WIDER in page.content.decode()
        assert 'value="2199-01-01"' in page.content.decode()
    with subtests.test("taking away the link with its source"):
        for record in (article, incident):
            slug = record.practice.slug
            answer = aisha.delete(f"{slug}/{record.reference}/links/{link.pk}/")
            page = client.post(f"/r/{record.reference}/links/{link.pk}/removal/")
            assert answer.json()["errors"][0]["code"] == "source"
            assert "so this link stays" in client.get(page["Location"]).content.decode()
    with subtests.test("making it wider afterwards"):
        operations.set_audience(
            article=article, by=house.tom, at=AT, audience="customers", organizations=[incident.organization]
        )
        operations.publish(article=article, by=house.aisha, at=AT, review_date=LATER.date() + timedelta(days=9))
        answer = aisha.call("PUT", f"kb/{article.reference}/audience/", {"audience": "public"})
        page = client.post(f"/kb/{article.reference}/audience/", {"audience": "public"})
        assert (answer.status_code, page.status_code) == (422, 422)
        assert answer.json()["errors"][0]["code"] == "wider_than_source"

    assert Article.objects.get(pk=article.pk).audience == "customers"
    assert Link.objects.filter(pk=link.pk).exists()


def test_other_links_of_an_article_can_be_removed(house, draft, log_incident):
    article = draft()
    link = record_operations.link(record=article, to=log_incident(), kind="related_to", by=house.tom, at=AT)

    record_operations.unlink(link=link, by=house.tom, at=AT)

    assert not Link.objects.exists()


def test_an_author_learns_nothing_of_alike_articles_that_they_may_not_read(house, publish, draft):
    publish("internal", title="Umbrella pays twice for the VPN")
    theirs = draft(by=house.otto, title="Umbrella pays twice for the VPN", service=None)
    ours = draft(title="Umbrella pays twice for the VPN!")

    operations.submit(article=theirs, by=house.otto, at=AT)
    with pytest.raises(Refused) as refused:
        operations.submit(article=ours, by=house.tom, at=AT)

    assert codes(refused) == ["duplicate"]
    assert Article.objects.get(pk=theirs.pk).state == "in_review"
