"""
Windows that suit a change, with the reasons in words.

Everything that is known of the next 30 days is read once, in a fixed number of queries, and weighed by `ranking`. What
blocks a window here is what stands in its way when it is taken, by the same rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refused

from .. import ranking
from ..enums import State, WindowKind
from ..models import Change
from .allowance import allowances_of
from .conflicts import Conflict, conflicts
from .facts import ChangeFacts
from .hours import Hours, business_hours, shift_of
from .peaks import Peaks, peaks_of
from .sayings import Saying, said_of
from .windows import windows_in

HORIZON = timedelta(days=30)
LEAD = timedelta(hours=1)
LEAD_TO_DECIDE = timedelta(days=1)
DEFAULT_MINUTES = 60
LEAST_MINUTES, MOST_MINUTES = 5, 2 * 24 * 60
SHOWN_PASSED = 5
HASTE_OF_EMERGENCIES = 12.0


@dataclass(frozen=True)
class Proposal:
    """One window that can be had. :param sayings: what speaks for it and against it, the weightiest first."""

    starts_at: datetime
    ends_at: datetime
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class PassedOver:
    """A window near by that can't be had, and why."""

    starts_at: datetime
    ends_at: datetime
    sentence: str


@dataclass(frozen=True)
class Proposals:
    """
    :param minutes: length that was looked for. :param notes: what was not known, in words.
    :param earliest: nothing before it was looked at. :param latest: nor anything that ends after it.
    """

    minutes: int
    earliest: datetime
    latest: datetime
    found: tuple[Proposal, ...]
    passed: tuple[PassedOver, ...]
    notes: tuple[str, ...]


def length_of(change: Change) -> int:
    """Minutes that the change needs, as far as it says: its window, else its planned outage, else an hour."""
    if change.planned_from is not None and change.planned_to is not None:
        minutes = round((change.planned_to - change.planned_from) / timedelta(minutes=1))
    else:
        minutes = max(change.outage_minutes, DEFAULT_MINUTES)
    return min(max(minutes, LEAST_MINUTES), MOST_MINUTES)


def propose(change: Change, *, viewer: Any, at: datetime, minutes: int | None = None) -> Proposals:
    """
    Find the best three windows within 30 days.

    :param viewer: who reads it; changes that they may not see stand in the way without being named.
    :param minutes: length; what the change says when left out.
    :raises Refused: a length out of range, or longer than the model of a standard change allows.
    """
    wanted = length_of(change) if minutes is None else minutes
    if not LEAST_MINUTES <= wanted <= MOST_MINUTES:
        raise Refused.because(
            "length",
            _("A window takes 5 minutes to 2 days. Say how long in minutes, from 5 to 2880."),
            "minutes",
        )
    is_open = change.state in (State.DRAFT, State.ASSESSING)
    earliest = at + (LEAD_TO_DECIDE if is_open and not (change.is_standard or change.is_emergency) else LEAD)
    latest = at + HORIZON
    length = timedelta(minutes=wanted)
    if change.is_standard and (refusal := ChangeFacts(change, at).too_long_for_model(earliest, earliest + length)):
        raise Refused.all_of([refusal])

    facts = ChangeFacts(change, at)
    services = facts.service_ids
    in_the_way = [each for each in conflicts(change, earliest, latest, viewer=viewer) if each.is_open]
    business, shift = business_hours(services, earliest, latest, at=at), shift_of(change, earliest, latest)
    peaks = peaks_of(services, viewer=viewer, at=at, zone=business.zone)
    maintenance = _maintenance(change, services, earliest, latest)
    allowances = allowances_of(services, at=at, end=latest)
    scene = ranking.Scene(
        blocks=[ranking.Block(each.starts_at, each.ends_at, each) for each in in_the_way],
        maintenance=maintenance,
        business=business.spans,
        on_shift=shift.spans,
        peaks=peaks.hourly,
        zone=peaks.zone,
        outage=timedelta(minutes=change.outage_minutes),
        allowances=allowances,
    )
    ranked = ranking.rank(
        scene,
        length=length,
        earliest=earliest,
        latest=latest,
        haste=HASTE_OF_EMERGENCIES if change.is_emergency else 1,
    )
    return Proposals(
        minutes=wanted,
        earliest=earliest,
        latest=latest,
        found=tuple(
            Proposal(slot.starts_at, slot.ends_at, said_of(slot, peaks=peaks, shift=shift)) for slot in ranked.slots
        ),
        passed=tuple(_passed(each) for each in ranked.passed[:SHOWN_PASSED]),
        notes=(
            *_notes(business, shift, peaks, has_maintenance=maintenance is not None),
            *_notes_of_allowance(change, allowances),
        ),
    )


def _maintenance(change: Change, services: set[int], start: datetime, end: datetime) -> Sequence[ranking.Span] | None:
    """Times of maintenance windows as spans that do not overlap; None where there are none."""
    spans: list[ranking.Span] = []
    for each in windows_in(
        start, end, kind=WindowKind.MAINTENANCE, services=services, organizations=[change.organization_id]
    ):
        if spans and each.starts_at <= spans[-1].ends_at:
            spans[-1] = ranking.Span(spans[-1].starts_at, max(spans[-1].ends_at, each.ends_at))
        else:
            spans.append(ranking.Span(each.starts_at, each.ends_at))
    return spans or None


def _passed(each: ranking.Passed) -> PassedOver:
    conflict = each.block.name
    assert isinstance(conflict, Conflict)  # as made above
    return PassedOver(each.starts_at, each.ends_at, conflict.sentence)


def _notes(business: Hours, shift: Hours, peaks: Peaks, *, has_maintenance: bool) -> tuple[str, ...]:
    """What could not be weighed, so that nobody takes it for weighed."""
    notes = [each.note for each in (business, shift) if each.note]
    if not has_maintenance:
        notes.append(_("No maintenance window falls into these days."))
    if peaks.note:
        notes.append(peaks.note)
    return tuple(notes)


def _notes_of_allowance(change: Change, allowances: Sequence[ranking.Allowance]) -> tuple[str, ...]:
    if not allowances:
        return (_("No agreement states how long these services may be down; no allowance was counted."),)
    if not change.outage_minutes:
        return (_("No outage is planned, so that nothing is taken from what the agreements allow."),)
    return ()
