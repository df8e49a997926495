"""What a new installation starts with: the risk questionnaire and the board (domain reference A5)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals import operations as approvals
from approvals.models import ApprovalPolicy, Board
from approvals.terms import ConditionTerms, StepSpec, Terms, asks
from people.enums import Role

from .enums import Band
from .models import RiskChoice, RiskFactor, RiskFactorVersion
from .queries.facts import AUTHORIZE

# Short name, question, weight, band that the worst answer raises to, and the answers from 0 to 4 points.
QUESTIONS: tuple[tuple[str, str, int, str, tuple[str, ...]], ...] = (
    ("criticality", _("How much depends on the service?"), 3, "",
     (_("nothing live"), _("a convenience"), _("daily work"), _("important business"), _("vital business"))),
    ("reach_people", _("How many people or customers does it touch?"), 3, "",
     (_("none"), _("a few"), _("a team or a site"), _("most"), _("all"))),
    ("reach_items", _("How far does it reach into the technology?"), 2, "",
     (_("one item"), _("several alike"), _("one chain"), _("several chains"), _("many domains"))),
    ("novelty", _("How new and intricate is it?"), 2, "",
     (_("routine"), _("done before"), _("known, new to us"), _("intricate"), _("first time, many parties"))),
    ("back_out", _("Can it be undone in the window?"), 3, Band.HIGH,
     (_("tested and quick"), _("tested"), _("planned"), _("partly"), _("no"))),
    ("tests", _("How well is it tested?"), 2, "",
     (_("fully, like live"), _("mostly"), _("the main path"), _("on paper"), _("not at all"))),
    ("timing", _("How does it fit its window?"), 1, "",
     (_("quiet and long enough"), _("quiet"), _("working hours"), _("busy hours"), _("peak, or outside any window"))),
    ("data", _("Does it touch security, personal data or the form of data?"), 2, "",
     (_("no"), _("hardly"), _("yes, reversibly"), _("yes, hard to reverse"), _("yes, for good"))),
    ("record", _("How did such changes go so far?"), 1, "",
     (_("nearly always well"), _("mostly well"), _("unknown"), _("sometimes badly"), _("badly of late"))),
    ("outage", _("Does the service stop for it?"), 2, "",
     (_("no"), _("minutes, at night"), _("minutes, by day"), _("long, at night"), _("long and seen by all"))),
)  # fmt: skip


def ensure_questions() -> None:
    """Make the questions of the domain reference that were never there; edited ones stay as they are."""
    known = set(RiskFactor.objects.values_list("key", flat=True))
    for position, (key, question, weight, raises_to, answers) in enumerate(QUESTIONS, start=1):
        if key in known:
            continue
        factor = RiskFactor.objects.create(
            key=key, question=question, weight=weight, raises_to=raises_to, position=position * 10
        )
        RiskChoice.objects.bulk_create(
            RiskChoice(factor=factor, points=points, label=label) for points, label in enumerate(answers)
        )
        RiskFactorVersion.objects.create(factor=factor, number=factor.version, document=factor.as_document())


def ensure_policies(*, at: datetime) -> None:
    """Make the approval policies by risk band, unless somebody has written any for changes."""
    if ApprovalPolicy.objects.filter(purpose=AUTHORIZE).exists():
        return
    board = approvals.ensure_board(name="Change advisory board", slug="cab", at=at)
    manager = asks("role", role=Role.CHANGE_MANAGER)
    for name, condition, steps in _policies(board, manager):
        approvals.create_policy(
            by=None,
            at=at,
            name=name,
            purpose=AUTHORIZE,
            terms=Terms(conditions=tuple(condition), steps=tuple(steps)),
        )


def _policies(board: Board, manager: Any) -> list[tuple[str, list[ConditionTerms], list[StepSpec]]]:
    day = 24 * 60
    owner = asks("service_owner", is_mandatory=True)
    advice = StepSpec("Board", (asks("board", board=board.pk), owner), quorum="percent", needed=50, least_votes=3,
                      deadline_minutes=5 * day, remind_minutes=day)  # fmt: skip
    decision = StepSpec("Change manager", (manager,), quorum="any", deadline_minutes=2 * day, remind_minutes=day // 2)
    peer = StepSpec("Team lead", (asks("team_lead"), manager), quorum="any", deadline_minutes=2 * day,
                    remind_minutes=day // 2)  # fmt: skip
    # One of them suffices: with the one who let it begin that makes two, neither of them its requester or implementer.
    emergency = StepSpec("Emergency board", (manager, asks("team_lead"), asks("service_owner")), quorum="any",
                         deadline_minutes=day, remind_minutes=2 * 60)  # fmt: skip
    return [
        ("Changes", [], [decision]),
        ("Changes of low risk", [ConditionTerms("risk", (Band.LOW,))], [peer]),
        ("Changes of high risk", [ConditionTerms("risk", (Band.HIGH,))], [advice, decision]),
        ("Changes of very high risk", [ConditionTerms("risk", (Band.VERY_HIGH,))], [advice, decision]),
        ("Emergency changes", [ConditionTerms("type", ("emergency",))], [emergency]),
    ]
