"""Doors to approval policies."""

from typing import Any

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Nothing
from common.api.filters import NameQuery
from common.api.paging import listing_of
from common.api.preconditions import seen_version
from common.api.rows import RowDoor
from common.api.views import ListDoor
from common.time import now
from records.api.idempotency import once

from .. import operations
from ..models import ApprovalPolicy
from .terms import NewPolicy, PolicyBody, PolicyShape, policy, terms_of


class PolicyDoor(RowDoor):
    """A door to approval policies."""

    part = "policy"
    address = "approval-policies"

    def rows(self) -> Any:
        return ApprovalPolicy.objects.prefetch_related("conditions", "steps__approvers")

    def shape(self, row: ApprovalPolicy) -> dict[str, Any]:
        return policy(row)


class Policies(PolicyDoor, ListDoor):
    """Approval policies."""

    operations = {"GET": "approval_policy.view", "POST": "approval_policy.edit"}

    @describe("List approval policies", gives=listing_of(PolicyShape), parameters=[NameQuery])
    def get(self, request: Any) -> Any:
        query = NameQuery.of(request)
        return self.listed(request, self.rows(), query, policy)

    @describe(
        "Make an approval policy",
        takes=NewPolicy,
        gives=PolicyShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            (
                "Two of a team",
                {
                    "name": "Changes",
                    "purpose": "change.authorize",
                    "steps": [
                        {
                            "name": "Peers",
                            "quorum": "count",
                            "needed": 2,
                            "approvers": [{"kind": "team", "team": "networks"}],
                        }
                    ],
                },
            )
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewPolicy.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.create_policy(
                by=request.user,
                at=at,
                name=values["name"],
                purpose=values["purpose"],
                position=values.get("position", 100),
                terms=terms_of(values),
            )
            return self.made(made)

        return once(request, at=at, act=act)


class OnePolicy(PolicyDoor):
    """One approval policy."""

    operations = {"GET": "approval_policy.view", "PUT": "approval_policy.edit"}

    @describe("Get an approval policy", gives=PolicyShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Replace what an approval policy says",
        takes=PolicyBody,
        gives=PolicyShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="Makes a version; approvals that run keep the one they started under. If-Match is required.",
    )
    def put(self, request: Any, number: int) -> Any:
        found = self.found(number)
        version = seen_version(request, is_required=True)
        values = PolicyBody.read(request.data, by=request.user)
        operations.revise_policy(
            policy=found,
            by=request.user,
            at=now(),
            name=values["name"],
            position=values.get("position", found.position),
            terms=terms_of(values),
            version=version,
        )
        return self.shown(number)


class PolicyRetirement(PolicyDoor):
    """Taking a policy out of use."""

    operations = {"POST": "approval_policy.edit"}

    @describe("Retire an approval policy", takes=Nothing, gives=PolicyShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(number)
        Nothing.read(request.data, by=request.user)
        operations.retire_policy(policy=found, by=request.user, at=now())
        return self.shown(number)


class PolicyReinstatement(PolicyDoor):
    """Using a policy again."""

    operations = {"POST": "approval_policy.edit"}

    @describe("Use a retired approval policy again", takes=Nothing, gives=PolicyShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(number)
        Nothing.read(request.data, by=request.user)
        operations.reinstate_policy(policy=found, by=request.user, at=now())
        return self.shown(number)
