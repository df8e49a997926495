"""The house that the generated records live in: organizations, people, teams, services, agreements."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calendars.models import Calendar
from calendars.seeds import ensure_default_calendars
from people import matrix
from people.enums import Role
from people.models import Membership, Organization, RoleGrant, Team, User
from people.tokens import issue
from records.models import Category
from records.operations.views import ensure_default_views
from services.models import Service
from slm.enums import ClockKind
from slm.models import Agreement
from slm.operations import create_agreement

ORGANIZATIONS, REQUESTERS_EACH, TEAMS, AGENTS_EACH, SERVICES, CATEGORIES = 20, 100, 12, 5, 18, 12
# Working minutes for response and resolution by priority; P1 around the clock.
MINUTES = {1: (15, 240), 2: (30, 480), 3: (240, 1440), 4: (480, 2400), 5: (960, 4800)}


@dataclass
class World:
    """Everything that records point at, by key."""

    organizations: list[int]
    requesters: list[int]
    teams: list[int]
    agents: list[int]
    services: list[int]
    categories: list[int]
    agreement: Agreement
    office: Calendar
    around: Calendar
    agent: User
    manager: User
    token: str

    def target_minutes(self, clock: str, priority: int) -> int:
        return MINUTES[priority][clock == ClockKind.RESOLUTION]


def make(*, at: datetime) -> World:
    """Make the house. The agent who looks at pages has the plain role of an agent over all organizations."""
    calendars = ensure_default_calendars(at=at)
    office, around = calendars["oslo"], calendars["24x7"]
    ensure_default_views()
    provider = Organization.objects.create(name="Provider", slug="provider", is_provider=True)
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Customer {number:02}", slug=f"customer-{number}") for number in range(ORGANIZATIONS)
    )
    requesters = _people("requester", [each for each in organizations for _person in range(REQUESTERS_EACH)])
    teams = Team.objects.bulk_create(
        Team(name=f"Team {number:02}", slug=f"team-{number}", is_first_line=number == 0) for number in range(TEAMS)
    )
    agents = _people("agent", [provider] * (TEAMS * AGENTS_EACH))
    RoleGrant.objects.bulk_create(RoleGrant(user=each, role=Role.TECHNICIAN) for each in agents)
    Membership.objects.bulk_create(
        Membership(user=each, team=teams[index // AGENTS_EACH]) for index, each in enumerate(agents)
    )
    (manager,) = _people("manager", [provider])
    RoleGrant.objects.create(user=manager, role=Role.SERVICE_MANAGER)
    services = Service.objects.bulk_create(
        Service(name=f"Service {number:02}", slug=f"service-{number}", support_team=teams[number % TEAMS])
        for number in range(SERVICES)
    )
    categories = Category.objects.bulk_create(Category(name=f"Category {number:02}") for number in range(CATEGORIES))
    _row, token = issue(user=agents[0], name="benchmark", scopes=matrix.SCOPES, at=at, lifetime=timedelta(days=2))
    return World(
        organizations=[each.pk for each in organizations],
        requesters=[each.pk for each in requesters],
        teams=[each.pk for each in teams],
        agents=[each.pk for each in agents],
        services=[each.pk for each in services],
        categories=[each.pk for each in categories],
        agreement=_agreements(office, around, services, organizations, at=at),
        office=office,
        around=around,
        agent=agents[0],
        manager=manager,
        token=token,
    )


def _people(word: str, homes: list[Organization]) -> list[User]:
    draw = random.Random(7)
    first = ("Maria", "Tom", "Aisha", "Ines", "Otto", "Noor", "Jonas", "Mei", "Luca", "Priya", "Erik", "Liv")
    last = ("Rossi", "Beck", "Khan", "Duarte", "Weiss", "Haddad", "Weber", "Tanaka", "Romano", "Nair", "Dahl", "Berg")
    return User.objects.bulk_create(
        User(
            username=f"{word}-{number}",
            name=f"{draw.choice(first)} {draw.choice(last)} {number}",
            email=f"{word}-{number}@{home.slug}.example",
            organization=home,
            password="!",
            time_zone="Europe/Oslo",
        )
        for number, home in enumerate(homes)
    )


def _agreements(
    office: Calendar, around: Calendar, services: list[Any], organizations: list[Any], *, at: datetime
) -> Agreement:
    """The standard one, which every generated clock is under, and eight more that a choice has to look at."""
    targets = {
        (clock, priority): pair[index]
        for priority, pair in MINUTES.items()
        for index, clock in enumerate((ClockKind.RESPONSE, ClockKind.RESOLUTION))
    }
    urgent = {key: around for key in targets if key[1] == 1}
    scopes: list[dict[str, Any]] = [{}, *({"service": each} for each in services[-4:])]
    scopes += [{"organization": each} for each in organizations[-4:]]
    made = [
        create_agreement(
            by=None,
            at=at,
            name=f"Agreement {number}",
            calendar=office,
            targets=targets,
            target_calendars=urgent,
            pause_reasons=["requester", "schedule"],
            **scope,
        )
        for number, scope in enumerate(scopes)
    ]
    return made[0]
