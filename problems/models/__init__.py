from .analysis import Cause, CauseEvidence, Comparison, TimelineEvent
from .known_errors import KnownError, KnownErrorQuerySet, KnownErrorUse
from .problem import Problem, ProblemQuerySet
from .watching import RecurrenceMatch

__all__ = [
    "Cause",
    "CauseEvidence",
    "Comparison",
    "KnownError",
    "KnownErrorQuerySet",
    "KnownErrorUse",
    "Problem",
    "ProblemQuerySet",
    "RecurrenceMatch",
    "TimelineEvent",
]
