"""How acts on complaints that are no moves read in the timeline."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare


def declare_sentences() -> None:
    """Called when the app is ready."""
    declare("supplier_complaint.created", _("wrote this complaint"))
