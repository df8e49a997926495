"""Which news comes where: what is switched off is not told, and a decision always keeps a way."""

from typing import Any

import pytest

from audit import outbox
from common.refusals import Refused
from incidents import operations
from notifications import preferences
from notifications.models import Notice, Silence
from records import operations as record_operations
from tests.conftest import moment

NINE = moment("2026-03-02 09:00")
TEN = moment("2026-03-02 10:00")
ADDRESS = "/me/news/"


def deliver() -> None:
    while outbox.dispatch_due(at=moment("2026-03-03 00:00")):
        pass


def told() -> set[tuple[str, str]]:
    deliver()
    return set(Notice.objects.values_list("user__username", "kind"))


def without(*pairs: tuple[str, str]) -> set[tuple[str, str]]:
    return preferences.known() - set(pairs)


def test_everything_is_told_at_first(house):
    assert preferences.wanted_by(house.tom) == preferences.known()


def test_what_is_switched_off_is_not_told_and_the_rest_is(house, log_incident):
    preferences.choose(by=house.aisha, wanted=without(("assigned", "product")))
    incident = log_incident()

    operations.assign(incident=incident, by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)
    record_operations.add_note(record=incident, by=house.tom, at=TEN, text="Look at gateway 2, @aisha.")

    assert told() == {("aisha", "mentioned")}


def test_one_person_s_silence_is_nobody_else_s(house, log_incident):
    preferences.choose(by=house.tom, wanted=without(("assigned", "product")))

    operations.assign(incident=log_incident(), by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)

    assert told() == {("aisha", "assigned")}


def test_what_came_before_stays(house, log_incident):
    operations.assign(incident=log_incident(), by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)
    before = told()

    preferences.choose(by=house.aisha, wanted=without(("assigned", "product")))

    assert told() == before == {("aisha", "assigned")}


def test_switched_on_again_it_is_told_again(house, log_incident):
    preferences.choose(by=house.aisha, wanted=without(("assigned", "product")))
    preferences.choose(by=house.aisha, wanted=preferences.known())

    operations.assign(incident=log_incident(), by=house.tom, at=NINE, team=house.networks, assignee=house.aisha)

    assert told() == {("aisha", "assigned")}
    assert not Silence.objects.exists()


def test_a_decision_keeps_a_way_to_the_person(house):
    with pytest.raises(Refused, match="Others wait for your decisions"):
        preferences.choose(by=house.tom, wanted=without(("decision", "product"), ("decision", "mail")))

    assert preferences.wanted_by(house.tom) == preferences.known()


def test_mail_is_no_way_to_somebody_without_an_address(house):
    house.tom.email = ""
    house.tom.save()

    with pytest.raises(Refused, match="Others wait for your decisions"):
        preferences.choose(by=house.tom, wanted=without(("decision", "product")))


@pytest.mark.parametrize("pair", [("assigned", "mail"), ("assigned", "pigeon"), ("weather", "product")])
def test_a_channel_that_there_is_not_is_refused(house, pair):
    with pytest.raises(Refused, match="There is no news"):
        preferences.choose(by=house.tom, wanted=preferences.known() | {pair})


def test_every_kind_says_what_it_means():
    assert set(preferences.MEANINGS) == set(preferences.CHANNELS)


def test_the_page_keeps_what_was_chosen(client, house):
    client.force_login(house.tom)
    wanted = [f"{kind}:{channel}" for kind, channel in without(("replied", "product"), ("decision", "mail"))]

    saved = client.post(ADDRESS, {"wanted": wanted})

    page = client.get(ADDRESS).content.decode()
    assert (saved.status_code, saved["Location"]) == (303, ADDRESS)
    assert preferences.wanted_by(house.tom) == without(("replied", "product"), ("decision", "mail"))
    assert 'value="replied:product" id="replied-product">' in page
    assert 'value="assigned:product" id="assigned-product" checked>' in page
    assert page.count("There is no mail for this.") == 6


def test_a_refused_choice_stands_on_the_page_with_its_reason(client, house):
    client.force_login(house.tom)

    answer = client.post(ADDRESS, {"wanted": ["mentioned:product"]})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#decision-product">Others wait for your decisions.' in page
    assert 'id="mentioned-product" checked>' in page
    assert preferences.wanted_by(house.tom) == preferences.known()


def test_a_requester_chooses_too(client, house):
    client.force_login(house.maria)

    assert client.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_telling_costs_one_statement_for_all_silences(house, rows, django_assert_num_queries):
    people: list[Any] = [house.tom, house.aisha, house.ines][:rows]

    with django_assert_num_queries(1):
        preferences.silenced("assigned", "product", people)
