"""How acts of procedures read in the history of a record."""

from django.utils.translation import gettext_lazy as _

from records import sentences


def declare_sentences() -> None:
    sentences.declare("step_done", _("did the step %(title)s"))
    sentences.declare("step_undone", _("took back that the step %(title)s was done"))
