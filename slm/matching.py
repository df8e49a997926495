"""Why this agreement: the stored outcome of a selection, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .clockwork.choosing import with_supplier, with_team
from .enums import AgreementType
from .selection import Choice, Outcome, choose, has_any

PARTS = {
    "requester": gettext_lazy("this requester"),
    "organization": gettext_lazy("this organization"),
    "service": gettext_lazy("this service"),
}
PARTIES: dict[str, Any] = {
    AgreementType.TEAM: gettext_lazy("It is the agreement with the team that has it."),
    AgreementType.SUPPLIER: gettext_lazy("It is the contract with a supplier."),
}
SUPPLIERS = {
    "item": gettext_lazy("It is the contract with the supplier of the configuration item."),
    "service": gettext_lazy("It is the contract with the supplier of the service."),
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
class Imagined:
    """A ticket that nobody has logged, as far as a choice looks at it."""

    kind: str
    organization_id: int | None
    service_id: int | None
    requester_id: int | None
    priority: int
    opened_at: datetime
    team_id: int | None = None
    item_id: int | None = None


@dataclass(frozen=True)
class Candidate:
    """One agreement that was looked at."""

    name: str
    outcome: str
    is_chosen: bool


def imagined(
    *,
    kind: str,
    at: datetime,
    organization: Any = None,
    service: Any = None,
    requester: Any = None,
    priority: int = 3,
    opened_at: datetime | None = None,
    team: Any = None,
    item: Any = None,
) -> Imagined:
    """
    A ticket as somebody might log it. The organization is the requester's where none is named.

    :param at: the present moment: when it is opened, unless `opened_at` says otherwise.
    """
    organization_id = getattr(organization, "pk", None) or getattr(requester, "organization_id", None)
    return Imagined(
        kind, organization_id, getattr(service, "pk", None), getattr(requester, "pk", None), priority, opened_at or at,
        getattr(team, "pk", None), getattr(item, "pk", None),
    )  # fmt: skip


def match_of(record: Any) -> dict[str, Any]:
    """The choice for a record as it stands, or for an imagined one, with everything that was looked at."""
    return _told(choose(record))


def beneath(record: Any) -> dict[str, dict[str, Any]]:
    """
    The same for the agreements beneath, by type, where there are any for such records.

    With the team that has it, if one has, and with the supplier it would be handed to.
    """
    found = {}
    if record.team_id is not None and has_any(record.kind, AgreementType.TEAM):
        found[str(AgreementType.TEAM)] = _told(with_team(record))
    if has_any(record.kind, AgreementType.SUPPLIER):
        found[str(AgreementType.SUPPLIER)] = _told(with_supplier(record))
    return found


def _told(choice: Choice) -> dict[str, Any]:
    document = choice.as_document()
    looked_at = [
        {"id": each.agreement_id, "name": each.name, "outcome": str(outcome)} for each, outcome in choice.candidates
    ]
    return document | {"candidates": looked_at}


def reasons(match: Mapping[str, Any]) -> list[str]:
    """Sentences that say why the agreement of a clock was chosen."""
    if not match.get("agreement"):
        return []
    parts = [str(PARTS[each]) for each in match.get("matched", ()) if each in PARTS]
    if match.get("steps"):
        parts = [*(each for each in parts if each != PARTS["service"]), _("a service that this one needs")]
    party = SUPPLIERS.get(str(match.get("through"))) or PARTIES.get(str(match.get("party")))
    found = [str(party)] if party is not None else []
    if parts:
        found.append(
            _("It names %(parts)s, and no other match is more specific.") % {"parts": get_text_list(parts, _("and"))}
        )
    elif party is None:
        found.append(_("It is the agreement for everybody, and no more specific one matches."))
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
