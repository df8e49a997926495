"""
Which agreement a record falls under: the most specific match (domain reference A3.9), with the reasons.

All agreements stay in the process. Each choice begins with one small statement that tells whether any of them has
changed since; creating a record costs no more than that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from calendars import registry
from calendars.business_time import NeverOpens
from calendars.models import Calendar
from common.time import start_of_day

from .enums import AgreementType, ClockKind
from .models import Agreement, AgreementVersion
from .terms import Terms, earlier_terms

CANDIDATES_KEPT = 10


class Outcome(StrEnum):
    """What became of an agreement that was looked at; the words are in `explain`."""

    CHOSEN = "chosen"
    LESS_SPECIFIC = "less_specific"
    LESS_STRICT = "less_strict"
    OTHER_REQUESTER = "other_requester"
    OTHER_ORGANIZATION = "other_organization"
    OTHER_SERVICE = "other_service"
    OTHER_TEAM = "other_team"
    OTHER_SUPPLIER = "other_supplier"
    NOT_YET_VALID = "not_yet_valid"
    NO_LONGER_VALID = "no_longer_valid"


@dataclass(frozen=True)
class Choice:
    """
    The agreement that applies, if any, and why.

    :param candidates: (terms, outcome) of every binding agreement of the type for the kind of record, the best first.
    :param has_equals: others matched just as well; the stricter was taken, and the data should be looked after.
    :param steps: to the service that it names from the record's own, where that needs it; 0 for its own.
    :param through: what names the supplier that a contract is with, `item` or `service`; empty where nothing does.
    :param match: what `as_document` gives where the choice was made before, for an earlier clock of the record.
    """

    terms: Terms | None
    candidates: Sequence[tuple[Terms, Outcome]] = field(default_factory=tuple)
    has_equals: bool = False
    steps: int = 0
    through: str = ""
    match: Mapping[str, Any] | None = None

    def as_document(self) -> dict[str, Any]:
        """What `Clock.match` keeps."""
        if self.match is not None:
            return dict(self.match)
        if self.terms is None:
            return {"agreement": None}
        return {
            "agreement": self.terms.agreement_id,
            "name": self.terms.name,
            "version": self.terms.version,
            "matched": matched_parts(self.terms),
            "has_equals": self.has_equals,
            **({"steps": self.steps} if self.steps else {}),
            **({"through": self.through} if self.through else {}),
            **({"party": self.terms.type} if self.terms.type != AgreementType.CUSTOMER else {}),
            "candidates": [
                {"id": each.agreement_id, "name": each.name, "outcome": str(outcome)}
                for each, outcome in self.candidates[:CANDIDATES_KEPT]
            ],
        }


@dataclass(frozen=True)
class _Snapshot:
    fingerprint: tuple[Any, ...]
    terms: tuple[Terms, ...]
    zones: dict[int, ZoneInfo]
    coming: dict[int, tuple[datetime, Terms]]


_lock = Lock()
_snapshot: _Snapshot | None = None
_earlier: dict[tuple[int, int], Terms] = {}

# The transaction that wrote a row's present version, and its place: they tell every change, also one rolled back.
FINGERPRINT = """
    SELECT count(*), coalesce(sum(hashtextextended(concat_ws(' ', id, xmin, ctid), 0)), 0)
    FROM slm_agreement WHERE state IN ('agreed', 'active', 'in_review')
