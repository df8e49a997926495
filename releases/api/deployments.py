"""The deployments of a release in the API."""

from typing import Any

from common.api.describing import describe
from common.api.fields import Nothing
from common.time import now
from records.api.parts import PartsDoor

from .. import operations
from ..models import Deployment
from . import bodies
from .representation import ReleaseDeploymentList, ReleaseDeploymentShape, deployment


class DeploymentDoor(PartsDoor):
    """A door to the deployments of one release."""

    kind = "release"
    part = "deployment"

    def parts(self, reference: str) -> Any:
        rows = Deployment.objects.filter(release=self.inner(reference))
        return rows.select_related("release", "began_by", "ended_by").order_by("position")

    def shape(self, row: Deployment) -> dict[str, Any]:
        return deployment(row)


class Deployments(DeploymentDoor):
    """The waves, in order."""

    operations = {"GET": "record.read_notes", "POST": "release.edit"}

    @describe("List the deployments of a release", gives=ReleaseDeploymentList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.listed(reference)

    @describe(
        "Plan a deployment", takes=bodies.DeploymentBody, gives=ReleaseDeploymentShape, status=201, problems=[404, 409]
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.DeploymentBody.read(request.data, by=request.user)
        made = operations.add_deployment(release=found, by=request.user, at=now(), **values)
        return self.answer(deployment(made), status=201)


class OneDeployment(DeploymentDoor):
    """One wave."""

    operations = {"DELETE": "release.edit"}

    @describe("Take a planned deployment out", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        return self.removed(reference, number, operations.remove_deployment)


class DeploymentStart(DeploymentDoor):
    """Its beginning."""

    operations = {"POST": "release.deploy"}

    @describe("Begin a deployment", takes=Nothing, gives=ReleaseDeploymentShape, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        return self.acted(reference, number, operations.start_deployment)


class DeploymentEnd(DeploymentDoor):
    """Its end."""

    operations = {"POST": "release.deploy"}

    @describe(
        "End a deployment", takes=bodies.DeploymentEndBody, gives=ReleaseDeploymentShape, problems=[404, 409],
        examples=[("Verified", {"result": "successful", "verification": "Twenty sessions for an hour."})],
    )  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        return self.acted(reference, number, operations.end_deployment, bodies.DeploymentEndBody)


class DeploymentRepetition(DeploymentDoor):
    """Doing it once more."""

    operations = {"POST": "release.edit"}

    @describe("Repeat a deployment that did not succeed", takes=Nothing, gives=ReleaseDeploymentShape, status=201,
              problems=[404, 409])  # fmt: skip
    def post(self, request: Any, reference: str, number: int) -> Any:
        return self.acted(reference, number, operations.repeat, status=201)
