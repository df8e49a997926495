"""Two releases of the sample: one that is tested with two of its changes in it, one that is live and watched."""

from datetime import datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from changes.models import Change
from incidents.models import Incident
from records import operations as record_operations
from records.enums import LinkKind
from releases import operations
from releases.defaults import ensure_checklist
from releases.models import Release

from .changes import HOUR, Planner

PLANS: dict[str, Any] = {
    "back_out_plan": "Start the previous image again: ten minutes. It stays on the disk for a week.",
    "communication_plan": "Mail to the sites two days before; the service desk has had its half hour.",
}


class Conductor(Planner):
    """Tells what goes live together, up to the present moment. Tell the incidents and the changes first."""

    def tell(self) -> int:
        """Returns how many releases were told."""
        ensure_checklist()
        with acting(channel=Channel.WEB, is_quiet=True):
            self._tested()
            self._watched()
        return Release.objects.filter(is_sample=True).count()

    def _plan(
        self, by: str, days: float, *, start: datetime, hours: float, waves: tuple[str, ...],
        criteria: tuple[str, ...], **said: Any,
    ) -> Release:  # fmt: skip
        """:param days: before now. :param start: of the window."""
        about = self._about(by, days)
        release = operations.create(**about, is_sample=True, **PLANS, **said)
        release = operations.plan_window(
            release=release, **about, planned_from=start, planned_to=start + timedelta(hours=hours)
        )
        for name in waves:
            operations.add_deployment(release=release, **about, name=name)
        for text in criteria:
            operations.add_criterion(release=release, **about, text=text)
        return release

    def _hand_to_tests(self, release: Release, by: str, days: float, build: str) -> Release:
        """Build for a day, then test."""
        release = operations.build(release=release, **self._about(by, days + 1))
        release = operations.edit(release=release, **self._about(by, days + 0.1), values={"build_reference": build})
        return operations.test(release=release, **self._about(by, days))

    def _sign(self, release: Release, days: float, signers: dict[str, str]) -> None:
        """:param signers: role -> who signs its lines."""
        for item in release.checklist.select_related("release").filter(role__in=signers):
            operations.sign(item=item, **self._about(signers[item.role], days))

    def _tested(self) -> None:
        titles = ("Firmware 5.3 on gateway 2", "New line card in the core switch")
        release = self._plan(
            "aisha", 2.4, start=self._night(3), hours=6, waves=("Gateway 2 and the core switch", "Gateway 1"),
            criteria=(
                "Twenty sessions last an hour", "A sleeping laptop frees its session within five minutes",
                "The third floor has forty free ports",
            ),
            title="Network, spring release", type="major", version_name="2026.1",
            changes=list(Change.objects.filter(title__in=titles, is_sample=True).order_by("pk")),
            assignee=self.staff["jonas"], owner=self.staff["ines"], team=self.cast.teams["Networks"],
            release_notes="Sessions outlive a change of network. Sleeping laptops no longer fill the memory.",
            deployment_plan="1. Gateway 2, and a day of watching\n2. Gateway 1",
            known_errors="The third floor keeps its old ports until the second wave.", most_incidents=5,
        )  # fmt: skip
        release = self._hand_to_tests(release, "aisha", 1, "vpn-gw 5.3.0, image 817")
        first, second, _third = release.criteria.select_related("release").order_by("position")
        said: dict[str, Any] = {**self._about("jonas", 0.5)}
        operations.judge(criterion=first, **said, is_met=True, note="Two hours, no drop.")
        operations.judge(criterion=second, **said, is_met=False, note="Eleven minutes with the old client.")
        self._sign(release, 0.3, {"technician": "jonas"})

    def _watched(self) -> None:
        start = self._night(-4)
        change = self._write(
            "Portal 8.0: orders carry their own number", "Customer portal", by="ben", days=9, start=start,
            assignee=self.staff["mei"], rationale="Orders arrive twice when the browser sends them again.",
        )  # fmt: skip
        change = self._vote(self._ask(change, "ben", 8.8), 8.4)
        release = self._plan(
            "ben", 8.2, start=start, hours=2, waves=("Both nodes of the portal",),
            criteria=("An order that is sent twice arrives once", "Orders of the last year can still be opened"),
            title="Customer portal 8.0", version_name="8.0", changes=[change], assignee=self.staff["mei"],
            owner=self.staff["luca"], team=self.cast.teams["Business applications"],
            release_notes="Orders carry a number of their own. The list of orders loads in half the time.",
            deployment_plan="One node after the other, ten minutes between them.",
        )  # fmt: skip
        release = self._hand_to_tests(release, "ben", 6.5, "portal 8.0, build 2210")
        for criterion in release.criteria.select_related("release"):
            operations.judge(criterion=criterion, **self._about("priya", 6), is_met=True)
        release = operations.make_ready(release=release, **self._about("ben", 5.8))
        signers = {"technician": "priya", "team_lead": "ben", "service_manager": "ines", "change_manager": "ines"}
        self._sign(release, 5.5, signers)
        mei = self.staff["mei"]
        release = operations.deploy(release=release, by=mei, at=start + HOUR / 60)
        wave = release.deployments.select_related("release").get()
        operations.start_deployment(deployment=wave, by=mei, at=start + HOUR / 20)
        self._run(change, "mei", "successful")
        operations.end_deployment(
            deployment=wave,
            by=mei,
            at=start + HOUR,
            result="successful",
            verification="Twelve orders, each once.",
        )
        release = operations.enter_early_life(release=release, by=mei, at=start + HOUR)
        came_up = Incident.objects.filter(
            is_sample=True, service=self.cast.services["Customer portal"], opened_at__gte=start + HOUR
        )
        incident = came_up.exclude(state="cancelled").order_by("opened_at").first()
        if incident is not None:
            record_operations.link(record=incident, to=release, kind=LinkKind.CAUSED_BY, by=mei, at=self.now)
