"""The people and places every test knows: Maria reports, Tom is first line, Aisha leads networks, Ines manages changes,
Otto belongs elsewhere and must see nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from people.enums import Role
from people.models import Membership, Organization, RoleGrant, Team, User

PASSWORD = "correct horse battery staple"


def moment(text: str) -> datetime:
    """`2026-03-02 09:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True, scope="session")
def _flush_empties_the_log() -> Iterator[None]:
    """Let tests with real transactions, which end by emptying all tables, empty the append-only log of acts too."""
    refusing = "ALTER TABLE audit_entry {} TRIGGER audit_entry_no_truncate"
    flush = DatabaseOperations.execute_sql_flush

    def flush_all(self: DatabaseOperations, statements: list[str]) -> None:
        flush(self, [refusing.format("DISABLE"), *statements, refusing.format("ENABLE")])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_all)
        yield


@pytest.fixture
def house(db: None) -> SimpleNamespace:
    """The provider with two teams, the customer Acme, and Umbrella, which has nothing to do with them."""
    provider = Organization.objects.create(name="Northwind IT", slug="northwind", is_provider=True)
    acme = Organization.objects.create(name="Acme", slug="acme")
    umbrella = Organization.objects.create(name="Umbrella", slug="umbrella")

    def person(username: str, name: str, organization: Organization, *roles: Role, scope: Any = None) -> User:
        user = User.objects.create_user(
            username,
            f"{username}@{organization.slug}.example",
            PASSWORD,
            name=name,
            organization=organization,
        )
        for role in roles:
            RoleGrant.objects.create(user=user, role=role, organization=scope)
        return user

    tom = person("tom", "Tom Beck", provider, Role.TECHNICIAN)
    aisha = person("aisha", "Aisha Khan", provider, Role.TECHNICIAN, Role.TEAM_LEAD)
    ines = person("ines", "Ines Duarte", provider, Role.SERVICE_MANAGER, Role.CHANGE_MANAGER)
    ada = person("ada", "Ada Lund", provider, Role.ADMINISTRATOR)
    ada.is_staff = True
    ada.save(update_fields=["is_staff"])
    otto = person("otto", "Otto Weiss", umbrella, Role.ORGANIZATION_MANAGER, Role.TECHNICIAN, scope=umbrella)
    maria = person("maria", "Maria Rossi", acme)
    max_ = person("max", "Max Stone", acme, Role.ORGANIZATION_MANAGER, scope=acme)
    first_line = Team.objects.create(name="Service desk", slug="service-desk", lead=tom, is_first_line=True)
    networks = Team.objects.create(name="Networks", slug="networks", lead=aisha)
    Membership.objects.create(user=tom, team=first_line)
    Membership.objects.create(user=aisha, team=networks)
    return SimpleNamespace(
        provider=provider,
        acme=acme,
        umbrella=umbrella,
        tom=tom,
        aisha=aisha,
        ines=ines,
        ada=ada,
        otto=otto,
        maria=maria,
        max=max_,
        first_line=first_line,
        networks=networks,
    )


@pytest.fixture
def vpn(house: SimpleNamespace) -> Any:
    """A service of the provider, supported by Networks."""
    from services.models import Service

    return Service.objects.create(name="VPN", slug="vpn", support_team=house.networks, owner=house.aisha)


@pytest.fixture
def log_incident(house: SimpleNamespace, vpn: Any) -> Any:
    """Log an incident for Maria as Tom, on Monday 2 March 2026 at 09:00 UTC; anything can be said otherwise."""
    from incidents import operations

    def log(**said: Any) -> Any:
        defaults: dict[str, Any] = {
            "by": house.tom,
            "at": moment("2026-03-02 09:00"),
            "requester": house.maria,
            "title": "VPN drops every 20 minutes",
            "service": vpn,
            "source": "phone",
        }
        return operations.create(**(defaults | said))

    return log