"""


def matched_parts(terms: Terms) -> list[str]:
    """What the agreement names, the most specific first."""
    named = {
        "requester": terms.requester_id,
        "organization": terms.organization_id,
        "service": terms.service_id,
    }
    return [name for name, value in named.items() if value is not None]


def rank(terms: Terms | Agreement) -> int:
    """How specific an agreement is: the requester outweighs the organization, which outweighs the service."""
    return (
        4 * (terms.requester_id is not None) + 2 * (terms.organization_id is not None) + (terms.service_id is not None)
    )


def forget() -> None:
    """Drop what this process knows: targets were written without a new version of their agreement."""
    global _snapshot  # noqa: PLW0603 - one snapshot for the process
    with _lock:
        _snapshot = None
        _earlier.clear()


def _current() -> _Snapshot:
    global _snapshot  # noqa: PLW0603 - one snapshot for the process
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT)
        fingerprint = tuple(cursor.fetchone())
    known = _snapshot
    if known is not None and known.fingerprint == fingerprint:
        return known
    rows = Agreement.objects.binding().prefetch_related("targets").order_by("id")
    terms = tuple(Terms.of(each) for each in rows)
    coming = _agreed_beside(each for each in rows if each.proposed_version is not None)
    calendars = {each.calendar_id for each in (*terms, *coming.values())}
    zones = {key: ZoneInfo(zone) for key, zone in Calendar.objects.filter(pk__in=calendars).values_list("id", "zone")}
    present = {each.agreement_id: each for each in terms}
    dated = {key: (start_of_day(day, zones[present[key].calendar_id]), each) for (key, day), each in coming.items()}
    fresh = _Snapshot(fingerprint, terms, zones, dated)
    with _lock:
        _snapshot = fresh
    return fresh


def _agreed_beside(rows: Iterable[Agreement]) -> dict[tuple[int, date], Terms]:
    """Versions that both sides have signed for a day to come, by agreement and that day. No statement without any."""
    ends = {(each.pk, each.proposed_version): each.ends_date for each in rows}
    if not ends:
        return {}
    agreed = AgreementVersion.objects.filter(
        agreement__in={key for key, _number in ends}, agreed_at__isnull=False, effective_date__isnull=False
    )
    found = {}
    for each in agreed:
        key = (each.agreement_id, each.number)
        if key in ends and each.effective_date is not None:
            terms = Terms.from_document(each.agreement_id, each.number, each.document)
            end = min((day for day in (terms.valid_to, ends[key]) if day), default=None)
            found[each.agreement_id, each.effective_date] = replace(terms, valid_to=end)
    return found


def _terms_on(snapshot: _Snapshot, moment: datetime) -> Iterator[Terms]:
    """The binding terms for what begins at the moment: of a signed version from its first midnight on."""
    for each in snapshot.terms:
        coming = snapshot.coming.get(each.agreement_id)
        yield coming[1] if coming is not None and coming[0] <= moment else each


def terms_of(agreement_id: int, version: int) -> Terms | None:
    """
    Give the terms of a version that some clock started under.

    Where nobody wrote that version down, the terms in force now; None if the agreement was retired since.
    """
    newest = next((each for each in _current().terms if each.agreement_id == agreement_id), None)
    if newest is not None and newest.version == version:
        return newest
    known = _earlier.get((agreement_id, version))
    if known is None:
        known = earlier_terms(agreement_id, version)
        if known is None:
            return newest
        with _lock:
            _earlier[agreement_id, version] = known
    return known


def has_any(kind: str, type: str, *, is_known: bool = False) -> bool:
    """Whether some binding agreement of the type is about the kind of record. One small statement, or none if known."""
    snapshot = (_snapshot if is_known else None) or _current()
    return any(each.kind == kind and each.type == type for each in snapshot.terms)


def choose(
    record: Any,
    *,
    type: str = AgreementType.CUSTOMER,
    team_id: int | None = None,
    supplier_id: int | None = None,
    needed: Mapping[int, int] | None = None,
    is_known: bool = False,
) -> Choice:
    """
    Find the agreement for a record as it stands: kind, requester, organization, service, and the day it was opened.

    :param type: with customers, or those beneath: with the team `team_id`, or with a supplier.
    :param is_known: the agreements were looked at in this act already; no statement asks again whether one changed.
    :param supplier_id: None where nobody wrote down which supplier: any contract then fits.
    :param needed: further services whose agreements fit, with the steps to each; those of the record's own outweigh
        them, nearer ones those further away.

    Equally specific agreements: the one with the earlier due moment wins, the resolution clock's before the
    response clock's.
    """
    snapshot = (_snapshot if is_known else None) or _current()
    considered: list[tuple[Terms, Outcome | None]] = [
        (each, _not_party(each, team_id, supplier_id) or _objection(each, record, snapshot, needed))
        for each in _terms_on(snapshot, record.opened_at)
        if each.kind == record.kind and each.type == type
    ]
    fitting = [each for each, objection in considered if objection is None]
    if not fitting:
        return Choice(None, [(each, objection) for each, objection in considered if objection])

    def weight(terms: Terms) -> tuple[int, int]:
        return rank(terms), -(needed or {}).get(terms.service_id or 0, 0)

    top = max(map(weight, fitting))
    equals = [each for each in fitting if weight(each) == top]
    chosen = equals[0] if len(equals) == 1 else min(equals, key=lambda each: _strictness(each, record))
    judged = []
    for each, objection in considered:
        outcome = objection or (
            Outcome.CHOSEN if each is chosen else Outcome.LESS_STRICT if weight(each) == top else Outcome.LESS_SPECIFIC
        )
        judged.append((each, outcome))
    order = {outcome: index for index, outcome in enumerate(Outcome)}
    judged.sort(key=lambda pair: (order[pair[1]], -rank(pair[0]), pair[0].name))
    steps = (needed or {}).get(chosen.service_id or 0, 0)
    return Choice(chosen, judged, has_equals=len(equals) > 1, steps=steps)


def _not_party(terms: Terms, team_id: int | None, supplier_id: int | None) -> Outcome | None:
    if terms.type == AgreementType.TEAM and terms.team_id != team_id:
        return Outcome.OTHER_TEAM
    if terms.type == AgreementType.SUPPLIER and supplier_id not in (None, terms.supplier_id):
        return Outcome.OTHER_SUPPLIER
    return None


def _objection(
    terms: Terms, record: Any, snapshot: _Snapshot, needed: Mapping[int, int] | None = None
) -> Outcome | None:
    if terms.requester_id not in (None, record.requester_id):
        return Outcome.OTHER_REQUESTER
    if terms.organization_id not in (None, record.organization_id):
        return Outcome.OTHER_ORGANIZATION
    if terms.service_id not in (None, record.service_id) and terms.service_id not in (needed or ()):
        return Outcome.OTHER_SERVICE
    day = _local_day(record.opened_at, snapshot.zones[terms.calendar_id])
    if terms.valid_from is not None and day < terms.valid_from:
        return Outcome.NOT_YET_VALID
    if terms.valid_to is not None and day >= terms.valid_to:
        return Outcome.NO_LONGER_VALID
    return None


def _local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _strictness(terms: Terms, record: Any) -> tuple[Any, ...]:
    """Sort key: due moments of the clocks, a missing promise last; then the older agreement."""
    key: list[Any] = []
    for clock in (ClockKind.RESOLUTION, ClockKind.RESPONSE):
        promise = terms.promise(clock, record.priority)
        due = None
        if promise is not None:
            try:
                due = registry.business_time(promise.calendar_id).add(
                    record.opened_at, promise.since(record.opened_at).target
                )
            except NeverOpens:
                due = None
        key.append((due is None, due or record.opened_at))
    return (*key, terms.agreement_id)
