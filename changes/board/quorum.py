"""
When a board may decide (domain reference A5.3): pure functions of who is there.

The chair or their deputy is present, at least three voting members are, and at least half of those invited; for one
change also everybody whose word is mandatory for it. Who sits there for two counts once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LEAST_VOTING = 3


@dataclass(frozen=True)
class Place:
    """
    A voting member who was invited.

    :param voter: key of who is there for them: themselves, their deputy, or None for nobody.
    """

    person: int
    voter: int | None = None
    is_chair: bool = False


@dataclass(frozen=True)
class Condition:
    """
    One part of the rule and whether it holds, as plain values that minutes can keep.

    :param code: chair, least, half or mandatory. :param names: of those who are missing.
    """

    code: str
    is_met: bool
    there: int = 0
    needed: int = 0
    names: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The condition with its figures, in the reader's language."""
        if self.code == "chair":
            return _("The chair or their deputy is there.") if self.is_met else _("Neither the chair nor a deputy is.")
        if self.code == "mandatory":
            if self.is_met:
                return _("Everybody whose word is mandatory is there or has voted.")
            return _("Missing, and mandatory: %(names)s.") % {"names": ", ".join(self.names)}
        figures = {"there": self.there, "needed": self.needed}
        if self.code == "least":
            return (
                ngettext(
                    "%(there)d voting member is there; %(needed)d are needed.",
                    "%(there)d voting members are there; %(needed)d are needed.",
                    self.there,
                )
                % figures
            )
        return (
            ngettext(
                "Half of those invited to vote is %(needed)d; %(there)d is there.",
                "Half of those invited to vote is %(needed)d; %(there)d are there.",
                self.there,
            )
            % figures
        )

    def as_document(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "is_met": self.is_met,
            "there": self.there,
            "needed": self.needed,
            "names": list(self.names),
        }

    @classmethod
    def from_document(cls, said: Mapping[str, Any]) -> "Condition":
        return cls(**{**said, "names": tuple(said["names"])})


def of_meeting(places: Sequence[Place]) -> list[Condition]:
    """The conditions that hold for the meeting as a whole."""
    there = len({place.voter for place in places if place.voter is not None})
    half = -(-len(places) // 2)
    return [
        Condition("chair", any(place.is_chair and place.voter is not None for place in places)),
        Condition("least", there >= LEAST_VOTING, there=there, needed=LEAST_VOTING),
        Condition("half", there >= half, there=there, needed=half),
    ]


def of_item(mandatory: Mapping[int, str], *, there: Iterable[int], voted: Iterable[int] = ()) -> Condition:
    """
    The condition for one change.

    :param mandatory: key and name of everybody whose word it needs. :param there: those who are present or represented.
    :param voted: those who have voted on it already, beforehand too.
    """
    known = {*there, *voted}
    missing = tuple(sorted(name for key, name in mandatory.items() if key not in known))
    return Condition(
        "mandatory", not missing, there=len(mandatory) - len(missing), needed=len(mandatory), names=missing
    )


def is_quorate(conditions: Iterable[Condition]) -> bool:
    return all(each.is_met for each in conditions)
