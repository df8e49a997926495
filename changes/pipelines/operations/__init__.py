"""The acts on deployments and environments."""

from .asking import Question, ask
from .environments import change_environment, create_environment
from .overdue import note_overdue
from .reporting import report

__all__ = ["Question", "ask", "change_environment", "create_environment", "note_overdue", "report"]
