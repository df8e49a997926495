"""Giving and taking roles: nobody hands out what is as high as their own."""

from types import SimpleNamespace

import pytest

from common.refusals import NotAllowed, Refused
from people import operations
from people.enums import Role
from people.models import RoleGrant, User


@pytest.fixture
def ursula(house: SimpleNamespace) -> User:
    """Manages the users of Acme and of nobody else."""
    user = User.objects.create_user("ursula", "ursula@acme.example", None, name="Ursula Ek", organization=house.acme)
    RoleGrant.objects.create(user=user, role=Role.USER_MANAGER, organization=house.acme)
    return user


def test_a_user_manager_gives_a_role_below_their_own_where_theirs_reaches(house, ursula):
    grant = operations.grant_role(by=ursula, user=house.maria, role=Role.ORGANIZATION_MANAGER, organization=house.acme)

    assert (grant.user, grant.granted_by) == (house.maria, ursula)


@pytest.mark.parametrize("role", [Role.USER_MANAGER, Role.ADMINISTRATOR])
def test_a_user_manager_gives_no_role_as_high_as_their_own(house, ursula, role):
    with pytest.raises(NotAllowed, match="not below your own"):
        operations.grant_role(by=ursula, user=house.maria, role=role, organization=house.acme)

    assert not RoleGrant.objects.filter(user=house.maria).exists()


@pytest.mark.parametrize("where", [None, "umbrella"])
def test_a_user_manager_gives_no_role_beyond_their_reach(house, ursula, where):
    organization = getattr(house, where) if where else None

    with pytest.raises(NotAllowed, match="does not reach that far"):
        operations.grant_role(by=ursula, user=house.maria, role=Role.TECHNICIAN, organization=organization)


def test_a_user_manager_gives_nothing_to_oneself_or_to_people_of_others(house, ursula):
    with pytest.raises(NotAllowed, match="your own roles"):
        operations.grant_role(by=ursula, user=ursula, role=Role.TECHNICIAN, organization=house.acme)
    with pytest.raises(NotAllowed):
        operations.grant_role(by=ursula, user=house.otto, role=Role.TECHNICIAN, organization=house.acme)

    assert RoleGrant.objects.filter(user=ursula).count() == 1


def test_a_user_manager_takes_no_role_from_an_administrator(house, ursula):
    house.ada.organization = house.acme
    house.ada.save(update_fields=["organization"])

    with pytest.raises(NotAllowed):
        operations.withdraw_role(by=ursula, grant=house.ada.role_grants.get())

    assert house.ada.role_grants.exists()


@pytest.mark.parametrize("who", ["tom", "otto", "maria"])
def test_who_manages_no_users_gives_no_role(house, who):
    with pytest.raises(NotAllowed):
        operations.grant_role(by=getattr(house, who), user=house.max, role=Role.TECHNICIAN, organization=house.acme)


def test_a_role_is_given_once(house):
    with pytest.raises(Refused, match="has this role already"):
        operations.grant_role(by=house.ada, user=house.tom, role=Role.TECHNICIAN)
