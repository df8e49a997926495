"""Answering with articles."""

from types import SimpleNamespace

import pytest

from common.refusals import NotAllowed, Refused
from knowledge import operations, prefilling
from knowledge.models import Dismissal
from records.models import Link

from .conftest import LATER, codes


def test_a_link_leads_to_the_page_of_readers(house, publish, log_incident, settings):
    settings.BASE_URL = "https://help.example"
    article = publish(title="Reset [the] VPN")

    text = operations.insert(article=article, record=log_incident(), by=house.tom, at=LATER, way="link")

    assert text == "[Reset (the) VPN](https://help.example/portal/kb/reset-the-vpn/)"


def test_the_text_is_the_published_fix_with_where_it_comes_from(house, publish, log_incident):
    article = publish(fix="Old fix.", sections=[{"heading": "On the phone", "text": "Menu, Profile."}])
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Not yet."})

    text = operations.insert(article=article, record=log_incident(), by=house.tom, at=LATER, way="text")

    assert text.startswith("Old fix.\n\n**On the phone**\n\nMenu, Profile.\n\nFrom: [Reset your VPN profile](")


@pytest.mark.parametrize("way", ["link", "text"])
def test_an_internal_article_does_not_go_into_an_answer(house, publish, log_incident, way):
    inner, incident = publish("internal"), log_incident()

    with pytest.raises(Refused) as refused:
        operations.insert(article=inner, record=incident, by=house.tom, at=LATER, way=way)

    assert codes(refused) == ["not_for_them"]
    assert not Link.objects.exists()


def test_it_may_still_have_helped_the_agent(house, publish, log_incident):
    inner, incident = publish("internal"), log_incident()

    assert operations.insert(article=inner, record=incident, by=house.tom, at=LATER, way="none") == ""
    assert Link.objects.get().kind == "answered_with"


def test_an_article_for_others_does_not_go_to_this_customer(house, publish, log_incident):
    article = publish("customers", [house.umbrella])

    with pytest.raises(Refused) as refused:
        operations.insert(article=article, record=log_incident(), by=house.tom, at=LATER, way="link")

    assert codes(refused) == ["not_for_them"]


def test_a_draft_answers_nobody(house, draft, log_incident):
    with pytest.raises(Refused) as refused:
        operations.insert(article=draft(), record=log_incident(), by=house.tom, at=LATER, way="none")

    assert codes(refused) == ["not_shown"]


def test_answering_twice_makes_one_link(house, publish, log_incident):
    article, incident = publish(), log_incident()

    for way in ("link", "text"):
        operations.insert(article=article, record=incident, by=house.tom, at=LATER, way=way)

    assert Link.objects.count() == 1


def test_a_requester_does_not_answer_with_articles(house, publish, log_incident):
    article, incident = publish(), log_incident()

    with pytest.raises(NotAllowed):
        operations.insert(article=article, record=incident, by=house.maria, at=LATER, way="none")
    with pytest.raises(NotAllowed):
        operations.dismiss(article=article, record=incident, by=house.maria, at=LATER)


def test_otto_answers_his_own_tickets_with_what_is_public(house, publish, log_incident):
    article, his = publish(), log_incident(requester=house.otto, service=None)

    text = operations.insert(article=article, record=his, by=house.otto, at=LATER, way="link")

    assert article.portal_address in text


def test_using_takes_a_dismissal_back(house, publish, log_incident):
    article, incident = publish(), log_incident()
    operations.dismiss(article=article, record=incident, by=house.tom, at=LATER)
    operations.dismiss(article=article, record=incident, by=house.aisha, at=LATER)
    assert Dismissal.objects.count() == 1

    operations.insert(article=article, record=incident, by=house.tom, at=LATER, way="none")

    assert not Dismissal.objects.exists()


def test_an_article_takes_the_words_of_a_known_error_before_those_of_its_problem():
    known = SimpleNamespace(symptom="Drops.", cause="Memory.", workaround="Use gateway 1.")
    problem = SimpleNamespace(description="Long.", known_error=known)
    record = SimpleNamespace(title="VPN", service_id=7, specific=problem)

    assert prefilling.from_record(record) == {
        "title": "VPN", "service": 7, "symptom": "Drops.", "cause": "Memory.", "fix": "Use gateway 1.",
    }  # fmt: skip
