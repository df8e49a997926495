"""
The case of an excuse: what exactly is decided, as text, and its digest.

A decision is about the miss as it was then: the target, the clause, what was said about it. When one of these becomes
another, the decision lapses.
"""

import hashlib
from datetime import datetime
from typing import Any

from approvals import operations as approvals
from approvals.enums import State

from ..enums import ClockState
from .enums import IN_CASE
from .models import Breach

RELATED = ("clock", "record", "cause", "clause", "team", "agreement", "attachment")


def text_of(breach: Breach) -> str:
    """What is decided. Running, stopping and being reopened change nothing in it: the target was missed before."""
    clock = breach.clock
    return "\n".join(
        str(each)
        for each in (
            breach.pk, breach.fact_id, breach.missed_at.isoformat(), breach.cause_id, breach.explanation,
            breach.clause_id, breach.evidence, breach.attachment_id, clock.agreement_id, clock.agreement_version,
            clock.calendar_id, clock.priority, clock.target, clock.counts_from.isoformat(),
            clock.state in (ClockState.VOID, ClockState.CANCELLED),
        )
    )  # fmt: skip


def digest_of(breach: Breach) -> str:
    return hashlib.sha256(text_of(breach).encode()).hexdigest()


def in_case(record: Any, clock_kind: str) -> Breach | None:
    """The breach of a record's clock whose excuse is being decided."""
    rows = Breach.objects.filter(record_id=record.pk, clock_kind=clock_kind, state=IN_CASE[0])
    return rows.select_related(*RELATED).first()


def end_approval(breach: Breach, *, by: Any, at: datetime, reason: str) -> None:
    """End the votes about a breach that needs no decision any more; a decision that was given stays in history."""
    if breach.approval is not None and breach.approval.state == State.OPEN:
        approvals.withdraw(approval=breach.approval, by=by, at=at, reason=reason)
