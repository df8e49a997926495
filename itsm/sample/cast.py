"""Who and what the sample story is about: forty people, six services, four teams, and what was agreed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from calendars.models import Calendar
from calendars.seeds import ensure_default_calendars
from people.enums import Role
from people.models import Membership, Organization, RoleGrant, Team, User, Vocabulary
from records.models import Category
from services.models import ConfigurationItem, Criticality, Offering, Service
from slm.enums import ClockKind, MaintenancePolicy
from slm.operations import create_agreement

from . import agreements

PROVIDER_SLUG = "northwind"
STAFF = (
    # user name, name, job, roles, team
    ("ada", "Ada Lund", "Platform administrator", (Role.ADMINISTRATOR,), None),
    ("tom", "Tom Beck", "Service desk agent", (Role.TECHNICIAN,), "Service desk"),
    ("mei", "Mei Tanaka", "Service desk agent", (Role.TECHNICIAN,), "Service desk"),
    ("luca", "Luca Romano", "Service desk lead", (Role.TECHNICIAN, Role.TEAM_LEAD), "Service desk"),
    ("aisha", "Aisha Khan", "Network lead", (Role.TECHNICIAN, Role.TEAM_LEAD), "Networks"),
    ("jonas", "Jonas Weber", "Network engineer", (Role.TECHNICIAN,), "Networks"),
    ("priya", "Priya Nair", "SAP consultant", (Role.TECHNICIAN,), "Business applications"),
    ("ben", "Ben Okafor", "Application engineer", (Role.TECHNICIAN, Role.TEAM_LEAD), "Business applications"),
    ("sofia", "Sofia Marin", "Workplace engineer", (Role.TECHNICIAN,), "Workplace"),
    ("ines", "Ines Duarte", "Service level manager", (Role.SERVICE_MANAGER, Role.CHANGE_MANAGER), None),
    ("noor", "Noor Haddad", "Internal auditor", (Role.AUDITOR,), None),
)
CUSTOMERS = {
    "Fjord Shipping": (
        "Maria Rossi", "Ivo Novak", "Raj Patel", "Ana Ruiz", "Erik Dahl", "Liv Berg", "Omar Saleh", "Kari Moen",
        "Peter Holm", "Nina Olsen", "Hugo Lind",
    ),
    "Aurora Clinic": (
        "Grace Mbeki", "Felix Braun", "Yara Costa", "Tariq Aziz", "Clara Weiss", "Dmitri Orlov", "Emma Stone",
        "Sami Laine", "Ruth Keller",
    ),
    "Meridian Foods": (
        "Olga Petrova", "Marcus Cole", "Leila Farah", "Jan Kowalski", "Hana Sato", "Victor Hugo Diaz", "Paula Gomez",
        "Tim Ryan", "Zoe Adler",
    ),
}  # fmt: skip
# Customers whose people read other words than the default: short names of shipped vocabularies.
SPEAKS = {"Meridian Foods": "usm"}
# Name, and whose working hours it keeps: the network is looked after at any hour.
TEAMS = {
    "Service desk": "oslo",
    "Networks": "24x7",
    "Business applications": "berlin",
    "Workplace": "oslo",
}
SERVICES = (
    # name, team, criticality, owner, what you get
    ("Network and VPN", "Networks", Criticality.VITAL, "aisha", "Office and home network access"),
    ("E-mail and calendar", "Workplace", Criticality.IMPORTANT, "luca", "Mailbox and calendar"),
    ("Finance (SAP)", "Business applications", Criticality.VITAL, "ben", "Ledger, payroll, reports"),
    ("Workplace", "Workplace", Criticality.USEFUL, "sofia", "A working device for each person"),
    ("Customer portal", "Business applications", Criticality.IMPORTANT, "ben", "Orders and tracking"),
    ("Printing", "Workplace", Criticality.USEFUL, "sofia", "Print and scan on every floor"),
)
ITEMS = {
    "Network and VPN": ("vpn-gw-1", "vpn-gw-2", "core-switch-a"),
    "E-mail and calendar": ("mail-cluster",),
    "Finance (SAP)": ("sap-prod", "sap-print-spool"),
    "Workplace": ("laptop-fleet",),
    "Customer portal": ("portal-web-1", "portal-db"),
    "Printing": ("printer-3f", "printer-5f"),
}
OFFICE = {1: (30, 240), 2: (60, 480), 3: (240, 1440), 4: (480, 2400), 5: (960, 4800)}
PROMISED_SINCE = timedelta(days=400)
# When the items were written down.
ENTERED = timedelta(days=120)
GOLD = {1: (15, 240), 2: (30, 480), 3: (120, 1440), 4: (240, 2400), 5: (480, 4800)}


@dataclass
class Cast:
    """Everybody and everything, by name."""

    provider: Organization
    office: Calendar
    staff: dict[str, User] = field(default_factory=dict)
    requesters: list[User] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    items: dict[str, list[ConfigurationItem]] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    carrier: Organization | None = None

    def members(self, team: Team) -> list[User]:
        return [user for user in self.staff.values() if any(m.team_id == team.pk for m in user.memberships.all())]


def assemble(*, password: str, at: datetime) -> Cast:
    """Make the people, teams, services and agreements. All of them carry the mark of the sample."""
    calendars = ensure_default_calendars(at=at)
    provider = Organization.objects.create(name="Northwind IT", slug=PROVIDER_SLUG, is_provider=True, is_sample=True)
    cast = Cast(provider=provider, office=calendars["oslo"])
    for name, hours in TEAMS.items():
        cast.teams[name] = Team.objects.create(
            name=name, slug=name.lower().replace(" ", "-"), calendar=calendars[hours],
            is_first_line=name == "Service desk", is_sample=True,
        )  # fmt: skip
    hashed = _hash(password)
    for username, name, job, roles, team in STAFF:
        user = _person(username, name, provider, hashed, job_title=job, is_staff=Role.ADMINISTRATOR in roles)
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
        if team:
            Membership.objects.create(user=user, team=cast.teams[team])
            if Role.TEAM_LEAD in roles:
                Team.objects.filter(pk=cast.teams[team].pk).update(lead=user)
        cast.staff[username] = user
    for organization_name, names in CUSTOMERS.items():
        organization = Organization.objects.create(
            name=organization_name,
            slug=organization_name.lower().replace(" ", "-"),
            vocabulary=Vocabulary.objects.filter(slug=SPEAKS.get(organization_name)).first(),
            is_sample=True,
        )
        cast.organizations[organization_name] = organization
        for position, name in enumerate(names):
            username = name.split()[0].lower()
            user = _person(username, name, organization, hashed, is_vip=position == 3, location=f"Floor {position % 5}")
            if position == 1:
                RoleGrant.objects.create(user=user, role=Role.ORGANIZATION_MANAGER, organization=organization)
            cast.requesters.append(user)
    cast.carrier = Organization.objects.create(name="Nordic Carrier", slug="nordic-carrier", is_sample=True)
    _services(cast, at=at)
    _agreements(cast, calendars, at=at)
    return cast


def _hash(password: str) -> str:
    """One hash for all: forty slow ones would cost the first start several seconds."""
    from django.contrib.auth.hashers import make_password

    return make_password(password)


def _person(username: str, name: str, organization: Organization, hashed: str, **more: Any) -> User:
    return User.objects.create(
        username=username,
        name=name,
        email=f"{username}@{organization.slug}.example",
        phone=f"+47 55 01 {sum(map(ord, username)) % 90 + 10} {len(name):02}",
        organization=organization,
        password=hashed,
        time_zone="Europe/Oslo",
        is_sample=True,
        **more,
    )


def _services(cast: Cast, *, at: datetime) -> None:
    for name, team, criticality, owner, get in SERVICES:
        service = Service.objects.create(
            name=name,
            slug=name.lower().replace(" ", "-").replace("(", "").replace(")", ""),
            description=f"{get}.",
            owner=cast.staff[owner],
            support_team=cast.teams[team],
            criticality=criticality,
            is_sample=True,
        )
        Offering.objects.create(service=service, name="Standard", description=get)
        cast.services[name] = service
        cast.items[name] = [
            ConfigurationItem.objects.create(name=item, service=service, entered_at=at - ENTERED, is_sample=True)
            for item in ITEMS[name]
        ]
        cast.categories[name] = Category.objects.create(name=name, is_sample=True)


def _agreements(cast: Cast, calendars: dict[str, Calendar], *, at: datetime) -> None:
    around, office = calendars["24x7"], calendars["oslo"]
    network, clinic = cast.services["Network and VPN"], cast.organizations["Aurora Clinic"]
    in_force: dict[str, Any] = {"at": at, "valid_from": (at - PROMISED_SINCE).date()}
    _agreement(
        "Standard support", office, OFFICE, urgent=around, attainment_target=90, **in_force,
        availability_target=Decimal("99.5"), service_hours=around, maintenance=MaintenancePolicy.PLANNED,
    )  # fmt: skip
    _agreement(
        "Network, around the clock", around, GOLD, service=network, availability_target=Decimal("99.9"), **in_force
    )
    _agreement(
        "Aurora Clinic gold", office, GOLD, urgent=around, organization=clinic, availability_target=Decimal("99.7"),
        service_hours=around, **in_force,
    )  # fmt: skip
    agreements.underneath(cast, around, **in_force)
    agreements.inside(cast, office, **in_force)
    agreements.renegotiated(cast, at=at)


def _agreement(
    name: str,
    calendar: Calendar,
    minutes: dict[int, tuple[int, int]],
    *,
    at: datetime,
    urgent: Calendar | None = None,
    **scope: Any,
) -> None:
    """P1 runs on `urgent` where one is given, for a standstill does not wait for the office to open."""
    targets: dict[tuple[str, int], int] = {
        (clock, priority): pair[index]
        for priority, pair in minutes.items()
        for index, clock in enumerate((ClockKind.RESPONSE, ClockKind.RESOLUTION))
    }
    create_agreement(
        by=None,
        at=at,
        name=name,
        calendar=calendar,
        targets=targets,
        target_calendars={key: urgent for key in targets if key[1] == 1},
        pause_reasons=["requester", "schedule"],
        is_sample=True,
        **scope,
    )
