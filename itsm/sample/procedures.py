"""A procedure of the sample: how the service desk looks into trouble with the VPN, worked by, and its next version."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from approvals import operations as approvals
from approvals import queries as approval_queries
from audit.acts import acting
from audit.models import Channel
from people.enums import Role
from procedures import operations
from procedures.models import Duty, Procedure, Visit
from procedures.terms import StepTerms, Terms
from records.enums import Phase

from .cast import Cast

STEPS = (
    StepTerms(
        "Ask whether it fails at home, in the office, or both", Role.TECHNICIAN,
        "At home only: skip to the router. In the office, too: call Networks at once.",
    ),
    StepTerms("Look at the sessions of the last hour on the gateway", Role.TECHNICIAN),
    StepTerms("Compare with the changes of the last two days", Role.TECHNICIAN, "The change calendar shows them."),
    StepTerms("Call Networks if more than five people are cut off", Role.TEAM_LEAD),
)  # fmt: skip
INSTRUCTIONS = "* Gateway: `ssh vpn-gw-1`, then `sessions --since 1h`\n* On-call of Networks: extension 4411"
# Which lead answers for the steps of a process that leads answer for, and the steps that nobody settled.
LEADS = {"change": "ben", "recover": "luca", "operate": "aisha", "improve": "aisha"}
UNNAMED = ("register", "report")
TOLD = StepTerms("Tell the sites what is known", Role.TEAM_LEAD, "Even when nothing is known yet.", is_mandatory=True)


class Clerk:
    """Tells of one procedure: `write` before the incidents, so that they meet it, `work` after them."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at
        self.staff = cast.staff

    def write(self) -> Procedure:
        """Written by the lead of the desk 100 days ago, and looked at by the service level manager a day later."""
        service = self.cast.services["Network and VPN"]
        terms = Terms(
            purpose="Find out within minutes whether it is one person or the gateway",
            instructions=INSTRUCTIONS,
            kinds=("incident",),
            services=(service.pk,),
            steps=STEPS,
        )
        with acting(channel=Channel.WEB, is_quiet=True):
            draft = operations.create_procedure(
                **self._about("luca", 100), name="VPN diagnosis", process="recover", step="diagnose", terms=terms,
                owner=self.staff["luca"], is_sample=True,
            )  # fmt: skip
            operations.propose(draft=draft, **self._about("luca", 99.5))
            approval = approval_queries.open_one(draft, operations.PURPOSE)
            if approval is not None:
                approvals.vote(approval=approval, choice="approve", **self._about("ines", 99))
        return draft.procedure

    def name_who_answers(self) -> None:
        """
        Name a lead for most of the steps that leads answer for; a few stay open between the three.

        Without an act: accountabilities are those of the installation and stay when the sample goes, and so would what
        the log tells of them. The names go with the people.
        """
        duties = Duty.objects.filter(accountable=Role.TEAM_LEAD, person=None).exclude(step__in=UNNAMED)
        for process, username in LEADS.items():
            duties.filter(process=process).update(person=self.staff[username])

    def work(self) -> int:
        """Tick the first steps of what stands at it now, and draft the next version. Returns how many were ticked."""
        procedure = Procedure.objects.get(slug="vpn-diagnosis", is_sample=True)
        ticked = 0
        with acting(channel=Channel.WEB, is_quiet=True):
            visits = Visit.objects.filter(version__procedure=procedure, left_at=None, record__is_sample=True)
            here = visits.exclude(record__phase=Phase.DONE).select_related("record", "record__assignee", "version")
            for visit in here.order_by("pk")[:6]:
                person = visit.record.assignee or self.staff["tom"]
                for step in visit.version.steps.all()[:2]:
                    operations.tick(record=visit.record.specific, step=step, by=person, at=self.now)
                    ticked += 1
            draft = operations.begin_draft(procedure=procedure, **self._about("luca", 2))
            terms = Terms.of(draft)
            operations.save_draft(
                draft=draft, **self._about("luca", 2), terms=replace(terms, steps=(*terms.steps, TOLD)),
                what_changed="In October the sites heard of the outage from their customers.",
            )  # fmt: skip
        return ticked

    def _about(self, who: str, days: float) -> dict[str, Any]:
        return {"by": self.staff[who], "at": self.now - timedelta(days=days)}
