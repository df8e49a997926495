"""What must hold before an improvement moves: small, named, pure."""

from django.utils.translation import gettext as _

from common.refusals import Refusal
from records.workflow import MoveContext

from .enums import State, Word


def reply_is_said(context: MoveContext) -> Refusal | None:
    """Blanks are no reply; a missing one is asked for as every missing input is."""
    reply = context.inputs.get("reply")
    if not reply or reply.strip():
        return None
    return Refusal("required", _("Say a word to whoever suggested it."), "reply")


def somebody_owns_it(context: MoveContext) -> Refusal | None:
    if context.record.owner_id is not None:
        return None
    return Refusal("owner", _("Nobody owns it yet. Name who answers for the result."), "owner")


def goal_is_named(context: MoveContext) -> Refusal | None:
    if context.record.goal_id is not None:
        return None
    return Refusal("goal", _("It serves no goal yet. Name the goal that it traces to."), "goal")


def is_scored(context: MoveContext) -> Refusal | None:
    if context.record.is_scored:
        return None
    return Refusal("score", _("It is not scored yet. Say its value, its effort and its risk."), "value")


def date_lies_ahead(context: MoveContext) -> Refusal | None:
    until = context.inputs.get("until")
    if until is None or until > context.at:
        return None
    return Refusal("past", _("That moment is over. Pick a later one."), "until")


def work_has_ended(context: MoveContext) -> Refusal | None:
    """Step 5: it took effect, and nothing that belongs to it is still open."""
    return context.facts.action_refusal


def is_judged(context: MoveContext) -> Refusal | None:
    """Step 6: every target has a verdict, and a person has said what they make of it."""
    return context.facts.judgment_refusal


def target_is_reached(context: MoveContext) -> Refusal | None:
    word = context.facts.word
    if word in (None, Word.REACHED):
        return None
    return Refusal(
        "not_reached",
        _("The verdict is “%(word)s”, not “reached”. Say that it is partly or not realized.")
        % {"word": Word(word).label},
    )


def target_is_partly_reached(context: MoveContext) -> Refusal | None:
    word = context.facts.word
    if word in (None, Word.REACHED, Word.PARTLY):
        return None
    return Refusal(
        "not_reached",
        _("The verdict is “%(word)s”: nothing shows that it got better. Say that it is not realized.")
        % {"word": Word(word).label},
    )


def result_did_not_hold(context: MoveContext) -> Refusal | None:
    """A result that holds is not touched again: what comes next is another improvement."""
    if context.record.state == State.NOT_REALIZED or context.record.decayed_at is not None:
        return None
    return Refusal("holds", _("Its result holds. Suggest another improvement for what is still missing."))
