"""Tables of procedures: what is written, what runs on records, who is accountable."""

from .accountability import Duty, DutyPart
from .procedures import ActivationRule, Procedure, ProcedureStep, ProcedureVersion
from .running import Place, Tick, Visit

__all__ = [
    "ActivationRule",
    "Duty",
    "DutyPart",
    "Place",
    "Procedure",
    "ProcedureStep",
    "ProcedureVersion",
    "Tick",
    "Visit",
]
