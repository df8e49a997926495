"""How incidents present themselves to the platform."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from records.panels import Panel
from records.practices import Practice, Send

from . import operations
from .enums import HoldReason, ResolutionCode, State
from .models import Incident
from .queries import IncidentFacts, facts_of_many
from .workflow import PHASES


def _resolving(code: ResolutionCode, label: Any) -> Send:
    return Send(label=label, move="resolve", inputs=lambda text: {"code": code, "text": text})


SENDS = {
    "wait": Send(
        label=_("Send to %(to)s and wait for the answer"),
        move="hold",
        inputs=lambda text: {"hold_for": HoldReason.REQUESTER},
    ),
    "fixed": _resolving(ResolutionCode.FIXED, _("Send to %(to)s and resolve: fixed for good")),
    "workaround": _resolving(ResolutionCode.WORKAROUND, _("Send to %(to)s and resolve: workaround given")),
    "advice": _resolving(ResolutionCode.ADVICE, _("Send to %(to)s and resolve: advice given")),
}

PRACTICE = Practice(
    kind="incident",
    prefix="INC",
    slug="incidents",
    process="recover",
    label=_("incident"),
    label_plural=_("incidents"),
    model=Incident,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=IncidentFacts,
    facts_of_many=facts_of_many,
    steps={
        State.NEW: "accept",
        State.ASSIGNED: "prioritize",
        State.IN_PROGRESS: "diagnose",
        State.RESOLVED: "verify",
        State.CLOSED: "close",
    },
    done_at={
        "incident-logging-and-classification": [State.NEW],
        "incident-escalation": [State.ASSIGNED, State.IN_PROGRESS],
        "workaround-application": [State.IN_PROGRESS],
        "incident-resolution-and-closure": [State.IN_PROGRESS, State.ON_HOLD],
        "stakeholder-status-communication": [State.IN_PROGRESS, State.ON_HOLD],
        "call-intake-and-classification": [State.NEW],
    },
    resumes_on_reply={State.ON_HOLD: "resume"},
    sends=SENDS,
    has_portal_page=True,
)

SIMILAR = Panel(
    name="similar",
    on=frozenset({"incident"}),
    address="/incidents/%(reference)s/similar/",
    operation="record.read_notes",
    position=90,
)
