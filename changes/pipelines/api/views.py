"""The doors for pipelines: ask, report; and for people: look, and set environments."""

from typing import Any

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.paging import Sort, listing, listing_of, page
from common.api.rows import RowDoor
from common.api.views import ApiView, one_of
from common.time import now
from people.access import lend
from records.api.idempotency import once

from .. import operations
from ..models import Deployment, Environment
from ..operations.asking import CHANGE_SCOPES
from ..queries import narrowed
from .bodies import (
    EXAMPLES,
    RESULT_EXAMPLES,
    DeploymentQuery,
    EnvironmentChange,
    NewEnvironment,
    QuestionBody,
    ResultBody,
)
from .representation import RELATED, DeploymentShape, EnvironmentList, EnvironmentShape, deployment, environment

NEWEST = {"-id": Sort(is_descending=True)}


class DeploymentDoor(ApiView):
    """A door to deployments."""

    def rows(self, by: Any) -> Any:
        return Deployment.objects.visible_to(by).select_related(*RELATED).prefetch_related("commits")

    def own(self, request: Any, number: int) -> Deployment:
        """The deployment for its pipeline, whose token may carry no other scope than its own."""
        found: Deployment = one_of(self.rows(lend(request.user, *CHANGE_SCOPES)), number)
        return found


class Deployments(DeploymentDoor):
    """Deployments."""

    operations = {"GET": "deployment.view", "POST": "deployment.ask"}

    @describe("List deployments", gives=listing_of(DeploymentShape), parameters=[DeploymentQuery])
    def get(self, request: Any) -> Any:
        query = DeploymentQuery.of(request)
        found, following = page(
            narrowed(
                self.rows(request.user),
                text=query.get("q", ""),
                service=query.get("service"),
                environment=query.get("environment", ""),
                state=query.get("state", ""),
            ),
            request=request,
            sorts=NEWEST,
            sort="-id",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([deployment(row) for row in found], following))

    @describe(
        "Ask whether something may be deployed now",
        takes=QuestionBody,
        gives=DeploymentShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=EXAMPLES,
        description="Answers yes or no: see `is_allowed` and `reasons`. With a yes the change is under way and the"
        " deployment runs until its result is reported. A no is kept as well. Take a new Idempotency-Key to ask anew.",
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = QuestionBody.read(request.data, by=request.user)
        commits = [(each["sha"], each["committed_at"]) for each in values.pop("commits")]
        question = operations.Question(commits=commits, **values)

        def act() -> Any:
            made = operations.ask(question=question, by=request.user, at=at)
            body = deployment(self.own(request, made.pk))
            return self.answer(body, status=201, location=f"/api/v1/deployments/{made.pk}/")

        return once(request, at=at, act=act)


class OneDeployment(DeploymentDoor):
    """One deployment."""

    operations = {"GET": "deployment.view"}

    @describe("Get a deployment", gives=DeploymentShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(deployment(one_of(self.rows(request.user), number)))


class DeploymentResult(DeploymentDoor):
    """How it went."""

    operations = {"POST": "deployment.report"}

    @describe(
        "Report how a deployment went",
        takes=ResultBody,
        gives=DeploymentShape,
        problems=[404, 409],
        examples=RESULT_EXAMPLES,
        description="Finishes its change with that outcome. The same report again gets the same answer; another one is"
        " refused.",
    )
    def post(self, request: Any, number: int) -> Any:
        at, found = now(), self.own(request, number)
        values = ResultBody.read(request.data, by=lend(request.user, *CHANGE_SCOPES))
        operations.report(deployment=found, by=request.user, at=at, **values)
        return self.answer(deployment(self.own(request, number)))


class EnvironmentDoor(RowDoor):
    """A door to environments."""

    part = "environment"
    address = "environments"

    def rows(self) -> Any:
        return Environment.objects.all()

    def shape(self, row: Environment) -> dict[str, Any]:
        return environment(row)


class Environments(EnvironmentDoor):
    """Environments."""

    operations = {"GET": "deployment.view", "POST": "deployment.set_environments"}

    @describe("List environments", gives=EnvironmentList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [environment(row) for row in self.rows()]})

    @describe("Add an environment", takes=NewEnvironment, gives=EnvironmentShape, status=201, problems=[409])
    def post(self, request: Any) -> Any:
        values = NewEnvironment.read(request.data, by=request.user)
        return self.made(operations.create_environment(by=request.user, at=now(), **values))


class OneEnvironment(EnvironmentDoor):
    """One environment."""

    operations = {"GET": "deployment.view", "PATCH": "deployment.set_environments"}

    @describe("Get an environment", gives=EnvironmentShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Change an environment",
        takes=EnvironmentChange,
        gives=EnvironmentShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
    )
    def patch(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.change_environment, EnvironmentChange, is_required=True, as_values=True)
