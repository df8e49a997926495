"""Tables of improvements."""

from .improvement import Goal, Improvement, Scale, Vote
from .measuring import Measure, Verdict
from .walking import Answer, Option, Stride

__all__ = ["Answer", "Goal", "Improvement", "Measure", "Option", "Scale", "Stride", "Verdict", "Vote"]
