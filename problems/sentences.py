"""How acts on problems read in the timeline of a record."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SAID = {
    "cause_added": _("wrote down the cause %(text)s"),
    "cause_changed": _("changed the cause %(text)s"),
    "cause_moved": _("moved the cause %(text)s"),
    "cause_disproved": _("ruled out the cause %(text)s"),
    "cause_restored": _("took up the cause %(text)s again"),
    "root_marked": _("marked the root cause %(text)s"),
    "root_unmarked": _("no longer takes %(text)s for a root cause"),
    "evidence_added": _("added evidence to the cause %(text)s"),
    "evidence_removed": _("removed evidence from the cause %(text)s"),
    "comparison_added": _("compared: %(text)s"),
    "comparison_changed": _("changed the comparison %(text)s"),
    "comparison_removed": _("removed the comparison %(text)s"),
    "event_added": _("added the event %(text)s"),
    "event_removed": _("removed the event %(text)s"),
    "known_error_published": _("published the known error %(title)s"),
    "known_error_revised": _("revised the known error %(title)s"),
    "match_found": _("found an incident that looks like it: %(other)s"),
    "match_explained": _("explained an incident that looked like it: %(other)s"),
    "workaround_given": _("gave the workaround of %(reference)s"),
    "workaround_worked": _("said that the workaround of %(reference)s helped"),
    "workaround_failed": _("said that the workaround of %(reference)s did not help"),
    "known_error_dismissed": _("said that %(reference)s does not fit"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SAID.items():
        declare(act, said)
