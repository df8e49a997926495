"""How what a board does with a change reads in its timeline."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SAID = {
    "board_deferred": _("deferred this to %(to)s"),
    "board_invited": _("put this on the agenda of %(board)s on %(day)s"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SAID.items():
        declare(f"change.{act}", said)
