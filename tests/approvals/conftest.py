"""A tiny purpose over incidents: may the fix be done? What is decided is the title and the cost in the description."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from approvals import operations, purposes
from approvals.models import ApprovalPolicy
from approvals.terms import ApproverTerms, StepSpec, Terms
from people.enums import Role
from people.models import Membership, RoleGrant, User
from tests.conftest import PASSWORD, moment

ASKED = moment("2026-03-02 10:00")
PURPOSE = "incident.fix"


@pytest.fixture
def told() -> list[tuple[str, Any]]:
    """What the practice was told, in order."""
    return []


@pytest.fixture(autouse=True)
def purpose(told: list[tuple[str, Any]]) -> Iterator[purposes.Purpose]:
    """Whether the fix of an incident may be done: neither the requester nor the assignee decides."""

    def telling(what: str) -> Callable[..., None]:
        def react(*, subject: Any, approval: Any, by: Any, at: Any) -> None:
            told.append((what, by))

        return react

    made = purposes.Purpose(
        name=PURPOSE,
        kind="incident",
        label="allow the fix",
        fingerprint=lambda record: f"{record.title}|{record.description}|{record.service_id}",
        excluded=lambda record: {record.requester_id: "the requester", record.assignee_id: "the one who does the work"},
        values=lambda record: {"cost": record.description or "0"},
        shown=lambda record: [
            purposes.Fact("Title", record.title),
            purposes.Fact("Cost", record.description or "0"),
            purposes.Fact("Risk", "high", risk="high"),
        ],
        conditions=[purposes.Condition("cost", "cost", kind="number")],
        on_approved=telling("approved"),
        on_rejected=telling("rejected"),
        on_lapsed=telling("lapsed"),
    )
    purposes.register(made)
    yield made
    purposes.forget(PURPOSE)


@pytest.fixture
def change_purpose(purpose: purposes.Purpose) -> Callable[..., None]:
    """Let the practice say something else about the purpose: `change_purpose(fingerprint=…)`."""

    def change(**values: Any) -> None:
        purposes.forget(PURPOSE)
        purposes.register(replace(purpose, **values))

    return change


@pytest.fixture
def board(house: SimpleNamespace) -> SimpleNamespace:
    """Five more people of the provider who can decide: Ben, Cleo, Dana, Eli and Fay; Ben works in Networks."""
    people = {}
    for name in ("Ben Hill", "Cleo Ames", "Dana Roy", "Eli Sand", "Fay Moss"):
        key = name.split()[0].lower()
        people[key] = User.objects.create_user(
            key, f"{key}@northwind.example", PASSWORD, name=name, organization=house.provider
        )
        RoleGrant.objects.create(user=people[key], role=Role.TECHNICIAN)
    Membership.objects.create(user=people["ben"], team=house.networks)
    return SimpleNamespace(**people)


def people_terms(*people: User, mandatory: tuple[User, ...] = ()) -> tuple[ApproverTerms, ...]:
    return tuple(ApproverTerms(kind="person", person=each.pk, is_mandatory=each in mandatory) for each in people)


@pytest.fixture
def make_policy(db: None) -> Callable[..., ApprovalPolicy]:
    """`make_policy([ben, cleo], quorum="any")` is one step; several are given as `steps`."""

    def make(
        people: Any = (),
        *,
        steps: Any = None,
        mandatory: tuple[User, ...] = (),
        name: str = "Fixes",
        conditions: Any = (),
        position: int = 100,
        **said: Any,
    ) -> ApprovalPolicy:
        wanted = steps or [StepSpec(name="Board", approvers=people_terms(*people, mandatory=mandatory), **said)]
        return operations.create_policy(
            by=None,
            at=moment("2026-03-01 00:00"),
            name=name,
            purpose=PURPOSE,
            position=position,
            terms=Terms(steps=tuple(wanted), conditions=tuple(conditions)),
        )

    return make


@pytest.fixture
def ask(log_incident: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for the decision about a new incident, or the one given, as Tom on Monday 2 March 2026 at 10:00."""

    def asking(record: Any = None, **said: Any) -> Any:
        return operations.start(
            subject=record or log_incident(), purpose=PURPOSE, by=said.pop("by", None), at=said.pop("at", ASKED)
        )

    return asking


@pytest.fixture
def sign_in(client: Any) -> Callable[[User], Any]:
    """`sign_in(board.ben)` answers with a client that is Ben's from then on."""

    def enter(user: User) -> Any:
        client.force_login(user)
        return client

    return enter


def text_of(response: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
