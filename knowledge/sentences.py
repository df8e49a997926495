"""How acts on articles read in their history, beside those that every record knows."""

from django.utils.translation import gettext_lazy as _

from records.sentences import declare

SAID = {
    "article.audience_changed": _("chose who may read this"),
}


def declare_sentences() -> None:
    """Called when the app is ready."""
    for act, said in SAID.items():
        declare(act, said)
