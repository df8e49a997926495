"""Who may do what: denied by default, by role, relation, organization and token."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from common.refusals import NotAllowed, Refused
from itsm.embedded import prepare
from people import matrix, tokens
from people.access import Access, access_of, can, forget, require
from people.enums import Role
from people.models import Organization, RoleGrant, User
from records.models import Record
from tests.conftest import moment

AT = moment("2026-03-02 09:00")


def test_nobody_signed_in_may_nothing():
    assert not any(can(AnonymousUser(), rule.operation) for rule in matrix.rules())


@pytest.mark.django_db
def test_a_person_who_left_may_nothing(house):
    house.tom.is_active = False

    assert not any(can(house.tom, rule.operation) for rule in matrix.rules())


@pytest.mark.django_db
def test_every_operation_is_denied_to_a_role_that_the_matrix_does_not_name(house):
    for rule in matrix.rules():
        for role in Role:
            access = Access(user=house.tom, reach={role: None})
            assert access.allows(rule.operation) == (role in rule.roles), (rule.operation, role)


@pytest.mark.django_db
def test_a_role_for_one_organization_reaches_no_other(house):
    foreign = SimpleNamespace(organization_id=house.acme.pk, requester_id=house.maria.pk)
    own = SimpleNamespace(organization_id=house.umbrella.pk, requester_id=house.maria.pk)

    assert can(house.otto, "record.note", own)
    assert not can(house.otto, "record.note", foreign)


@pytest.mark.django_db
def test_the_whole_installation_needs_a_role_for_every_organization(house):
    RoleGrant.objects.create(user=house.otto, role=Role.ADMINISTRATOR, organization=house.umbrella)
    forget(house.otto)

    assert not can(house.otto, "setup.edit")
    assert can(house.ada, "setup.edit")


@pytest.mark.django_db
def test_records_are_seen_by_role_requester_and_follower_only(house, log_incident):
    incident = log_incident()

    def seers():
        people = (house.tom, house.aisha, house.ines, house.maria, house.max, house.otto)
        return [p.username for p in people if Record.objects.visible_to(p).filter(pk=incident.pk).exists()]

    assert seers() == ["tom", "aisha", "ines", "maria", "max"]
    assert not Record.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.django_db
def test_a_refusal_says_what_and_who_can_help(house):
    with pytest.raises(NotAllowed, match="An administrator can give you a role"):
        require(house.maria, "record.note")


@pytest.mark.django_db
def test_working_out_access_takes_one_query_once(house, django_assert_num_queries):
    fresh = type(house.tom).objects.get(pk=house.tom.pk)

    with django_assert_num_queries(1):
        for rule in matrix.rules():
            access_of(fresh).allows(rule.operation)


@pytest.mark.django_db
def test_a_token_is_kept_as_a_hash_only(house):
    row, token = tokens.issue(user=house.tom, name="script", scopes=["records:read"], at=AT)

    assert token.startswith("stw_")
    assert bytes(row.digest) == tokens.digest_of(token)
    assert token not in str(row.__dict__)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scopes", "lifetime", "field"),
    [
        ([], timedelta(days=1), "scopes"),
        (["everything"], timedelta(days=1), "scopes"),
        (["records:read"], timedelta(0), "lifetime"),
        (["records:read"], timedelta(days=367), "lifetime"),
    ],
)
def test_a_token_without_known_scopes_or_with_an_endless_life_is_refused(house, scopes, lifetime, field):
    with pytest.raises(Refused) as refused:
        tokens.issue(user=house.tom, name="script", scopes=scopes, at=AT, lifetime=lifetime)

    assert refused.value.refusals[0].field == field
    assert not house.tom.api_tokens.exists()


def test_the_token_never_gives_more_than_its_person_has():
    access = Access(user=None, reach={Role.REQUESTER: {1}}, token_scopes=frozenset({"setup:write"}))

    assert not access.allows("setup.edit")


def test_an_operation_can_not_be_declared_twice():
    with pytest.raises(ValueError, match="twice"):
        matrix.declare("record.view", "x", scope="records:read", roles={})


def test_the_first_administrator_of_an_empty_installation_brings_the_provider_along(db, client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-word-for-roots")
    for name in ("root", "second"):
        call_command("createsuperuser", interactive=False, username=name, email=f"{name}@x.example", name=name)

    assert [(each.slug, each.is_provider) for each in Organization.objects.all()] == [("service-provider", True)]
    client.force_login(User.objects.get(username="root"))
    assert [client.get(address).status_code for address in ("/", "/queue/", "/admin/set-up/")] == [200, 200, 200]


def test_imported_people_without_a_password_do_not_hide_that_nobody_can_sign_in(db):
    User.objects.create(username="then", name="Then", password="!", organization=Organization.objects.create(name="A"))
    assert "createsuperuser" in prepare.first_steps()

    User.objects.create_superuser("root", password="a-long-word-for-roots", name="Root")

    assert prepare.first_steps() == ""
