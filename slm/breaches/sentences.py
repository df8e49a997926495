"""How acts on breaches read in the timeline of a record."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SAID = {
    "explained": _("explained the missed %(title)s: %(cause)s"),
    "excuse_requested": _("asked to have the missed %(title)s excused: %(clause)s"),
    "excuse_taken_back": _("took back the request to excuse the missed %(title)s"),
    "excuse_deferred": _("asked for more evidence on the missed %(title)s"),
    "excuse_lapsed": _("voided the excuse of the missed %(title)s"),
    "excused": _("excused the missed %(title)s: %(clause)s"),
    "upheld": _("upheld the missed %(title)s"),
    "withdrawn": _("took the missed %(title)s back: it was met"),
    "overdue": _("noted that nobody explained the missed %(title)s in time"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SAID.items():
        declare(f"breach.{act}", said)
