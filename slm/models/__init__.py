"""Tables of service level management: what was promised, and the clocks that keep it."""

from .agreements import Agreement, AgreementVersion, BackToBackCheck, Signature, Target
from .clocks import Clock, ClockChange, ClockFact, Segment

__all__ = [
    "Agreement",
    "AgreementVersion",
    "BackToBackCheck",
    "Clock",
    "ClockChange",
    "ClockFact",
    "Segment",
    "Signature",
    "Target",
]
