"""What must hold before a change moves: small, named, pure."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.refusals import Refusal
from records.workflow import MoveContext

from .enums import Band, Outcome, Type

PLANS = {
    "implementation_plan": gettext_lazy("the implementation plan"),
    "test_plan": gettext_lazy("the test plan"),
    "test_evidence": gettext_lazy("the test evidence"),
    "back_out_plan": gettext_lazy("the back-out plan"),
    "communication_plan": gettext_lazy("the communication plan"),
}


def reason_is_said(context: MoveContext) -> Refusal | None:
    if context.record.rationale.strip():
        return None
    return Refusal("rationale", _("The reason is missing. Say why the change is needed."), "rationale")


def something_is_affected(context: MoveContext) -> Refusal | None:
    if context.facts.service_ids or context.facts.item_ids:
        return None
    return Refusal("nothing_affected", _("Name the services or items that it touches."), "services")


def risk_is_answered(context: MoveContext) -> Refusal | None:
    if context.record.type == Type.STANDARD:
        return None  # its model was judged
    open_count = context.facts.open_risk_questions
    if not open_count:
        return None
    return Refusal(
        "risk",
        ngettext(
            "%(count)d risk question is open. Answer it first.",
            "%(count)d risk questions are open. Answer them first.",
            open_count,
        )
        % {"count": open_count},
        "risk",
    )


def emergency_is_founded(context: MoveContext) -> Refusal | None:
    if context.record.type != Type.EMERGENCY or context.facts.has_incident or context.record.harm.strip():
        return None
    return Refusal(
        "emergency",
        _("An emergency needs the incident that it ends, or the harm that it averts. Link the one or write the other."),
        "harm",
    )


def model_is_usable(context: MoveContext) -> Refusal | None:
    if context.record.type != Type.STANDARD:
        return None
    return context.facts.model_refusal


def model_allows_window(context: MoveContext) -> Refusal | None:
    if context.record.type != Type.STANDARD or not context.inputs:
        return None
    return context.facts.too_long_for_model(context.inputs.get("planned_from"), context.inputs.get("planned_to"))


def standard_window_is_free(context: MoveContext) -> Refusal | None:
    if context.record.type != Type.STANDARD:
        return None
    return window_is_planned(context) or window_is_free(context)


def plans_are_written(context: MoveContext) -> Refusal | None:
    """All plans; a change of low risk may do without tests on paper (domain reference B4: from moderate on)."""
    record = context.record
    optional = {"test_plan", "test_evidence"} if record.risk_band == Band.LOW else set()
    missing = [name for name in PLANS if name not in optional and not getattr(record, name).strip()]
    if not missing:
        return None
    return Refusal(
        "plans",
        _("Still missing: %(plans)s.") % {"plans": ", ".join(str(PLANS[name]) for name in missing)},
        missing[0],
    )


def implementer_is_named(context: MoveContext) -> Refusal | None:
    person = context.record.assignee
    if person is None:
        return Refusal("implementer", _("Nobody implements it yet. Name somebody."), "assignee")
    if not person.is_active:
        return Refusal("inactive_person", _("%(name)s has left. Choose somebody else.") % {"name": person}, "assignee")
    return None


def window_is_planned(context: MoveContext) -> Refusal | None:
    record = context.record
    if not record.has_window:
        return Refusal("window", _("It has no window. Plan one."), "window")
    if record.planned_to <= context.at:
        return Refusal("window_past", _("The window is over. Plan a later one."), "window")
    return None


def window_is_free(context: MoveContext) -> Refusal | None:
    """No freeze without exemption, no conflict that nobody accepted."""
    return context.facts.window_refusal(context.record.planned_from, context.record.planned_to, viewer=context.by)


def new_window_is_later(context: MoveContext) -> Refusal | None:
    start, end = context.inputs.get("planned_from"), context.inputs.get("planned_to")
    if start is None or end is None:
        return None
    if end <= start:
        return Refusal("window_order", _("The window ends before it begins. Pick a later end."), "planned_to")
    if start < context.at - timedelta(minutes=5):
        return Refusal("window_past", _("The window begins in the past. Pick a later one."), "planned_from")
    return None


def new_window_is_free(context: MoveContext) -> Refusal | None:
    start, end = context.inputs.get("planned_from"), context.inputs.get("planned_to")
    if start is None or end is None or end <= start:
        return None
    return context.facts.window_refusal(start, end, viewer=context.by)


def vote_stands_or_emergency(context: MoveContext) -> Refusal | None:
    if context.facts.has_standing_vote:
        return None
    if context.record.type == Type.EMERGENCY and context.by is not None:
        if context.by.pk not in context.facts.excluded_people:
            return None
        return Refusal("own_change", _("Who asked for it or implements it can't let it begin. Ask another authorizer."))
    return Refusal("quorum", _("The approval is still open. It goes on by itself when the last vote is in."))


def vote_still_stands(context: MoveContext) -> Refusal | None:
    """Votes count for the scope they were cast for; standard changes have their model's, emergencies may be late."""
    record = context.record
    if record.type == Type.STANDARD or record.late_authorizer_id or context.facts.has_standing_vote:
        return None
    return Refusal("lapsed", _("What was authorized has changed. Amend it, so that it is decided again."))


