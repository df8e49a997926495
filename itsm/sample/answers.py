"""What people said about the missed targets of the sample: each state that a breach can be in, and some to explain."""

from datetime import datetime, timedelta
from itertools import cycle

from approvals import operations as approvals
from audit.acts import acting
from audit.models import Channel
from incidents import operations as incidents
from slm.breaches import excuses, operations, recording
from slm.breaches.enums import BreachState
from slm.breaches.models import Breach, Cause, Clause
from slm.sweep import sweep

from .cast import Cast

LEFT_OPEN = 6  # the newest ones, for the reader to explain
CAUSES = (
    ("capacity", "Two people were ill and the queue had grown over the weekend"),
    ("diagnosis", "The cause sat in the gateway's firmware; three other things were ruled out first"),
    ("supplier", "The supplier's engineer came a day later than their contract says"),
    ("customer", "Nobody could be reached to try the fix; two calls and a mail went unanswered"),
    ("parts", "The spare switch had to be ordered"),
    ("wrong_priority", "Logged as one person's trouble; it was a whole floor"),
)
EXCUSES = (
    ("customer", "Calls on both days and the mail stand in the work notes", "approve", "The notes show it"),
    ("agreed", "The customer's manager agreed by mail to the following Monday", "approve", "Seen the mail"),
    ("force_majeure", "Road works had cut the fiber of the whole district", "reject",
     "A backup line was promised for exactly that"),
    ("customer", "They had promised to call back", "", ""),
    ("agreed", "Agreed on the phone", "defer", "On which day, and with whom?"),
)  # fmt: skip


class Answers:
    """Tells what was said, up to the present moment. Tell the incidents first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at.replace(second=0, microsecond=0)

    def tell(self) -> int:
        """Returns how many breaches there are."""
        with acting(channel=Channel.WEB, is_quiet=True):
            self._met_after_all()
            while recording.make(recording.unanswered().filter(clock__record__is_sample=True)):
                pass
            self._explain()
            self._ask()
        return Breach.objects.filter(is_sample=True).count()

    def _met_after_all(self) -> None:
        """A ticket that was restored in time and written down late: its breach is withdrawn."""
        opened_at = self.now - timedelta(days=9)
        tom = self.cast.staff["tom"]
        incident = incidents.create(
            by=tom, at=opened_at, requester=self.cast.requesters[0], title="Badge reader at the north door is dead",
            description="Nobody gets in on that side.", service=self.cast.services["Workplace"], impact=2,
            urgency=2, source="phone", is_sample=True,
        )  # fmt: skip
        taken = incidents.take(incident=incident, by=tom, at=opened_at + timedelta(minutes=5))
        sweep(self.now - timedelta(days=1))
        recording.make(recording.unanswered().filter(clock__record_id=incident.pk))
        incidents.resolve(
            incident=taken, by=tom, at=opened_at + timedelta(minutes=40), code="fixed",
            text="Power supply changed. Written down late.",
        )  # fmt: skip
        for breach in Breach.objects.filter(record_id=incident.pk):
            recording.withdraw_if_corrected(breach, at=self.now)

    def _explain(self) -> None:
        luca = self.cast.staff["luca"]
        causes = {cause.key: cause for cause in Cause.objects.all()}
        waiting = Breach.objects.filter(is_sample=True, state=BreachState.RECORDED).select_related("record")
        for breach, (key, text) in zip(list(waiting.order_by("-missed_at", "-pk"))[LEFT_OPEN:], cycle(CAUSES)):
            moment = min(breach.missed_at + timedelta(days=2), self.now)
            operations.explain(breach=breach, by=luca, at=moment, cause=causes[key], text=text)

    def _ask(self) -> None:
        luca, ines = self.cast.staff["luca"], self.cast.staff["ines"]
        clauses = {clause.key: clause for clause in Clause.objects.filter(agreement=None)}
        explained = Breach.objects.filter(is_sample=True, state=BreachState.EXPLAINED, clock__state="missed")
        rows = explained.select_related("record").order_by("-missed_at", "-pk")[: len(EXCUSES)]
        for breach, (key, evidence, end, reason) in zip(list(rows), EXCUSES, strict=False):
            moment = min(breach.missed_at + timedelta(days=3), self.now)
            asked = excuses.request(breach=breach, by=luca, at=moment, clause=clauses[key], evidence=evidence)
            decided_at = min(moment + timedelta(hours=20), self.now)
            if end == "defer":
                excuses.defer(breach=asked, by=ines, at=decided_at, reason=reason)
            elif end and asked.approval is not None:
                approvals.vote(approval=asked.approval, by=ines, at=decided_at, choice=end, reason=reason)
