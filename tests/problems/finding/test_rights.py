"""Who may decide about a group, in every set of roles, and where the problem then belongs."""

from types import SimpleNamespace
from typing import Any

import pytest

from common.refusals import NotAllowed
from people.enums import Role
from people.models import RoleGrant, User
from problems.finding import operations, runs
from problems.finding.models import Cluster
from problems.models import Problem
from records.models import Link

from .conftest import NOW

DECIDE = {
    Role.REQUESTER: False,
    Role.ORGANIZATION_MANAGER: False,
    Role.TECHNICIAN: True,
    Role.TEAM_LEAD: True,
    Role.SERVICE_MANAGER: True,
    Role.CHANGE_MANAGER: False,
    Role.AUDITOR: False,
    Role.USER_MANAGER: False,
    Role.ADMINISTRATOR: False,
}


@pytest.fixture
def with_roles(house: SimpleNamespace) -> Any:
    """Make Kim of the provider, who has these roles: for all customers, or for those named."""

    def make(*roles: Role, of: Any = None) -> User:
        kim, _is_new = User.objects.get_or_create(
            username="kim",
            defaults={"email": "kim@northwind.example", "name": "Kim Lee", "organization": house.provider},
        )
        for role in roles:
            RoleGrant.objects.create(user=kim, role=role, organization=of)
        return User.objects.get(pk=kim.pk)

    return make


def test_every_role_is_asked_here() -> None:
    assert set(DECIDE) == set(Role)


@pytest.mark.parametrize(("role", "may"), DECIDE.items())
def test_each_role_for_all_customers(found: Cluster, with_roles: Any, client: Any, role: Role, may: bool) -> None:
    kim = with_roles(role)
    client.force_login(kim)

    page = client.get(found.get_absolute_url())
    opened = client.post(f"{found.get_absolute_url()}acceptance/", {"title": "VPN"})

    offered = page.status_code == 200 and "Open problem" in page.content.decode()
    assert (offered, opened.status_code) == (may, 302 if may else 403)
    assert Problem.objects.count() == int(may)
    assert Link.objects.count() == (5 if may else 0)


@pytest.mark.parametrize(("role", "may"), DECIDE.items())
def test_each_role_for_the_customer_concerned(
    found: Cluster, with_roles: Any, client: Any, house: Any, role: Role, may: bool
) -> None:
    kim = with_roles(role, of=house.acme)
    client.force_login(kim)

    response = client.post(f"{found.get_absolute_url()}acceptance/", {"title": "VPN"})

    assert response.status_code == (302 if may else 403)
    if may:
        problem = Problem.objects.get()
        # Theirs is Acme alone: among the provider's own problems they could not see it.
        assert (problem.organization, problem.requester) == (house.acme, kim)
        assert client.get(problem.get_absolute_url()).status_code == 200


def test_a_lead_of_another_customer_sees_no_such_group(
    found: Cluster, with_roles: Any, client: Any, house: Any
) -> None:
    client.force_login(with_roles(Role.TEAM_LEAD, Role.SERVICE_MANAGER, of=house.umbrella))

    assert client.get(found.get_absolute_url()).status_code == 404
    assert client.post(f"{found.get_absolute_url()}acceptance/", {"title": "VPN"}).status_code == 404


def test_who_reads_everything_but_works_for_one_customer_decides_about_that_one_only(
    similar: Any, with_roles: Any, client: Any, house: Any
) -> None:
    similar(5)
    similar(5, requester=house.otto, title="Mailbox full, can't send")
    runs.find(at=NOW)
    with_roles(Role.AUDITOR)
    kim = with_roles(Role.TEAM_LEAD, of=house.acme)
    client.force_login(kim)
    theirs = Cluster.objects.get(organization_ids=[house.umbrella.pk])
    page = client.get(theirs.get_absolute_url())

    refused = client.post(f"{theirs.get_absolute_url()}dismissal/", {"reason": "Chance"})
    for act in (operations.accept, operations.link_newer, operations.reconsider):
        with pytest.raises(NotAllowed):
            act(cluster=theirs, by=kim, at=NOW)

    assert page.status_code == 200
    assert "Open problem" not in page.content.decode()
    assert "Dismiss group" not in page.content.decode()
    assert refused.status_code == 403
    theirs.refresh_from_db()
    assert theirs.is_proposed
    assert not Problem.objects.exists()


def test_what_the_provider_s_own_people_open_stays_among_them(found: Cluster, with_roles: Any, house: Any) -> None:
    problem = operations.accept(cluster=found, by=with_roles(Role.SERVICE_MANAGER), at=NOW)

    assert problem.organization == house.provider
