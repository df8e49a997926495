"""
Warnings that an agreement adds to the usual ones: at any percentage of a target, or so many working minutes before due.

A level is a short code: `p60` is reached when 60 % of the target is used, `p150` when half of it has been used on top,
`m30` when 30 working minutes are left. An agreement keeps them as plain values, a clock those that concern it, with
their moments. The usual levels (75 %, 90 %, due) stay what they are, in columns of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refusal

HIGHEST_PERCENT = 500
LONGEST_MINUTES = 525_600
MOST = 20
MINUTE = timedelta(minutes=1)
# The usual levels that tell people; a warning of the agreement at the same share tells in their place.
USUAL = {"at_risk": "p90", "breached": "p100"}


class Tell(StrEnum):
    """Who is told beside the people named."""

    OWNER = "owner"
    LEAD = "lead"


@dataclass(frozen=True)
class Threshold:
    """
    One warning.

    :param percent: of the target; or :param minutes: working minutes before the due moment. Exactly one of both.
    :param clocks: names of the clocks it is about; empty for all. :param people: keys of people to tell.
    :param in_hours: whether a receiver whose team is closed is told at its next opening.
    """

    percent: int | None = None
    minutes: int | None = None
    clocks: tuple[str, ...] = ()
    tells: tuple[str, ...] = (Tell.OWNER,)
    people: tuple[int, ...] = ()
    in_hours: bool = False

    @property
    def code(self) -> str:
        return f"p{self.percent}" if self.percent is not None else f"m{self.minutes}"

    @classmethod
    def from_document(cls, said: Mapping[str, Any]) -> "Threshold":
        """Read what `as_document` wrote."""
        return cls(
            percent=said.get("percent"),
            minutes=said.get("minutes"),
            clocks=tuple(said.get("clocks", ())),
            tells=tuple(said.get("tells", ())),
            people=tuple(said.get("people", ())),
            in_hours=bool(said.get("in_hours")),
        )

    def as_document(self) -> dict[str, Any]:
        """Plain JSON values, without what is not said."""
        plain = {name: list(each) if isinstance(each, tuple) else each for name, each in asdict(self).items()}
        return {name: each for name, each in plain.items() if each not in (None, [], False)}

    def is_about(self, clock: str) -> bool:
        return not self.clocks or clock in self.clocks


@dataclass(frozen=True, slots=True)
class Ahead:
    """One level of one clock: when it comes, None while that is not in sight, and whether it was told."""

    code: str
    at: datetime | None = None
    is_passed: bool = False


def levels_for(
    thresholds: Iterable[Mapping[str, Any]], clock: str, known: Sequence[Any] | None = None
) -> list[list[Any]] | None:
    """
    What a clock keeps of an agreement's warnings: its levels in a fixed order; None for none.

    :param known: what it kept before: levels that it has passed stay passed.
    """
    codes = dict.fromkeys(each.code for each in map(Threshold.from_document, thresholds) if each.is_about(clock))
    before = {each.code: each for each in read(known)}
    return write([before.get(code, Ahead(code)) for code in sorted(codes)])


def read(levels: Sequence[Any] | None) -> list[Ahead]:
    """The levels that a clock keeps."""
    return [Ahead(code, datetime.fromisoformat(at) if at else None, is_passed) for code, at, is_passed in levels or ()]


def write(levels: Iterable[Ahead]) -> list[list[Any]] | None:
    """The same as plain JSON values."""
    return [[each.code, each.at.isoformat() if each.at else None, each.is_passed] for each in levels] or None


def next_at(levels: Sequence[Any] | None) -> datetime | None:
    """When the first of the levels comes that was not passed yet."""
    return min((each.at for each in read(levels) if each.at is not None and not each.is_passed), default=None)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments of which either may be missing."""
    return min((each for each in (one, other) if each is not None), default=None)


def allowance(code: str, *, target: timedelta, used_before: timedelta) -> timedelta | None:
    """Working time that may be used until the level is reached; None where the target is shorter than its minutes."""
    number = int(code[1:])
    if code[0] == "p":
        return used_before + target * number / 100
    return used_before + target - number * MINUTE if target >= number * MINUTE else None


def unfit(document: Any, *, clocks: Iterable[str]) -> list[Refusal]:
    """What keeps warnings from being saved, at the field `thresholds`. :param clocks: that the kind of record has."""
    found: list[str] = []
    rows = [Threshold.from_document(each) for each in document]
    known = set(clocks)
    if len(rows) > MOST:
        found.append(_("An agreement has at most %(most)s warnings. Leave some out.") % {"most": MOST})
    keys = [(each.code, each.clocks) for each in rows]
    if len(set(keys)) < len(keys):
        found.append(_("A warning stands twice. Give each once, with everybody whom it tells."))
    for each in rows:
        if (each.percent is None) == (each.minutes is None):
            found.append(_("A warning needs a percentage of the target or the minutes before it is due."))
        elif each.percent is not None and not 1 <= each.percent <= HIGHEST_PERCENT:
            found.append(_("A percentage of a warning lies between 1 and %(most)s.") % {"most": HIGHEST_PERCENT})
        elif each.minutes is not None and not 1 <= each.minutes <= LONGEST_MINUTES:
            found.append(_("The minutes of a warning lie between one and a year of working time."))
        if set(each.clocks) - known:
            found.append(_("A record of this kind has no such clock: %(clock)s.") % {"clock": ", ".join(each.clocks)})
        if unknown := set(each.tells) - set(Tell):
            found.append(_("A warning tells owner or lead, not %(who)s.") % {"who": ", ".join(sorted(unknown))})
        if not each.tells and not each.people:
            found.append(_("A warning tells nobody. Say who is to be told."))
    return [Refusal("unfit", text, "thresholds") for text in dict.fromkeys(found)]
