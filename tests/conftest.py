"""The people and places every test knows: Maria reports, Tom is first line, Aisha leads networks, Ines manages changes,
Otto belongs elsewhere and must see nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from people.enums import Role
from people.models import Membership, Organization, RoleGrant, Team, User, Vocabulary
from procedures.defaults import ensure_base_set

# The same examples on every machine, and none refused because the machine is busy.
hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

PASSWORD = "correct horse battery staple"
HASHED = make_password(PASSWORD, hasher="md5")


def moment(text: str) -> datetime:
    """`2026-03-02 09:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


# What migrations filled in, remembered before the first test; what belongs to the code alone is never touched.
REMEMBER = """
DO $$ DECLARE name text; has_rows boolean; BEGIN
    DROP SCHEMA IF EXISTS shipped CASCADE;
    CREATE SCHEMA shipped;
    FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has_rows;
        IF has_rows THEN EXECUTE format('CREATE TABLE shipped.%I AS TABLE public.%I', name, name); END IF;
    END LOOP;
END $$
"""
# Tables without a page hold no row, and most of what is shipped stands as it was: neither is written anew. Triggers and
# keys keep still meanwhile, so that the log of acts can be emptied, too.
AS_SHIPPED = """
DO $$ DECLARE name text; is_shipped boolean; is_touched boolean; columns text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name, is_shipped IN
        SELECT here.relname, kept.oid IS NOT NULL FROM pg_class here LEFT JOIN pg_class kept
            ON kept.relname = here.relname AND kept.relkind = 'r' AND kept.relnamespace = 'shipped'::regnamespace
        WHERE here.relkind = 'r' AND here.relnamespace = 'public'::regnamespace
        AND (kept.oid IS NOT NULL OR pg_relation_size(here.oid) > 0)
        AND here.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        IF is_shipped THEN
            EXECUTE format(
                'SELECT (SELECT count(*) FROM public.%1$I) <> (SELECT count(*) FROM shipped.%1$I)'
                ' OR EXISTS (TABLE public.%1$I EXCEPT ALL TABLE shipped.%1$I)', name
            ) INTO is_touched;
        ELSE
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO is_touched;
        END IF;
        CONTINUE WHEN NOT is_touched;
        EXECUTE format('DELETE FROM public.%I', name);
        CONTINUE WHEN NOT is_shipped;
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
        WHERE attrelid = format('public.%I', name)::regclass AND attnum > 0 AND NOT attisdropped
            AND attgenerated = '';
        EXECUTE format(
            'INSERT INTO public.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM shipped.%I', name, columns, columns, name
        );
    END LOOP;
END $$
"""


@pytest.fixture(autouse=True, scope="session")
def _flush_quickly() -> Iterator[None]:
    """
    Let tests with real transactions, which end by emptying all tables, empty those that hold rows and fill in again
    what an installation starts with, so that no test depends on which one came before.

    To truncate hundreds of tables takes a second each time, waits for whoever still reads one of them, and has Django
    make all its permissions again. The role of the database is a superuser's, as that of the embedded one.
    """

    def flush_all(_self: DatabaseOperations, statements: list[str]) -> None:
        post_migrate.disconnect(create_contenttypes)
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        if statements:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(AS_SHIPPED)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_all)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Remember what migrations filled in."""
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REMEMBER)


@pytest.fixture
def house(db: None) -> SimpleNamespace:
    """The provider with two teams, the customer Acme, and Umbrella, which has nothing to do with them."""
    provider, acme, umbrella = Organization.objects.bulk_create(
        [
            Organization(name="Northwind IT", slug="northwind", is_provider=True),
            Organization(name="Acme", slug="acme"),
            Organization(name="Umbrella", slug="umbrella"),
        ]
    )
    grants: list[RoleGrant] = []

    def person(username: str, name: str, organization: Organization, *roles: Role, scope: Any = None) -> User:
        email = f"{username}@{organization.slug}.example"
        user = User(username=username, email=email, password=HASHED, name=name, organization=organization)
        grants.extend(RoleGrant(user=user, role=role, organization=scope) for role in roles)
        return user

    tom = person("tom", "Tom Beck", provider, Role.TECHNICIAN)
    aisha = person("aisha", "Aisha Khan", provider, Role.TECHNICIAN, Role.TEAM_LEAD)
    ines = person("ines", "Ines Duarte", provider, Role.SERVICE_MANAGER, Role.CHANGE_MANAGER)
    ada = person("ada", "Ada Lund", provider, Role.ADMINISTRATOR)
    ada.is_staff = True
    otto = person("otto", "Otto Weiss", umbrella, Role.ORGANIZATION_MANAGER, Role.TECHNICIAN, scope=umbrella)
    maria = person("maria", "Maria Rossi", acme)
    max_ = person("max", "Max Stone", acme, Role.ORGANIZATION_MANAGER, scope=acme)
    User.objects.bulk_create([tom, aisha, ines, ada, otto, maria, max_])
    RoleGrant.objects.bulk_create(grants)
    first_line, networks = Team.objects.bulk_create(
        [
            Team(name="Service desk", slug="service-desk", lead=tom, is_first_line=True),
            Team(name="Networks", slug="networks", lead=aisha),
        ]
    )
    Membership.objects.bulk_create([Membership(user=tom, team=first_line), Membership(user=aisha, team=networks)])
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


@pytest.fixture
def base_set(db: None) -> None:
    """The procedures that every installation starts with."""
    ensure_base_set(at=moment("2026-01-01 00:00"))


@pytest.fixture
def vocabularies(db: None) -> dict[str, Vocabulary]:
    """The shipped ones by short name."""
    for slug in ("itil4", "usm", "mof4", "iso20000-1"):
        Vocabulary.objects.get_or_create(
            slug=slug, defaults={"name": slug.upper(), "is_shipped": True, "is_default": slug == "itil4"}
        )
    return {each.slug: each for each in Vocabulary.objects.all()}