def window_is_open(context: MoveContext) -> Refusal | None:
    record = context.record
    if record.planned_from is not None and record.planned_from <= context.at < record.planned_to:
        return None
    if context.reason.strip():
        return None
    return Refusal("outside_window", _("It is outside its window. Say why it begins now, or reschedule it."), "reason")


def freeze_is_exempted(context: MoveContext) -> Refusal | None:
    """Asked again at the beginning: a freeze may have come since, or an exemption may have been withdrawn."""
    end = context.record.planned_to
    return context.facts.freeze_refusal(context.at, end if end is not None and end > context.at else None)


def notice_was_sent(context: MoveContext) -> Refusal | None:
    if context.inputs.get("notice_was_sent") or not context.record.communication_plan.strip():
        return None
    return Refusal(
        "notice", _("Tell the people concerned first, as its communication plan says, then confirm."), "notice_was_sent"
    )


def conditions_are_met(context: MoveContext) -> Refusal | None:
    count = context.facts.open_mandatory_tasks
    if not count:
        return None
    return Refusal(
        "conditions",
        ngettext(
            "%(count)d condition is still open. Do or skip it first.",
            "%(count)d conditions are still open. Do or skip them first.",
            count,
        )
        % {"count": count},
    )


def outcome_is_known(context: MoveContext) -> Refusal | None:
    outcome = context.inputs.get("outcome")
    if not outcome or outcome in Outcome.values:
        return None
    return Refusal("unknown_outcome", _("Choose an outcome."), "outcome")


def work_ended_after_it_began(context: MoveContext) -> Refusal | None:
    ended_at = context.inputs.get("ended_at")
    if ended_at is None:
        return None
    if ended_at > context.at:
        return Refusal("later", _("It can't have ended in the future. Pick an earlier moment."), "ended_at")
    if context.record.actual_from is not None and ended_at < context.record.actual_from:
        return Refusal("earlier", _("It can't have ended before it began. Pick a later moment."), "ended_at")
    return None


def steps_have_ended(context: MoveContext) -> Refusal | None:
    count = context.facts.open_steps
    if not count:
        return None
    return Refusal(
        "steps",
        ngettext(
            "%(count)d step is still open. Do it, or skip it with a reason.",
            "%(count)d steps are still open. Do them, or skip them with a reason.",
            count,
        )
        % {"count": count},
    )


def review_is_written(context: MoveContext) -> Refusal | None:
    record = context.record
    is_demanded = not record.is_plainly_successful or record.type == Type.EMERGENCY or record.risk_band in (
        Band.HIGH, Band.VERY_HIGH,
    )  # fmt: skip
    if not is_demanded or str(context.inputs.get("review", "")).strip():
        return None
    return Refusal("review", _("The review is missing. Write what happened and what comes of it."), "review")


def late_approval_is_there(context: MoveContext) -> Refusal | None:
    """A no is a decision too; when nobody can be asked, whoever closes it says who looked at it."""
    if context.record.late_authorizer_id is None or context.facts.was_decided_late:
        return None
    if context.facts.is_asked_late:
        return Refusal("late_approval", _("The board has not decided yet. Its late approval is needed."))
    if context.reason.strip():
        return None
    return Refusal(
        "late_approval_missing",
        _("Nobody has been asked to approve it late. Ask the board, or say who looked at it instead."),
        "reason",
    )


def incidents_are_linked(context: MoveContext) -> Refusal | None:
    if context.inputs.get("incidents_are_linked") or not context.facts.incidents_nearby:
        return None
    return Refusal(
        "incidents",
        _("Incidents came up on the same services or items since. Link those that it caused, then confirm."),
        "incidents_are_linked",
    )


def items_are_updated(context: MoveContext) -> Refusal | None:
    if context.inputs.get("items_are_updated") or not context.facts.item_ids:
        return None
    return Refusal("items", _("Bring its items up to date, then confirm."), "items_are_updated")
