"""How acts on releases read in the timeline of a record."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SAID = {
    "created": _("planned this release"),
    "scope_set": _("said for which services it is"),
    "planned": _("planned the window"),
    "criterion_added": _("added the criterion %(title)s"),
    "criterion_removed": _("took out the criterion %(title)s"),
    "criterion_met": _("found met: %(title)s"),
    "criterion_failed": _("found not met: %(title)s"),
    "criterion_waived": _("waived %(title)s"),
    "signed": _("signed %(title)s"),
    "unsigned": _("took back the signature under %(title)s"),
    "signatures_voided": _("took back all signatures, %(title)s"),
    "deployment_added": _("planned the deployment %(title)s"),
    "deployment_removed": _("took out the deployment %(title)s"),
    "deployment_repeated": _("planned the deployment %(title)s once more"),
    "deployment_started": _("began the deployment %(title)s"),
    "deployment_successful": _("verified the deployment %(title)s"),
    "deployment_failed": _("said that the deployment %(title)s failed"),
    "deployment_backed_out": _("backed out the deployment %(title)s"),
    "content_moved": _("noted that %(title)s is %(state)s"),
    "content_lost": _("noted that %(title)s is not authorized any more: %(state)s"),
    "date_near": _("noted that the planned date is near"),
    "early_life_ends_soon": _("noted that its early life ends soon"),
    "early_life_ended": _("noted that its early life is over"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SAID.items():
        declare(f"release.{act}", said)
