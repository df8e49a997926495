"""Three problems of the sample: a known error with its workaround, one that is fixed and watched, one just accepted."""

from datetime import datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from incidents.models import Incident
from problems import operations
from problems.models import Problem
from records import operations as record_operations

from .bursts import tell_bursts
from .cast import Cast

VPN, ORDERS, PAYROLL = (
    "VPN drops every 20 minutes on home network",
    "Orders from the portal arrive twice",
    "Payroll export fails",
)
WORKAROUND = (
    "Choose **gateway 1** in the VPN client:\n\n1. Click the VPN icon and open *Settings*\n2. Pick *gateway 1*\n"
    "3. Connect again\n\nYou stay signed in until we have repaired gateway 2."
)
CAUSES = (
    # depth, text, group, how sure, ruled out because
    (1, "Gateway 2 runs out of memory", "technology", 3, ""),
    (2, "Sessions of sleeping laptops are never closed", "technology", 3, ""),
    (3, "Firmware 5.2 keeps them by default", "supplier", 2, ""),
    (1, "Home routers drop idle connections", "environment", 1, "It happens in the office, too."),
    (1, "Nobody watches the memory of gateways", "measurement", 2, ""),
    (1, "New firmware goes live without a day on trial", "process", 2, ""),
)
HELPED = (True, True, True, False)


