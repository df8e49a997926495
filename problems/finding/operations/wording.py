"""Why something that was found is dismissed."""

from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line

LONGEST_REASON = 300


def said_why(reason: str) -> str:
    """The reason on one line. :raises Refused: there is none, or it is too long."""
    words = one_line(reason)
    if not words:
        raise Refused.because("required", _("The reason is missing. Say why in a few words."), field="reason")
    if len(words) > LONGEST_REASON:
        raise Refused.because(
            "too_long", _("The reason has more than %(most)s characters.") % {"most": LONGEST_REASON}, field="reason"
        )
    return words
