"""How acts on improvements read in the timeline of a record."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SAID = {
    "created": _("suggested this improvement"),
    "shared": _("showed this to colleagues in the portal"),
    "unshared": _("shows this to colleagues no more"),
    "voted": _("voted for this"),
    "unvoted": _("took the vote back"),
    "scored": _("scored this"),
    "went_on": _("went on to “%(title)s”"),
    "went_back": _("went back to “%(title)s” and opened loop %(loop)s"),
    "answered": _("answered “%(title)s”"),
    "skipped": _("skipped “%(title)s”"),
    "option_added": _("weighed the way %(title)s"),
    "option_chosen": _("chose the way %(title)s"),
    "option_removed": _("took out the way %(title)s"),
    "observed": _("noted what we see now: %(title)s"),
    "pinned": _("pinned the baseline of %(title)s"),
    "target_set": _("set the target of %(title)s"),
    "measure_removed": _("took out the measure %(title)s"),
    "took_effect": _("said from which day on it is in effect"),
    "judged": _("judged what came of %(title)s"),
    "compared": _("compared %(title)s before and after"),
    "remeasured": _("measured %(title)s again after %(months)s months"),
    "decayed": _("found that the result of %(title)s is gone, and proposes a new loop"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SAID.items():
        declare(f"improvement.{act}", said)
