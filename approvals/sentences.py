"""How acts on approvals read in the history of their record."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SENTENCES = {
    "asked": _("asked for a decision, step %(step)s: %(label)s"),
    "voted": _("voted %(said)s: %(label)s"),
    "vote_recorded": _("wrote down the vote of %(person_label)s, %(said)s: %(label)s"),
    "approved": _("approved this: %(label)s"),
    "rejected": _("rejected this: %(label)s"),
    "lapsed": _("let the approval lapse: %(label)s"),
    "withdrawn": _("withdrew the question: %(label)s"),
    "reminded": _("reminded those who have not voted: %(label)s"),
    "overdue": _("noted that the deadline has passed: %(label)s"),
    "escalated": _("let %(to_label)s decide alone: %(label)s"),
    "seat_moved": _("asked %(to_label)s to decide in place of %(person_label)s: %(label)s"),
    "seat_vacant": _("found nobody to decide in place of %(person_label)s: %(label)s"),
    "handed_over": _("let %(to_label)s decide: %(label)s"),
    "taken_back": _("took the vote back: %(label)s"),
    "vote_refused": _("was not let vote: %(label)s"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SENTENCES.items():
        declare(f"approval.{act}", said)
