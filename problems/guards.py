"""What must hold before a problem moves: small, named, pure."""

from datetime import date

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refusal
from records.workflow import MoveContext

from .enums import Method


def _today(context: MoveContext) -> date:
    """The day of the act where the person is; for Steward itself in the zone of the installation."""
    zone = context.by.zone if context.by is not None else get_default_timezone()
    return context.at.astimezone(zone).date()


def owner_is_named(context: MoveContext) -> Refusal | None:
    owner = context.inputs.get("owner") or context.record.owner
    if owner is None:
        return Refusal("owner", _("Nobody owns it yet. Name the person who answers for it."), "owner")
    if not owner.is_active:
        return Refusal("inactive_person", _("%(name)s has left. Choose another owner.") % {"name": owner}, "owner")
    return None


def service_is_known(context: MoveContext) -> Refusal | None:
    if context.record.service_id or context.inputs.get("service"):
        return None
    return Refusal("service", _("The service is missing. Choose the service that it harms."), "service")


def impact_is_stated(context: MoveContext) -> Refusal | None:
    if (context.inputs.get("impact_statement") or context.record.impact_statement).strip():
        return None
    return Refusal("impact", _("Say in a sentence what it does to people; the figures stand beside it."),
                   "impact_statement")  # fmt: skip


def review_is_later(context: MoveContext) -> Refusal | None:
    review_date = context.inputs.get("review_date")
    if review_date is None or review_date > _today(context):
        return None
    return Refusal("review_past", _("The review date is not in the future. Choose a later one."), "review_date")


def investigator_is_named(context: MoveContext) -> Refusal | None:
    investigator = context.inputs.get("investigator") or context.record.assignee
    if investigator is None:
        return Refusal("investigator", _("Nobody investigates it yet. Name somebody."), "investigator")
    if not investigator.is_active:
        return Refusal(
            "inactive_person", _("%(name)s has left. Choose somebody else.") % {"name": investigator}, "investigator"
        )
    return None


def method_is_known(context: MoveContext) -> Refusal | None:
    approach = context.inputs.get("approach")
    if not approach or approach in Method.values:
        return None
    return Refusal("unknown_method", _("There is no method “%(method)s”.") % {"method": approach}, "approach")


def symptom_is_said(context: MoveContext) -> Refusal | None:
    if (context.inputs.get("symptom") or context.facts.said("symptom")).strip():
        return None
    return Refusal("symptom", _("Say what people see when it happens, so that others recognize it."), "symptom")


def cause_is_said(context: MoveContext) -> Refusal | None:
    """The cause entered, that of an earlier declaration, or a root cause marked in the analysis."""
    if (context.inputs.get("cause") or context.facts.said("cause")).strip() or context.facts.root_causes:
        return None
    return Refusal("cause", _("Write down the cause or the probable cause, or mark one in the analysis."), "cause")


def workaround_is_said(context: MoveContext) -> Refusal | None:
    if (context.inputs.get("workaround") or context.facts.said("workaround")).strip():
        return None
    return Refusal("workaround", _("Write down the workaround, or the word “none”."), "workaround")


def fix_is_planned(context: MoveContext) -> Refusal | None:
    if context.inputs.get("change") is not None or context.facts.has_fix:
        return None
    return Refusal("fix", _("Nothing is going to fix it yet. Name the change, or add a task first."), "change")


def fix_is_in_place(context: MoveContext) -> Refusal | None:
    """Every linked change ended, one of them well; without changes, every task ended."""
    unfinished = context.facts.unfinished_fixes
    if unfinished:
        return Refusal("unfinished", _("The fix is not in place yet: %(what)s.") % {"what": ", ".join(unfinished)})
    if context.facts.is_fixed:
        return None
    return Refusal("not_fixed", _("No linked change was closed as implemented, and no task was done."))


def watch_ends_later(context: MoveContext) -> Refusal | None:
    watch_until_date = context.inputs.get("watch_until_date")
    if watch_until_date is None or watch_until_date > _today(context):
        return None
    return Refusal("watch_past", _("The watch would be over before it begins. Choose a later day."), "watch_until_date")


def watch_is_over(context: MoveContext) -> Refusal | None:
    watch_until_date = context.record.watch_until_date
    if watch_until_date is None or watch_until_date <= _today(context):
        return None
    return Refusal(
        "watching",
        _("It is watched until %(date)s and may still come back. Wait for that day.") % {"date": watch_until_date},
    )


def cause_is_known(context: MoveContext) -> Refusal | None:
    """Nothing is closed as solved while nobody can say what it was; left alone, its risk has to be accepted."""
    if context.facts.said("cause").strip() or context.facts.root_causes:
        return None
    return Refusal("cause", _("Nobody has said what caused it. Mark the root cause in the analysis, then close."))


def matches_are_explained(context: MoveContext) -> Refusal | None:
    count = context.facts.unexplained_matches
    if not count:
        return None
    return Refusal(
        "unexplained",
        ngettext(
            "%(count)d incident looks like it and nobody has said why. Explain it, or take the problem back.",
            "%(count)d incidents look like it and nobody has said why. Explain them, or take the problem back.",
            count,
        )
        % {"count": count},
    )


def regression_is_founded(context: MoveContext) -> Refusal | None:
    if context.inputs.get("incident") is not None or context.reason.strip():
        return None
    return Refusal("evidence", _("Name the incident that shows it, or say why."), "incident")


def approver_is_above_owner(context: MoveContext) -> Refusal | None:
    """Whoever accepts the risk stands above the owner: leads a team of theirs, or manages services."""
    by, owner = context.by, context.record.owner
    if by is None:
        return Refusal("nobody", _("Only a person can accept a risk."))
    if owner is not None and by.pk == owner.pk:
        return Refusal("own", _("You own this problem. Somebody above you has to accept its risk."))
    if context.facts.stands_above_owner(by):
        return None
    return Refusal("not_above", _("Only a lead of the owner's team or a service level manager can accept this risk."))


def duplicate_or_reason(context: MoveContext) -> Refusal | None:
    if context.inputs.get("original") is not None or context.reason.strip() or context.facts.has_original:
        return None
    return Refusal("reason", _("Name the problem that it duplicates, or say why it is dropped."), "original")
