"""What each of the seven steps asks, beside what is measured, scored and linked there."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .enums import Step

LONGEST_ANSWER = 4000


@dataclass(frozen=True)
class Question:
    """:ivar rows: how many lines the field shows. :ivar is_required: whether the step is complete without it."""

    name: str
    label: Any
    rows: int = 3
    is_required: bool = False


QUESTIONS: dict[Step, tuple[Question, ...]] = {
    Step.VISION: (
        Question("vision", _("What gets better for whom, in one sentence"), rows=2, is_required=True),
        Question("stakeholders", _("Who has a stake in it"), rows=2),
    ),
    Step.NOW: (Question("findings", _("What we found: what works, what does not")),),
    Step.TARGET: (Question("gap", _("What lies between now and then")),),
    Step.WAY: (
        Question("plan", _("The plan, in pieces that can be tried")),
        Question("go_ahead", _("Who gave the go-ahead, and for which cost"), rows=2),
    ),
    Step.ACTION: (Question("done", _("What was done, and what we learned on the way")),),
    Step.CHECK: (
        Question("statement", _("What we make of the verdict, and what we decided"), is_required=True),
        Question("side_effects", _("What else changed, for better or worse"), rows=2),
    ),
    Step.MOMENTUM: (
        Question("kept_by", _("Which procedure, agreement or article now says so"), rows=2, is_required=True),
        Question("lessons", _("What we learned"), is_required=True),
        Question("spread", _("Where else it could help"), rows=2),
    ),
}
# The classic seven-step process (domain reference, improvement 4): the measurement plan inside these steps.
CLASSIC = (
    (_("Approach"), _("Which need and goal it serves"), Step.VISION),
    (_("Measure"), _("What is measured, and what we would like to measure but can't"), Step.NOW),
    (_("Gather"), _("From which records, over which days"), Step.NOW),
    (_("Process"), _("How records become a figure"), Step.NOW),
    (_("Analyze"), _("What the figures say about the gap"), Step.TARGET),
    (_("Present"), _("What the comparison says"), Step.CHECK),
    (_("Implement"), _("What follows from it"), Step.CHECK),
)
NEVER_SKIPPED = frozenset({Step.TARGET, Step.ACTION, Step.CHECK})
SKIPPED_WHEN_SMALL = frozenset({Step.VISION, Step.WAY})
