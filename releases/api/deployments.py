"""The deployments of a release in the API."""

from typing import Any

from common.api.describing import describe
from common.api.fields import Nothing

from .. import operations
from ..models import Deployment
from . import bodies
from .representation import ReleaseDeploymentList, ReleaseDeploymentShape, deployment
from .views import ReleaseDoor


class DeploymentDoor(ReleaseDoor):
    """A door to the deployments of one release."""

    def waves(self, reference: str) -> Any:
        rows = Deployment.objects.filter(release=self.inner(reference))
        return rows.select_related("release", "began_by", "ended_by").order_by("position")

    def acted(self, reference: str, number: int, act: Any, **said: Any) -> Any:
        act(deployment=self.row(self.waves(reference), number), **self.about(), **said)
        return self.answer(deployment(self.row(self.waves(reference), number)))


class Deployments(DeploymentDoor):
    """The waves, in order."""

    operations = {"GET": "record.read_notes", "POST": "release.edit"}

    @describe("List the deployments of a release", gives=ReleaseDeploymentList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": [deployment(row) for row in self.waves(reference)]})

    @describe(
        "Plan a deployment", takes=bodies.DeploymentBody, gives=ReleaseDeploymentShape, status=201, problems=[404, 409]
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.DeploymentBody.read(request.data, by=request.user)
        return self.answer(deployment(operations.add_deployment(release=found, **self.about(), **values)), status=201)


class OneDeployment(DeploymentDoor):
    """One wave."""

    operations = {"DELETE": "release.edit"}

    @describe("Take a planned deployment out", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        operations.remove_deployment(deployment=self.row(self.waves(reference), number), **self.about())
        return self.answer(status=204)


class DeploymentStart(DeploymentDoor):
    """Its beginning."""

    operations = {"POST": "release.deploy"}

    @describe("Begin a deployment", takes=Nothing, gives=ReleaseDeploymentShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        Nothing.read(request.data, by=request.user)
        return self.acted(reference, number, operations.start_deployment)


class DeploymentEnd(DeploymentDoor):
    """Its end."""

    operations = {"POST": "release.deploy"}

    @describe(
        "End a deployment", takes=bodies.DeploymentEndBody, gives=ReleaseDeploymentShape, problems=[404, 409],
        examples=[("Verified", {"result": "successful", "verification": "Twenty sessions for an hour."})],
    )  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        values = bodies.DeploymentEndBody.read(request.data, by=request.user)
        return self.acted(reference, number, operations.end_deployment, **values)


class DeploymentRepetition(DeploymentDoor):
    """Doing it once more."""

    operations = {"POST": "release.edit"}

    @describe("Repeat a deployment that did not succeed", takes=Nothing, gives=ReleaseDeploymentShape, status=201,
              problems=[404, 409])  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        self.inner(reference)
        Nothing.read(request.data, by=request.user)
        made = operations.repeat(deployment=self.row(self.waves(reference), number), **self.about())
        return self.answer(deployment(made), status=201)
