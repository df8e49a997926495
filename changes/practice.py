"""How changes present themselves to the platform, and what the approval engine decides about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from approvals.purposes import Condition, Fact, Purpose
from records.practices import Practice

from . import operations
from .enums import Band, State, Type
from .models import Change, ChangeStep
from .queries.facts import AUTHORIZE, ChangeFacts
from .workflow import PHASES

PRACTICE = Practice(
    kind="change",
    prefix="CHG",
    slug="changes",
    process="change",
    label=_("change"),
    label_plural=_("changes"),
    model=Change,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=ChangeFacts,
    steps={
        State.DRAFT: "accept",
        State.ASSESSING: "assess",
        State.AUTHORIZING: "authorize",
        State.SCHEDULED: "plan",
        State.IMPLEMENTING: "order",
        State.REVIEWING: "evaluate",
        State.CLOSED: "close",
    },
    done_at={
        "change-logging-and-screening": [State.DRAFT],
        "change-assessment": [State.ASSESSING],
        "change-authorization": [State.AUTHORIZING],
        "emergency-change-authorization": [State.AUTHORIZING],
        "change-scheduling": [State.SCHEDULED],
        "change-review": [State.REVIEWING],
        "deployment-execution": [State.IMPLEMENTING],
    },
    authorized_states=frozenset({State.SCHEDULED, State.IMPLEMENTING, State.REVIEWING, State.CLOSED}),
    raised_from={"incident": _("Write a change"), "problem": _("Write the change that fixes it")},
)
DECIDED_FIELDS = (
    "type", "rationale", "harm", "implementation_plan", "test_plan", "test_evidence", "back_out_plan",
    "back_out_trigger", "communication_plan", "outage_minutes", "risk_score", "risk_band", "assignee_id",
)  # fmt: skip


def scope_of(record: Any) -> str:
    """
    What is decided, as text: plan, risk, implementer, services and items, steps, and the window as it was agreed.

    A window moved within the tolerance counts as the agreed one, so that votes outlive it.
    """
    change: Change = record.specific
    parts = [str(getattr(change, name)) for name in DECIDED_FIELDS]
    if change.is_within_tolerance:
        window = (change.agreed_from, change.agreed_to)
    else:
        window = (change.planned_from, change.planned_to)
    parts += [moment.isoformat() if moment else "" for moment in window]
    parts.append(",".join(map(str, change.services.order_by("pk").values_list("pk", flat=True))))
    parts.append(",".join(map(str, change.items.order_by("pk").values_list("pk", flat=True))))
    steps = ChangeStep.objects.filter(change=change, is_unplanned=False).order_by("position")
    parts += [f"{title}\x1f{how}" for title, how in steps.values_list("title", "instructions")]
    return "\x1e".join(parts)


def excluded(record: Any) -> Mapping[int, Any]:
    """Nobody decides about what they asked for or will do themselves."""
    change: Change = record.specific
    reasons: dict[Any, Any] = {change.requester_id: _("the requester")}
    return reasons | {change.assignee_id: _("the implementer")}


def policy_values(record: Any) -> Mapping[str, Any]:
    change: Change = record.specific
    return {"risk": change.risk_band, "type": change.type, "outage_minutes": change.outage_minutes}


def shown(record: Any) -> Sequence[Fact]:
    """What approvers read first; the page of the change says the rest."""
    change: Change = record.specific
    facts = [Fact(_("Type"), change.get_type_display())]
    if change.risk_score is not None:
        risk = _("%(band)s, %(score)s of 100") % {"band": change.get_risk_band_display(), "score": change.risk_score}
        facts.append(Fact(_("Risk"), risk, risk=change.risk_band))
    if change.planned_from is not None:
        start, end = localtime(change.planned_from), localtime(change.planned_to)
        facts.append(Fact(_("Window"), f"{date_format(start, 'D j M Y H:i')} – {date_format(end, 'D j M H:i')}"))
    facts.append(Fact(_("Services"), ", ".join(change.services.values_list("name", flat=True)) or "–"))
    facts.append(Fact(_("Items"), ", ".join(change.items.values_list("name", flat=True)) or "–"))
    texts = (
        (_("Why"), change.rationale), (_("Plan"), change.implementation_plan), (_("Tests"), change.test_evidence),
        (_("Back-out"), change.back_out_plan), (_("Implemented by"), change.assignee),
    )  # fmt: skip
    return [*facts, *(Fact(label, text) for label, text in texts if text)]


def is_binding(record: Any) -> bool:
    """What was decided binds until the work is done."""
    return record.state in (State.ASSESSING, State.AUTHORIZING, State.SCHEDULED)


PURPOSE = Purpose(
    name=AUTHORIZE,
    kind="change",
    label=_("authorize the change"),
    fingerprint=scope_of,
    excluded=excluded,
    values=policy_values,
    conditions=[
        Condition("risk", _("risk"), choices=lambda: Band.choices),
        Condition("type", _("type"), choices=lambda: Type.choices),
        Condition("outage_minutes", _("planned outage, minutes"), kind="number"),
    ],
    shown=shown,
    is_binding=is_binding,
    on_approved=operations.approved,
    on_rejected=operations.rejected,
    on_lapsed=operations.lapsed,
)