class Casebook:
    """Tells what was made of incidents that kept coming, up to the present moment. Tell the incidents first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at

    def tell(self) -> int:
        """Returns how many problems were told."""
        with acting(channel=Channel.WEB, is_quiet=True):
            self._known_error()
            self._watched()
            self._accepted()
            tell_bursts(self.cast, at=self.now)
        return Problem.objects.filter(is_sample=True).count()

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _about(self, person: str, days: float) -> dict[str, Any]:
        return {"by": self.cast.staff[person], "at": self._ago(days)}

    def _incidents(self, title: str, *, before: datetime) -> list[Incident]:
        rows = Incident.objects.filter(title=title, is_sample=True, opened_at__lte=before)
        return list(rows.exclude(state="cancelled").order_by("pk"))

    def _open(self, title: str, service: str, person: str, days: float, **said: Any) -> Problem:
        incidents = self._incidents(title, before=self._ago(days))
        return operations.create(
            **self._about(person, days), title=title, service=self.cast.services[service], incidents=incidents,
            is_sample=True, origin="trend" if len(incidents) > 1 else "incident", impact=2, **said,
        )  # fmt: skip

    def _accept(self, problem: Problem, days: float, owner: str, words: str, **said: Any) -> Problem:
        return operations.accept(
            problem=problem, **self._about("ines", days), owner=self.cast.staff[owner], impact_statement=words, **said
        )

    def _known_error(self) -> None:
        gateway = self.cast.items["Network and VPN"][1]
        problem = self._open(VPN, "Network and VPN", "tom", 40, item=gateway)
        words = "Whoever works at home signs in again three times an hour, and calls break off."
        problem = self._accept(problem, 39.5, "jonas", words)
        jonas = self.cast.staff["jonas"]
        problem = operations.investigate(
            problem=problem, **self._about("aisha", 39), approach="five_whys", investigator=jonas
        )
        self._analyze(problem)
        problem = operations.declare_known_error(
            problem=problem, **self._about("jonas", 33), workaround=WORKAROUND, is_cause_confirmed=False,
            symptom="The VPN client drops after about 20 minutes and asks to sign in again, mostly at home.",
            cause="Gateway 2 runs out of memory: its firmware 5.2 keeps the sessions of sleeping laptops.",
        )  # fmt: skip
        self._use(problem)

    def _analyze(self, problem: Problem) -> None:
        about: dict[str, Any] = {"problem": problem, **self._about("jonas", 37)}
        parents: dict[int, Any] = {}
        for depth, text, group, confidence, ruled_out in CAUSES:
            cause = operations.add_cause(
                **about, text=text, group=group, confidence=confidence, parent=parents.get(depth - 1)
            )
            parents[depth] = cause
            if ruled_out:
                operations.disprove(cause=cause, **self._about("aisha", 36), reason=ruled_out)
            if group == "supplier":
                operations.mark_root(cause=cause, **self._about("jonas", 34))
            if group == "measurement":
                operations.act_on(
                    cause=cause, **self._about("jonas", 34), title="Alarm when 80 % of the memory is used",
                    assignee=self.cast.staff["jonas"], due_at=self.now + timedelta(days=6),
                )  # fmt: skip
        first = self._incidents(VPN, before=self._ago(40))[:1]
        for incident in first:
            operations.add_evidence(
                cause=problem.causes.get(text=CAUSES[0][1]),
                **self._about("jonas", 35),
                record=incident,
                note="Dropped when the memory was full.",
            )
        operations.add_event(
            **about, happened_at=self._ago(88), text="Firmware 5.2 was installed on gateway 2 at night."
        )
        operations.compare(
            **about, dimension="where",
            values={"is_text": "Gateway 2", "is_not_text": "Gateway 1", "distinction": "Firmware 5.2 instead of 5.1",
                    "change": "Updated three months ago"},
        )  # fmt: skip
        operations.compare(
            **about, dimension="when",
            values={"is_text": "After about 20 minutes", "is_not_text": "At once, or after hours",
                    "distinction": "So long a session takes to fill its share"},
        )  # fmt: skip

    def _use(self, problem: Problem) -> None:
        """Agents put the workaround into replies; some say whether it helped. Those who still wait can get it."""
        later = [each for each in self._incidents(VPN, before=self.now) if each.opened_at > self._ago(33)]
        known = problem.known_error
        tom = self.cast.staff["tom"]
        solved = [each for each in later if each.resolved_at is not None]
        for incident, worked in zip(solved, HELPED, strict=False):
            about: dict[str, Any] = {"by": tom, "at": max(incident.resolved_at or self.now, incident.updated_at)}
            use = operations.note_insertion(known_error=known, record=incident, **about)
            operations.tell_outcome(use=use, worked=worked, **about)
        waiting = [each for each in later if each.resolved_at is None]
        if waiting:
            record_operations.link_many(
                records=waiting, to=problem, kind="caused_by", by=tom, at=self.now - timedelta(minutes=5)
            )

    def _watched(self) -> None:
        """Fixed by two tasks after the latest of its incidents, and watched since."""
        last = max((each.opened_at for each in self._incidents(ORDERS, before=self.now)), default=self._ago(30))
        fixed = max((self.now - last) / timedelta(days=1) - 0.1, 0.02)
        problem = self._open(ORDERS, "Customer portal", "mei", fixed + 6)
        problem = self._accept(problem, fixed + 5, "ben", "Customers are billed twice and call to complain.")
        problem = operations.investigate(
            problem=problem, **self._about("ben", fixed + 5), approach="timeline", investigator=self.cast.staff["priya"]
        )
        said = {"record": problem, **self._about("ben", fixed + 4)}
        tasks = [
            record_operations.add_task(**said, title=title, assignee=self.cast.staff["priya"])
            for title in ("Give each order a number that is checked for repeats", "Switch the retry on again")
        ]
        operations.fix(problem=problem, **self._about("ben", fixed + 3))
        for task in tasks:
            record_operations.complete_task(task=task, **self._about("priya", fixed))
        operations.verify(
            problem=Problem.objects.get(pk=problem.pk), **self._about("ben", fixed),
            watch_until_date=(self.now + timedelta(days=21)).date(),
        )  # fmt: skip

    def _accepted(self) -> None:
        problem = self._open(PAYROLL, "Finance (SAP)", "priya", 5)
        self._accept(
            problem, 4, "ben", "If it fails on the last working day, nobody is paid on time.",
            review_date=(self.now + timedelta(days=9)).date(),
        )  # fmt: skip
