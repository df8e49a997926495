"""What the sample works by: frameworks adopted over half a year, one switched off, one pack of its own."""

from datetime import datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from frameworks import operations, shipped_packs
from frameworks.dismissing import dismiss
from frameworks.models import Practice, Signal
from frameworks.raising import raise_gap
from frameworks.signaling import look

from .cast import Cast

AGREED = "One of them waits for a part; the customer agreed to the later date."
# Days ago, and the pack that was adopted then.
ADOPTED = (
    (170, "itil4"),
    (166, "iso20000-1"),
    (120, "devops"),
    (95, "lean-it"),
    (60, "cobit2019"),
    (44, "project-phases"),
)
OWN = """\
format: 1
id: northwind-promise
name: Our service promise
version: '2'
edition: {edition}
owner: Northwind IT
note: What we told our customers, in our own words.
groups:
  - {{id: promise, name: What we promise}}
practices:
  - id: heard
    name: You are heard
    group: promise
    purpose: Whoever calls or writes gets an answer by somebody who can help
    steps: [call-intake-and-classification, incident-logging-and-classification]
    measures: [inc-mean-time-acknowledge, inc-response-sla]
  - id: told
    name: You are told
    group: promise
    purpose: Nobody has to ask how far we are
    steps: [stakeholder-status-communication{more}]
    measures: [inc-update-sla]
  - id: asked
    name: You are asked
    group: promise
    purpose: Twice a year we ask what it was like
    steps: [satisfaction-survey]
"""


class Librarian:
    """Tells which frameworks were adopted, up to the present moment. Tell the improvements first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at

    def tell(self) -> int:
        """Returns how many packs were adopted."""
        ada: Any = self.cast.staff["ada"]
        with acting(channel=Channel.WEB, is_quiet=True):
            for days, slug in ADOPTED:
                text = shipped_packs.text_of(slug)
                operations.adopt(by=ada, at=self._ago(days), text=text, is_sample=True)
            own, _ = operations.adopt(
                by=ada, at=self._ago(30), text=OWN.format(edition=1, more=""), is_sample=True
            )  # fmt: skip
            later = OWN.format(edition=2, more=", agreement-review")
            operations.upgrade(pack=own, by=ada, at=self._ago(12), text=later)
            phases = Practice.objects.select_related("pack").filter(pack__slug="project-phases")[0].pack
            operations.switch_off(pack=phases, by=ada, at=self._ago(10))
            asked = Practice.objects.select_related("pack").get(pack=own, key="asked")
            raise_gap(practice=asked, by=self.cast.staff["ines"], at=self._ago(9), is_sample=True)
        return len(ADOPTED) + 1

    def listen(self) -> int:
        """
        Compare what practices carry with its targets, once the measures are counted; one miss is a false alarm.

        Returns how many signals.
        """
        with acting(channel=Channel.WORKER, is_quiet=True):
            raised = look(at=self.now)
        for alarm in Signal.objects.open().filter(kpi="inc-open-breached", is_sample=True):
            with acting(channel=Channel.WEB, is_quiet=True):
                dismiss(signal=alarm, by=self.cast.staff["ines"], at=self.now, reason=AGREED)
        return raised

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)
