"""What must hold before an incident moves: small, named, pure."""

from django.utils.translation import gettext as _

from common.refusals import Refusal
from records.workflow import MoveContext

from .enums import HoldReason, ResolutionCode


def team_is_active(context: MoveContext) -> Refusal | None:
    team = context.inputs.get("team")
    if team is None or team.is_active:
        return None
    return Refusal(
        "inactive_team", _("The team %(team)s was closed down. Choose another one.") % {"team": team}, "team"
    )


def assignee_is_in_team(context: MoveContext) -> Refusal | None:
    team, assignee = context.inputs.get("team"), context.inputs.get("assignee")
    if assignee is None:
        return None
    if not assignee.is_active:
        return Refusal(
            "inactive_person", _("%(name)s has left. Choose somebody else.") % {"name": assignee}, "assignee"
        )
    if team is not None and not context.facts.is_member(assignee, team):
        return Refusal(
            "not_in_team",
            _("%(name)s is not in the team %(team)s. Choose somebody of the team, or another team.")
            % {"name": assignee, "team": team},
            "assignee",
        )
    return None


def assignee_is_present_or_confirmed(context: MoveContext) -> Refusal | None:
    assignee = context.inputs.get("assignee")
    if assignee is None or context.inputs.get("confirm_absent") or not context.facts.is_absent(assignee):
        return None
    return Refusal(
        "absent",
        _("%(name)s is away until %(date)s. Assign anyway (confirm), or choose somebody else.")
        % {"name": assignee, "date": assignee.absent_until},
        "confirm_absent",
    )


def something_is_assigned(context: MoveContext) -> Refusal | None:
    if not context.inputs or context.inputs.get("team") or context.inputs.get("assignee"):
        return None
    return Refusal("nobody", _("Choose a team or a person."), "team")


def hold_has_what_it_waits_for(context: MoveContext) -> Refusal | None:
    """Requester: a public question; supplier: a reference; change, problem: a link; agreed date: a wake-up moment."""
    inputs = context.inputs
    hold_for = inputs.get("hold_for")
    if not inputs or not hold_for:
        return None
    if hold_for not in HoldReason.values:
        return Refusal("unknown_reason", _("Choose what it waits for."), "hold_for")
    if hold_for == HoldReason.REQUESTER and not (inputs.get("question") or context.facts.has_public_question):
        return Refusal(
            "question",
            _("The requester does not know what you wait for. Write them a question, then hold."),
            "question",
        )
    if hold_for == HoldReason.SUPPLIER and not inputs.get("supplier_reference"):
        return Refusal("supplier_reference", _("Enter the supplier's reference."), "supplier_reference")
    if hold_for in (HoldReason.CHANGE, HoldReason.PROBLEM) and not (
        inputs.get("waits_for") or context.facts.has_related_link
    ):
        return Refusal("link", _("Link the %(kind)s that it waits for.") % {"kind": hold_for}, "waits_for")
    if hold_for == HoldReason.SCHEDULE and not inputs.get("wake_at"):
        return Refusal("wake_at", _("Enter when the work goes on."), "wake_at")
    return None


def wake_up_is_later(context: MoveContext) -> Refusal | None:
    wake_at = context.inputs.get("wake_at")
    if wake_at is None or wake_at > context.at:
        return None
    return Refusal("wake_at_past", _("The wake-up moment has passed. Choose a later one."), "wake_at")


def service_is_known(context: MoveContext) -> Refusal | None:
    if context.record.service_id or context.inputs.get("service"):
        return None
    return Refusal("service", _("The service is missing. Choose the service that was hit, then resolve."), "service")


def mandatory_tasks_have_ended(context: MoveContext) -> Refusal | None:
    count = context.facts.open_mandatory_tasks
    if not count:
        return None
    return Refusal(
        "open_tasks",
        _("Mandatory tasks are still open: %(count)s. Do or skip them first.") % {"count": count},
    )


def resolution_code_is_known(context: MoveContext) -> Refusal | None:
    code = context.inputs.get("code")
    if not code or code in ResolutionCode.values:
        return None
    return Refusal("unknown_code", _("There is no resolution code “%(code)s”.") % {"code": code}, "code")


def agreement_lets_it_reopen(context: MoveContext) -> Refusal | None:
    if not context.facts.is_within_reopening_window or not context.facts.is_reopened_as_new:
        return None
    return Refusal("new_call", _("By its agreement a resolved ticket stays resolved. Log it again instead."))


def reopening_window_is_open(context: MoveContext) -> Refusal | None:
    if context.facts.is_within_reopening_window:
        return None
    return Refusal(
        "window_over",
        _("The %(days)s days for reopening have passed. Open a new incident and link this one.")
        % {"days": context.facts.reopening_days},
    )


def requester_confirmed_or_window_passed(context: MoveContext) -> Refusal | None:
    by = context.by
    if by is not None and by.pk == context.record.requester_id:
        return None
    if context.inputs.get("confirmed_by_requester") or not context.facts.is_within_reopening_window:
        return None
    return Refusal(
        "not_confirmed",
        _("The requester has not confirmed yet. Note that they did, or let it close by itself after %(days)s days.")
        % {"days": context.facts.reopening_days},
        "confirmed_by_requester",
    )


def duplicate_is_linked(context: MoveContext) -> Refusal | None:
    if not context.inputs.get("is_duplicate") or context.inputs.get("original") or context.facts.has_original:
        return None
    return Refusal("original", _("Name the incident that it duplicates."), "original")


def lead_decides_when_breached(context: MoveContext) -> Refusal | None:
    if context.by is None or not context.record.is_breached or context.facts.may_cancel_breached(context.by):
        return None
    return Refusal("breached", _("A target was missed on this incident; only a team lead can cancel it."))
