"""Clocks follow every act on a record inside its transaction: both happen, or neither does."""

from typing import Any

from approvals.watching import StepEvent
from records.enums import Phase
from records.events import EventKind, RecordEvent

from . import declarations, selection
from .clockwork import choosing, dating, handing, parts, repeating, retargeting, starting, switching
from .clockwork.bench import Bench
from .clockwork.parts import Part
from .declarations import Begin, Declaration, Mode
from .enums import FINISHED_STATES

DECIDES_AGREEMENT = ("priority", "service_id", "organization_id", "requester_id")


def follow(event: RecordEvent) -> None:
    """
    Let the clocks of a record do what the act means for them, as of the moment of the act.

    Acts that concern no clock (notes, tags) cost no statement, another team a small one.
    """
    declared = declarations.of(event.record.kind)
    if not declared:
        return
    if event.kind == EventKind.CREATED:
        _start(event, declared)
        return
    is_retargeted = event.changed(*DECIDES_AGREEMENT)
    is_answered = event.changed("responded_at") and event.record.responded_at is not None
    is_moved = any(_concerns(each, event) for each in declared)
    is_told = _is_told(event) and any(each.begins == Begin.REPLY for each in declared)
    is_redated = event.changed("opened_at")
    is_restopped = event.changed("resolved_at") and None not in event.changes["resolved_at"]
    of_task = event.task is not None and any(each.begins == Begin.TASK for each in declared)
    redecided = _redecided(event, declared)
    handed = [each for each in declared if each.is_beneath and handing.concerns(each, event)]
    happened = (is_answered, is_moved, is_told, is_redated, is_restopped, redecided, handed, of_task)
    if not any(happened):
        return
    bench = _bench(event)
    if redecided and not _was_done(event):
        _retarget(bench, redecided)
    if is_redated:
        dating.redate_all(bench, was_at=event.changes["opened_at"][0])
    if is_restopped and not is_moved:
        dating.redate_stops(bench, was_at=event.changes["resolved_at"][0])
    for each in declared:
        if each.is_of_parts:
            _follow_parts(bench, each, event, is_moved=is_moved, is_retargeted=is_retargeted)
        elif is_answered and each.stops_at_first_reply and (clock := bench.live(each.clock)):
            switching.stop(bench, clock, at=event.record.responded_at)
        elif is_moved or is_retargeted:
            _follow_state(bench, each, event)
        if each in handed:
            handing.follow(bench, each, event)
        if is_told and each.begins == Begin.REPLY:
            repeating.turn_over(bench, each)
    bench.save()


def follow_step(event: StepEvent) -> None:
    """Begin the clock of a step that asks its people, or end it with the step, in its transaction."""
    record = event.step.approval.record
    if record is None:
        return
    wanted = [each for each in declarations.of(record.kind) if each.begins == Begin.APPROVAL]
    if not wanted:
        return
    bench = Bench(record, by=event.by, at=event.at, entry_id=event.entry.pk if event.entry else None)
    for each in wanted:
        parts.follow(bench, each, Part.of_step(event.step))
    bench.save()


def _follow_parts(
    bench: Bench, declaration: Declaration, event: RecordEvent, *, is_moved: bool, is_retargeted: bool
) -> None:
    before, after = _states(event)
    if is_moved or is_retargeted:
        halted = declaration.waits_in | declaration.cancels_in | declaration.stops_in
        is_begun = before in halted and after not in halted
        parts.follow_record(bench, declaration, is_begun=is_begun or is_retargeted)
    if event.task is not None and declaration.begins == Begin.TASK:
        parts.follow(bench, declaration, Part.of_task(event.task))


def _retarget(bench: Bench, declared: list[Declaration]) -> None:
    own = [each for each in declared if not each.is_beneath]
    choice = selection.choose(bench.record) if own else None
    for each in declared:
        if choice is not None and not each.is_beneath:
            retargeting.retarget(bench, each, choice)
        elif bench.live(each.clock) is not None:
            retargeting.retarget(bench, each, choosing.choice(each, bench.record))


def _redecided(event: RecordEvent, declared: list[Declaration]) -> list[Declaration]:
    """The clocks that may have another agreement or target now. Of the item only the contract with a supplier asks."""
    if event.changed(*DECIDES_AGREEMENT):
        return declared
    return [each for each in declared if each.begins == Begin.SUPPLIER and event.changed("item_id")]


def _start(event: RecordEvent, declared: list[Declaration]) -> None:
    choice = selection.choose(event.record)
    bench = _bench(event, is_new=True)
    for each in declared:
        if each.begins == Begin.RECORD and event.record.state not in each.waits_in:
            starting.start(bench, each, choice, from_at=event.record.opened_at)
        elif each.is_beneath and selection.has_any(event.record.kind, each.party, is_known=True):
            handing.begin(bench, each, event.record)
    bench.save()


def _bench(event: RecordEvent, *, is_new: bool = False) -> Bench:
    return Bench(event.record, by=event.by, at=event.at, entry_id=event.entry.pk, is_new=is_new)


def _concerns(declaration: Declaration, event: RecordEvent) -> bool:
    """Whether the act moved the record between states that differ for the clock."""
    before, after = _states(event)
    if before == after:
        return False
    return not declaration.is_indifferent(before, after)


def _is_told(event: RecordEvent) -> bool:
    """Whether the act is a public reply of the provider's side."""
    comment = event.comment
    return bool(comment is not None and comment.is_public and not comment.is_from_requester_side)


def _was_done(event: RecordEvent) -> bool:
    before, _after = event.changes.get("phase", (event.record.phase, None))
    return bool(before == Phase.DONE)


def _follow_state(bench: Bench, declaration: Declaration, event: RecordEvent) -> None:
    record = event.record
    clock = bench.live(declaration.clock)
    if clock is None:
        clock = _begun(bench, declaration, event) or _reopened(bench, declaration, event)
        if clock is None:
            return
    mode = declaration.mode(record.state, record.state_reason, clock.pause_reasons)
    switching.follow(bench, clock, mode, reason=record.state_reason)


def _begun(bench: Bench, declaration: Declaration, event: RecordEvent) -> Any:
    """Start a clock whose record comes from where it had none; None where nothing begins."""
    before, after = _states(event)
    if not declaration.begins_with(before, after):
        return None
    return starting.start(bench, declaration, selection.choose(event.record), from_at=event.at)


def _reopened(bench: Bench, declaration: Declaration, event: RecordEvent) -> Any:
    """
    Take up a stopped clock when its record is being worked on again; None where nothing is to be taken up.

    Beneath the customer's it is that of the team that has the record; what another team had stays as it ended.
    """
    latest, record = bench.latest(declaration.clock), event.record
    if not declaration.goes_on_when_reopened or latest is None or latest.state not in FINISHED_STATES:
        return None
    if _states(event)[0] not in declaration.stops_in:
        return None
    if declaration.mode(record.state, record.state_reason, ()) not in (Mode.RUN, Mode.PAUSE):
        return None
    if declaration.is_beneath:
        terms = choosing.choice(declaration, record).terms
        if terms is None or terms.agreement_id != latest.agreement_id:
            return None
    return switching.reopen(bench, declaration, latest)


def _states(event: RecordEvent) -> tuple[str, str]:
    """The state of the record before and after the act."""
    before, after = event.changes.get("state", (event.record.state, event.record.state))
    return str(before), str(after)
