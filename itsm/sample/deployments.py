"""Five weeks of deployments of the portal: mostly well, one rolled back, one that needed a repair, one refused."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from audit.acts import acting
from audit.models import Channel
from changes import operations as changes
from changes.models import Change, ChangeModel
from changes.pipelines import operations
from changes.pipelines.defaults import ensure_environments
from changes.pipelines.models import Deployment
from incidents import operations as incidents
from incidents.models import Incident

from .cast import Cast

MINUTE = timedelta(minutes=1)


class Release(NamedTuple):
    days: int
    version: str
    minutes: int
    waited_hours: int
    result: str = "succeeded"


RELEASES = (
    Release(34, "7.3.0", 12, 70),
    Release(32, "7.3.1", 9, 20),
    Release(29, "7.3.2", 11, 44),
    Release(27, "7.3.3", 10, 9),
    Release(24, "7.4.0", 26, 93, "rolled_back"),
    Release(23, "7.4.1", 13, 18),
    Release(20, "7.4.2", 9, 30),
    Release(17, "7.4.3", 10, 26),
    Release(13, "7.4.4", 11, 51),
    Release(9, "7.4.6", 10, 41),
    Release(6, "7.4.7", 12, 7),
    Release(2, "7.5.0", 14, 66),
)
BROKE = "7.4.4"


class Pipeline:
    """Tells what the pipeline of the portal asked and reported, up to the present moment."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at
        self.staff = cast.staff
        self.service = cast.services["Customer portal"]

    def tell(self) -> int:
        """Returns how many deployments were told."""
        ensure_environments()
        with acting(channel=Channel.API, is_quiet=True):
            model = self._model()
            for release in RELEASES:
                self._tried(release)
                done = self._deployed(release, model)
                if done.state == "rolled_back" and done.change is not None:
                    self._reviewed(done.change, at=done.asked_at + 300 * MINUTE)
                if release.version == BROKE:
                    self._repaired(model, done.asked_at)
        return Deployment.objects.filter(is_sample=True).count()

    def _morning(self, days: int) -> datetime:
        return (self.now - timedelta(days=days)).replace(hour=9, minute=30, second=0, microsecond=0)

    def _model(self) -> ChangeModel:
        at = self.now - timedelta(days=60)
        model = changes.propose_model(
            by=self.staff["ines"], at=at, name="Deploy the customer portal", owner=self.staff["ben"], is_sample=True,
            description="The pipeline of the portal, blue and green: the old version stays until the new one answers.",
            services=[self.service], team=self.cast.teams["Business applications"], longest_minutes=60,
            implementation_plan="The pipeline deploys to the idle half, tests it and switches over.",
            back_out_plan="Switch back; the former version runs for an hour.",
            steps=["Deploy to the idle half", "Test", "Switch over"], least_success_percent=70,
        )  # fmt: skip
        ends = (self.now + timedelta(days=305)).date()
        return changes.approve_model(model=model, by=self.staff["ines"], at=at + 60 * MINUTE, expires_date=ends)

    def _ask(self, at: datetime, version: str, hours: float, **said: Any) -> Deployment:
        # Three commits, the oldest of which waited for so many hours.
        commits = [
            (sha256(f"{version}-{number}".encode()).hexdigest()[:40], at - timedelta(hours=hours * share))
            for number, share in enumerate((0.02, 0.5, 1))
        ]
        question = operations.Question(
            service=self.service.slug, version=version, commits=commits, planned_minutes=30,
            run_url=f"https://ci.northwind.example/portal/{version}", **said,
        )  # fmt: skip
        return operations.ask(question=question, by=self.staff["ben"], at=at, is_sample=True)

    def _tried(self, release: Release) -> None:
        """The evening before, on staging, where nobody has to be asked."""
        at = self._morning(release.days) - timedelta(hours=15)
        asked = self._ask(at, release.version, max(release.waited_hours - 15, 0.5), environment="staging")
        operations.report(deployment=asked, by=self.staff["ben"], at=at + 6 * MINUTE, result="succeeded")

    def _deployed(self, release: Release, model: ChangeModel) -> Deployment:
        at, said = self._morning(release.days), {"environment": "production", "model": model.slug}
        asked = self._ask(at, release.version, release.waited_hours, **said)
        is_rolled_back = release.result == "rolled_back"
        if is_rolled_back:
            # An impatient second run, which hears no.
            self._ask(at + 4 * MINUTE, f"{release.version}-hotfix", 1, **said)
        return operations.report(
            deployment=asked, by=self.staff["ben"], at=at + release.minutes * MINUTE, result=release.result,
            note="Orders with a coupon were not saved; switched back." if is_rolled_back else "",
        )  # fmt: skip

    def _repaired(self, model: ChangeModel, at: datetime) -> None:
        """What looked well had broken the tracking page; a second deployment repairs it."""
        said: dict[str, Any] = {"by": self.staff["ben"]}
        incident: Incident = incidents.create(
            by=self.staff["tom"], at=at + 40 * MINUTE, requester=self.cast.requesters[0], service=self.service,
            title="Tracking page stays empty", description="Since this morning no parcel is shown.", source="phone",
            impact=2, urgency=2, is_sample=True,
        )  # fmt: skip
        incident = incidents.take(incident=incident, at=at + 46 * MINUTE, **said)
        asked = self._ask(at + 95 * MINUTE, "7.4.5", 0.4, environment="production", model=model.slug)
        operations.report(
            deployment=asked, at=at + 104 * MINUTE, result="succeeded", is_unplanned_repair=True, incident=incident,
            note="Puts the index back that the tracking page needs.", **said,
        )  # fmt: skip
        incidents.resolve(
            incident=Incident.objects.get(pk=incident.pk), at=at + 115 * MINUTE, code="fixed",
            text="Version 7.4.5 puts the missing index back.", **said,
        )  # fmt: skip

    def _reviewed(self, change: Change, *, at: datetime) -> None:
        changes.close(
            change=change, by=self.staff["ines"], at=at, incidents_are_linked=True, items_are_updated=True,
            review="The test orders had no coupon. They have one now.",
        )  # fmt: skip
