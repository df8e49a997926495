"""Why this agreement: the stored outcome of a selection, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .selection import Outcome

PARTS = {
    "requester": gettext_lazy("this requester"),
    "organization": gettext_lazy("this organization"),
    "service": gettext_lazy("this service"),
}
OUTCOMES = {
    Outcome.CHOSEN: gettext_lazy("chosen"),
    Outcome.LESS_SPECIFIC: gettext_lazy("matches too, but less specifically"),
    Outcome.LESS_STRICT: gettext_lazy("matches as well, but is less strict"),
    Outcome.OTHER_REQUESTER: gettext_lazy("is for another requester"),
    Outcome.OTHER_ORGANIZATION: gettext_lazy("is for another organization"),
    Outcome.OTHER_SERVICE: gettext_lazy("is for another service"),
    Outcome.OTHER_TEAM: gettext_lazy("is with another team"),
    Outcome.OTHER_SUPPLIER: gettext_lazy("is with another supplier"),
    Outcome.NOT_YET_VALID: gettext_lazy("was not valid yet on that day"),
    Outcome.NO_LONGER_VALID: gettext_lazy("was no longer valid on that day"),
}


@dataclass(frozen=True)
class Candidate:
    """One agreement that was looked at."""

    name: str
    outcome: str
    is_chosen: bool


def reasons(match: Mapping[str, Any]) -> list[str]:
    """Sentences that say why the agreement of a clock was chosen."""
    if not match.get("agreement"):
        return []
    parts = [str(PARTS[each]) for each in match.get("matched", ()) if each in PARTS]
    if parts:
        found = [
            _("It names %(parts)s, and no other match is more specific.") % {"parts": get_text_list(parts, _("and"))}
        ]
    else:
        found = [_("It is the agreement for everybody, and no more specific one matches.")]
    if match.get("has_equals"):
        found.append(_("Another agreement matches just as well; the stricter one was taken. Make one more specific."))
    return found


def candidates(match: Mapping[str, Any]) -> Sequence[Candidate]:
    """The agreements that were looked at, the chosen one first."""
    return [
        Candidate(
            name=each["name"],
            outcome=str(OUTCOMES[Outcome(each["outcome"])]),
            is_chosen=each["outcome"] == Outcome.CHOSEN,
        )
        for each in match.get("candidates", ())
    ]
