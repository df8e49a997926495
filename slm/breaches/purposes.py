"""What the approval engine decides about excuses: one purpose for each clock of each kind of record."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from approvals.purposes import Condition, Fact, Purpose, find, register
from common.templatetags.steward import exact, hours_minutes
from people.models import Membership

from .. import declarations
from . import cases, excuses
from .models import Cause, Clause


def register_all() -> None:
    """Make the purposes of every declared clock known; called when all practices have declared theirs."""
    for kind, clock in declarations.declared():
        if find(excuses.purpose_name(kind, clock)) is None:
            register(_purpose(kind, clock))


def never_binding(record: Any) -> bool:
    """Once it is given, the excuse itself watches whether its clock stays what it was."""
    return False


def _purpose(kind: str, clock: str) -> Purpose:
    def fingerprint(record: Any) -> str:
        breach = cases.in_case(record, clock)
        return cases.text_of(breach) if breach else ""

    def excluded(record: Any) -> Mapping[int, Any]:
        """Whoever asks, had it or explained it, and everybody in the team that had it or has it now."""
        breach = cases.in_case(record, clock)
        if breach is None:
            return {}
        teams = {breach.team_id, record.team_id} - {None}
        members = Membership.objects.filter(team__in=teams).values_list("user_id", flat=True)
        told: dict[Any, Any] = {key: _("in the team whose target it was") for key in members}
        if breach.team is not None and breach.team.lead_id:
            told[breach.team.lead_id] = _("the lead of the team whose target it was")
        told |= {
            record.assignee_id: _("whose work it is"),
            breach.owner_id: _("whose work it was"),
            breach.explained_by_id: _("who explained the miss"),
            breach.asked_by_id: _("who asks for the excuse"),
        }
        return {key: why for key, why in told.items() if key is not None}

    def values(record: Any) -> Mapping[str, Any]:
        breach = cases.in_case(record, clock)
        if breach is None or breach.clause is None or breach.cause is None:
            return {}
        return {"clause": breach.clause.key, "cause": breach.cause.key}

    def shown(record: Any) -> Sequence[Fact]:
        breach = cases.in_case(record, clock)
        if breach is None:
            return ()
        facts = [
            Fact(_("Target"), f"{breach.clock_label}, {hours_minutes(breach.clock.target)}"),
            Fact(_("Missed at"), exact(breach.missed_at), url=breach.get_absolute_url()),
            Fact(_("Team"), str(breach.team or "–")),
            Fact(_("Cause"), str(breach.cause)),
            Fact(_("Explanation"), breach.explanation),
            Fact(_("Clause"), str(breach.clause)),
            Fact(_("Evidence"), breach.evidence),
        ]
        if breach.attachment is not None:
            facts.append(Fact(_("File"), breach.attachment.name))
        return facts

    declared = declarations.find(kind, clock)
    return Purpose(
        name=excuses.purpose_name(kind, clock),
        kind=kind,
        label=format_lazy(_("excuse the missed {clock}"), clock=declared.label if declared else clock),
        fingerprint=fingerprint,
        excluded=excluded,
        values=values,
        conditions=(
            Condition("clause", _("clause"), choices=lambda: list(Clause.objects.values_list("key", "name"))),
            Condition("cause", _("cause of the miss"), choices=lambda: list(Cause.objects.values_list("key", "name"))),
        ),
        shown=shown,
        is_binding=never_binding,
        ends_with_subject=False,
        on_approved=excuses.approved,
        on_rejected=excuses.rejected,
        on_lapsed=excuses.lapsed,
    )
