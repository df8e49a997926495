"""The clock of the next update: each public reply of the provider's side ends one interval and begins the next."""

from .. import declarations, selection
from ..declarations import Declaration, Mode
from ..selection import Choice
from ..terms import Terms
from . import starting, switching
from .bench import Bench


def turn_over(bench: Bench, declaration: Declaration) -> None:
    """
    Judge the interval that a reply ends, and begin the next while there is something to tell.

    A reply dated before the open interval begins nothing: what came after it was told already. The terms are those
    of the record's other clocks, so that a ticket keeps the version of its agreement.
    """
    live = bench.live(declaration.clock)
    if live is not None:
        if bench.at < live.started_at:
            return
        switching.stop(bench, live)
    record = bench.record
    if declaration.mode(record.state, record.state_reason, ()) not in (Mode.RUN, Mode.PAUSE):
        return
    terms, choice = terms_of(bench)
    if terms is None or terms.promise(declaration.target_name, record.priority) is None:
        return
    clock = starting.start(bench, declaration, choice, from_at=bench.at, terms=terms)
    if clock is not None:
        mode = declaration.mode(record.state, record.state_reason, clock.pause_reasons)
        switching.follow(bench, clock, mode, reason=record.state_reason)


def terms_of(bench: Bench) -> tuple[Terms | None, Choice]:
    """
    The terms that the record's other clocks go by, those of teams and suppliers left out, so that a ticket keeps the
    version of its agreement; where it has none, those that apply now.
    """
    own = [each for each in declarations.of(bench.record.kind) if not each.is_beneath]
    kinds = {each.clock for each in own}
    rows = [each for each in bench.clocks if each.agreement_id and each.kind in kinds]
    known = max(rows, key=lambda each: each.is_live, default=None)
    if known is None:
        choice = selection.choose(bench.record)
        return choice.terms, choice
    assert known.agreement_id is not None
    terms = selection.terms_of(known.agreement_id, known.agreement_version)
    return terms, Choice(terms, match=known.match)
