"""Links between records that not everybody may see: the history of the one never says the title of the other."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.html import escape

from audit import log
from audit.models import Entry
from people.enums import Role
from people.models import RoleGrant, User
from problems import operations as problem_operations
from records import operations
from records.enums import LinkKind
from records.models import Link
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

NOW = moment("2026-03-03 09:00")
SECRET = "Umbrella was told a wrong price"


@pytest.fixture
def rita(house: SimpleNamespace) -> User:
    """An agent of the provider for Acme alone."""
    person = User.objects.create_user(
        "rita", "rita@northwind.example", "long enough, surely", name="Rita Sand", organization=house.provider
    )
    RoleGrant.objects.create(user=person, role=Role.TECHNICIAN, organization=house.acme)
    return person


@pytest.fixture
def linked(house: SimpleNamespace, log_incident: Any) -> SimpleNamespace:
    """An incident of Acme, caused by a problem that belongs to the provider."""
    incident = log_incident()
    problem = problem_operations.create(by=house.tom, at=NOW, title=SECRET)
    link = operations.link(record=incident, to=problem, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)
    return SimpleNamespace(incident=incident, problem=problem, link=link)


def page_of(client: Any, person: User, record: Any) -> str:
    client.force_login(person)
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_who_may_not_see_the_other_record_reads_its_reference_and_no_title(
    client: Any, rita: User, linked: SimpleNamespace
) -> None:
    text = page_of(client, rita, linked.incident)

    assert linked.problem.reference in text
    assert SECRET not in text


def test_who_may_see_it_reads_the_title(client: Any, house: SimpleNamespace, linked: SimpleNamespace) -> None:
    text = page_of(client, house.tom, linked.incident)

    assert f"{linked.problem.reference}</a> <bdi>{SECRET}</bdi>" in text


def test_a_removed_link_leaves_the_reference(client: Any, rita: User, house: Any, linked: SimpleNamespace) -> None:
    operations.unlink(link=linked.link, by=house.tom, at=NOW)

    text = page_of(client, rita, linked.incident)

    assert not Link.objects.exists()
    assert text.count(f">{linked.problem.reference}<") == 2
    assert SECRET not in text


def test_the_title_is_in_no_entry(house: Any, linked: SimpleNamespace, log_incident: Any) -> None:
    other = log_incident(title="A second one")
    operations.link_many(records=[other], to=linked.problem, kind=LinkKind.CAUSED_BY, by=house.tom, at=NOW)
    operations.unlink(link=linked.link, by=house.tom, at=NOW)

    said = Entry.objects.filter(action__endswith="linked").values_list("subject_id", "data__other_label")

    assert set(said) == {
        (linked.incident.pk, linked.problem.reference),
        (linked.problem.pk, linked.incident.reference),
        (other.pk, linked.problem.reference),
        (linked.problem.pk, other.reference),
    }


def test_entries_of_earlier_versions_lose_the_title_where_they_are_read(
    client: Any,
    rita: User,
    linked: SimpleNamespace,
    as_: Any,  # noqa: F811 - the fixture
) -> None:
    log.record(
        "incident.linked",
        subject_kind="record",
        subject_id=linked.incident.pk,
        by=None,
        at=NOW,
        data={"link": "related_to", "other": linked.problem.pk, "other_label": f"{linked.problem.reference} {SECRET}"},
    )

    text = page_of(client, rita, linked.incident)
    response = as_(rita).get(f"incidents/{linked.incident.reference}/history")

    assert SECRET not in text
    assert SECRET not in response.content.decode()
    assert [each["data"]["other_label"] for each in response.json()["items"] if "other_label" in each["data"]] == [
        linked.problem.reference,
        linked.problem.reference,
    ]


def test_html_in_the_title_of_a_linked_record_is_text(client: Any, house: Any, log_incident: Any) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    incident, other = log_incident(), log_incident(title=nasty)
    operations.link(record=incident, to=other, kind=LinkKind.RELATED_TO, by=house.tom, at=NOW)

    text = page_of(client, house.tom, incident)

    assert nasty not in text
    assert f"<bdi>{escape(nasty)}</bdi>" in text
