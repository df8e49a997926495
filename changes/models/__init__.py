from .calendar import Acknowledgment, Booking, CalendarWindow, Exemption
from .catalog import ChangeModel
from .change import Change, ChangeQuerySet, ChangeStep
from .feed import FeedToken
from .risk import RiskAnswer, RiskChoice, RiskFactor, RiskFactorVersion

__all__ = [
    "Acknowledgment",
    "Booking",
    "CalendarWindow",
    "Change",
    "ChangeModel",
    "ChangeQuerySet",
    "ChangeStep",
    "Exemption",
    "FeedToken",
    "RiskAnswer",
    "RiskChoice",
    "RiskFactor",
    "RiskFactorVersion",
]
