"""How acts on changes read in the timeline of a record."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SAID = {
    "scope_set": _("said what it touches"),
    "planned": _("planned the window"),
    "risk_answered": _("answered the risk questions"),
    "step_added": _("added the step %(title)s"),
    "step_removed": _("took out the step %(title)s"),
    "step_moved": _("moved the step %(title)s"),
    "step_started": _("began the step %(title)s"),
    "step_done": _("did the step %(title)s"),
    "step_skipped": _("skipped the step %(title)s"),
    "step_failed": _("said that the step %(title)s failed"),
    "step_reopened": _("took up the step %(title)s again"),
    "exempted": _("let it happen in the freeze %(title)s"),
    "exemption_withdrawn": _("took back the exemption from the freeze %(title)s"),
    "conflict_accepted": _("accepted a conflict: %(title)s"),
    "board_missed": _("could not ask the board"),
    "late_approval_overdue": _("missed the late approval"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SAID.items():
        declare(f"change.{act}", said)
