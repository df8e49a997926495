"""What must hold before a release moves: small, named, pure."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.refusals import Refusal
from records.workflow import MoveContext

from .enums import Type

PLANS = {
    "deployment_plan": gettext_lazy("the deployment plan"),
    "back_out_plan": gettext_lazy("the back-out plan"),
    "communication_plan": gettext_lazy("the communication plan"),
    "release_notes": gettext_lazy("the release notes"),
}
NAMED = 5


def listed(names: list[Any]) -> str:
    """The first five, and how many more."""
    shown = ", ".join(str(each) for each in names[:NAMED])
    more = len(names) - NAMED
    if more <= 0:
        return shown
    return shown + ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more}


def version_is_named(context: MoveContext) -> Refusal | None:
    if context.record.version_name.strip():
        return None
    return Refusal("version", _("The version is missing. Name it as its builds are named."), "version_name")


def something_is_released(context: MoveContext) -> Refusal | None:
    if context.facts.service_ids:
        return None
    return Refusal("services", _("Name the services that it is for."), "services")


def contents_are_named(context: MoveContext) -> Refusal | None:
    if context.facts.contents:
        return None
    return Refusal("contents", _("Nothing is in it yet. Add the changes that go live with it."), "contents")


def date_is_planned(context: MoveContext) -> Refusal | None:
    if context.record.planned_from is not None:
        return None
    return Refusal("window", _("It has no planned date. Plan when it goes live."), "window")


def build_is_recorded(context: MoveContext) -> Refusal | None:
    if context.record.build_reference.strip():
        return None
    return Refusal("build", _("The build is missing. Say which build or artifact is tested."), "build_reference")


def criteria_are_written(context: MoveContext) -> Refusal | None:
    if context.facts.criteria:
        return None
    return Refusal("criteria", _("Say what it has to fulfill: it has no acceptance criteria yet."), "criteria")


def criteria_are_judged(context: MoveContext) -> Refusal | None:
    """Each one met, or waived by the owner."""
    unmet = [each.text for each in context.facts.criteria if not each.is_settled]
    if not unmet:
        return None
    return Refusal(
        "criteria",
        _("Not met and not waived: %(criteria)s. Meet them, or have the owner waive them.")
        % {"criteria": listed(unmet)},
        "criteria",
    )


def plans_are_written(context: MoveContext) -> Refusal | None:
    missing = [name for name in PLANS if not getattr(context.record, name).strip()]
    if not missing:
        return None
    return Refusal(
        "plans", _("Still missing: %(plans)s.") % {"plans": ", ".join(str(PLANS[name]) for name in missing)}, missing[0]
    )


def window_is_ahead(context: MoveContext) -> Refusal | None:
    planned_to = context.record.planned_to
    if planned_to is not None and planned_to > context.at:
        return None
    return Refusal("window_past", _("The planned window is over. Plan a later one."), "window")


def changes_are_authorized(context: MoveContext) -> Refusal | None:
    """All of what is in it, as it stands now."""
    waiting = [
        _("%(reference)s is %(state)s") % {"reference": each.reference, "state": each.state_label}
        for each in context.facts.contents
        if not each.is_authorized
    ]
    if not context.facts.contents:
        return contents_are_named(context)
    if not waiting:
        return None
    return Refusal(
        "unauthorized",
        _("Not authorized: %(changes)s. Have them authorized, or take them out.") % {"changes": listed(waiting)},
        "contents",
    )


def checklist_is_signed(context: MoveContext) -> Refusal | None:
    unsigned = [
        _("%(item)s (%(role)s)") % {"item": each.text, "role": each.get_role_display()}
        for each in context.facts.checklist
        if each.is_required and each.signed_at is None
    ]
    if not unsigned:
        return None
    return Refusal("unsigned", _("Not signed: %(items)s.") % {"items": listed(unsigned)}, "checklist")


def go_was_given(context: MoveContext) -> Refusal | None:
    return context.facts.go_refusal


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


def waves_are_planned(context: MoveContext) -> Refusal | None:
    if context.facts.has_production_wave:
        return None
    return Refusal("waves", _("No deployment to production is planned. Add one."), "deployments")


def window_is_open(context: MoveContext) -> Refusal | None:
    record = context.record
    if record.planned_from is not None and record.planned_from <= context.at < record.planned_to:
        return None
    if context.reason.strip():
        return None
    return Refusal("outside_window", _("It is outside its window. Say why it begins now, or plan it anew."), "reason")


def waves_have_ended(context: MoveContext) -> Refusal | None:
    names = [each.name for each in context.facts.deployments if not each.has_ended]
    if not names:
        return None
    return Refusal(
        "waves",
        _("Still open: %(waves)s. End them, or take out what is not done.") % {"waves": listed(names)},
        "deployments",
    )


def production_is_verified(context: MoveContext) -> Refusal | None:
    """At least one wave went live, and none that was not good was left at that."""
    if not context.facts.is_live:
        return Refusal(
            "not_live", _("No deployment to production succeeded. Deploy it, or roll it back."), "deployments"
        )
    lost = context.facts.lost_waves
    if not lost:
        return None
    return Refusal(
        "lost_waves",
        _("Failed and not repeated: %(waves)s. Repeat them, or roll it back.") % {"waves": listed(lost)},
        "deployments",
    )


def changes_have_ended(context: MoveContext) -> Refusal | None:
    still = [
        _("%(reference)s is %(state)s") % {"reference": each.reference, "state": each.state_label}
        for each in context.facts.contents
        if not each.has_ended
    ]
    if not still:
        return None
    return Refusal(
        "open_changes", _("Close what is in it first: %(changes)s.") % {"changes": listed(still)}, "contents"
    )


def exit_criteria_are_met(context: MoveContext) -> Refusal | None:
    unmet = [each.sentence for each in context.facts.exit_criteria if not each.is_met]
    if not unmet or context.reason.strip():
        return None
    return Refusal(
        "exit_criteria",
        _("%(criteria)s Wait for it, or say why it is closed all the same.") % {"criteria": " ".join(unmet)},
        "reason",
    )


def was_handed_over(context: MoveContext) -> Refusal | None:
    if context.inputs.get("was_handed_over"):
        return None
    return Refusal("handover", _("Hand it over to operations first, then confirm."), "was_handed_over")


def review_is_written(context: MoveContext) -> Refusal | None:
    """Of everything but a minor release that caused nothing."""
    is_demanded = context.record.type != Type.MINOR or context.facts.caused_count > 0
    if not is_demanded or str(context.inputs.get("review", "")).strip():
        return None
    return Refusal("review", _("The review is missing. Write what went well, and what comes of the rest."), "review")


def cause_is_linked(context: MoveContext) -> Refusal | None:
    """Nobody rolls back without a trace of what went wrong."""
    if context.facts.caused_count or context.facts.lost_waves:
        return None
    return Refusal(
        "cause",
        _("Nothing shows what went wrong. Link the incident that it caused, or end the deployment that failed."),
        "early_life",
    )
