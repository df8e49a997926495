"""How problems present themselves to the platform."""

from django.utils.translation import gettext_lazy as _

from records.panels import Panel
from records.practices import Practice

from . import operations
from .enums import State
from .models import Problem
from .queries import ProblemFacts
from .workflow import PHASES

PRACTICE = Practice(
    kind="problem",
    prefix="PRB",
    slug="problems",
    process="improve",
    label=_("problem"),
    label_plural=_("problems"),
    model=Problem,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=ProblemFacts,
    steps={
        State.LOGGED: "accept",
        State.ACCEPTED: "analyze",
        State.INVESTIGATING: "analyze",
        State.KNOWN_ERROR: "select",
        State.FIXING: "follow",
        State.VERIFYING: "check",
        State.CLOSED: "close",
        State.RISK_ACCEPTED: "close",
    },
    done_at={
        "problem-identification": [State.LOGGED, State.ACCEPTED],
        "root-cause-analysis": [State.INVESTIGATING],
        "known-error-publication": [State.KNOWN_ERROR],
        "corrective-action": [State.FIXING, State.VERIFYING],
    },
    raised_from={"incident": _("Open a problem")},
)

KNOWN_ERRORS = Panel(
    name="known_errors",
    on=frozenset({"incident"}),
    address="/known-errors/beside/%(reference)s/",
    new_address="/known-errors/matches/",
    operation="record.read_notes",
    position=10,
)
