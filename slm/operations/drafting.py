"""Writing the text of an agreement: making one, changing it, and drafting a version beside the one in force."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.refusals import Refused
from people.access import require

from .. import declarations
from ..enums import AgreementState, AgreementType
from ..models import Agreement, AgreementVersion, Target
from ..points import Point
from ..terms import Promise
from ..texts import document_of, latest_document, place_targets, row_of, targets_in, write
from . import rows
from .checks import refuse_days, refuse_unfit, refuse_unfit_signatories

FIELDS = (
    "name", "team", "supplier", "supplier_name", "organization", "service", "requester", "calendar", "pause_reasons",
    "reopen_policy", "retarget_policy", "valid_from", "valid_to", "attainment_target", "availability_target",
    "service_hours", "maintenance", "maintenance_windows", "exclusions", "limits", "notice_days",
    "thresholds",
)  # fmt: skip
HANDLING = ("provider_signatory", "partner_signatory", "review_date")

Minutes = Mapping[tuple[str, int], int | Point]
Calendars = Mapping[tuple[str, int], Calendar | None]


@transaction.atomic
def create_agreement(
    *,
    by: Any,
    at: datetime,
    name: str,
    calendar: Calendar,
    targets: Minutes,
    target_calendars: Calendars | None = None,
    type: str = AgreementType.CUSTOMER,
    kind: str = "incident",
    is_sample: bool = False,
    **values: Any,
) -> Agreement:
    """
    Draft an agreement with its targets. Nothing goes by it before both sides have signed.

    :param by: None for what stood before Steward did (set-up, imports): such an agreement is in force at once.
    :param targets: working minutes, or a point in time, by (clock, priority); what is missing is not promised.
    :param target_calendars: hours of single targets that differ from the agreement's.
    :param values: more of `FIELDS` and `HANDLING`.
    :raises NotAllowed: :raises Refused: a name that is taken, targets out of range, a validity that runs backwards.
    """
    _refuse_unknown(values, (*FIELDS, *HANDLING))
    if not declarations.of(kind):
        raise Refused.because("unknown_kind", _("Records of this kind have no clocks. Choose another kind."), "kind")
    agreement = Agreement(
        name=" ".join(name.split()), type=type, kind=kind, calendar=calendar, is_sample=is_sample, **values
    )
    if by is not None:
        require(by, "agreement.edit", agreement)
    refuse_unfit(agreement, _as_rows(agreement, targets, target_calendars or {}))
    refuse_unfit_signatories(agreement)
    refuse_days(review_date=agreement.review_date)
    agreement.slug = rows.free_slug(agreement.name)
    agreement.save(force_insert=True)
    Target.objects.bulk_create(_as_rows(agreement, targets, target_calendars or {}))
    rows.keep_version(agreement=agreement, by=by, at=at, is_in_force=by is None)
    rows.write_down("created", agreement, by=by, at=at, changes={"targets": (None, _as_plain(targets))})
    if by is None:
        rows.move(agreement, "come_into_force", by=None, at=at)
    return agreement


def edit_agreement(
    *,
    agreement: Agreement,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    version: int | None = None,
    effective_date: date | None = None,
) -> Agreement:
    """
    Change what an agreement says beside its targets, as a new version.

    Of an agreement in force the version is drafted beside it and changes nothing yet; what was signed of a draft is
    signed no more.

    :param by: None for Steward itself, whose change is in force at once.
    :param version: number of the text that the person edited; None where nobody looked.
    :param effective_date: first day of the new version; None for as soon as it is agreed.
    :raises NotAllowed: :raises Stale: :raises Refused: a value that does not fit, or nothing differs.
    """
    return revise(
        agreement=agreement, by=by, at=at, values=values, version=version, effective_date=effective_date,
    )  # fmt: skip


def set_targets(
    *,
    agreement: Agreement,
    by: Any,
    at: datetime,
    targets: Minutes,
    target_calendars: Calendars | None = None,
    version: int | None = None,
) -> Agreement:
    """
    Replace the whole matrix of targets, as a new version; see `edit_agreement` for when it holds.

    :param targets: working minutes by (clock, priority); what is missing is no longer promised.
    :raises NotAllowed: :raises Stale: :raises Refused: a target out of range, or nothing differs.
    """
    return revise(
        agreement=agreement, by=by, at=at, values={}, targets=targets, target_calendars=target_calendars,
        version=version,
    )  # fmt: skip


@transaction.atomic
def revise(
    *,
    agreement: Agreement,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    targets: Minutes | None = None,
    target_calendars: Calendars | None = None,
    version: int | None = None,
    effective_date: date | None = None,
) -> Agreement:
    """
    Change terms and targets in one go, as the form of an agreement does, as one new version; see `edit_agreement`.

    :param targets: None leaves them as they are.
    :raises NotAllowed: :raises Stale: :raises Refused: a value that does not fit, or nothing differs at all.
    """
    _refuse_unknown(values, FIELDS)
    locked = rows.lock(agreement, by=by, version=version)
    rows.refuse_ended(locked)
    before = latest_document(locked)
    text = row_of(locked, before)
    for field, value in values.items():
        setattr(text, field, sorted(value) if field == "pause_reasons" else value)
    if by is not None:
        require(by, "agreement.edit", text)  # a text for an organization beyond the person's own reach
    if targets is not None:
        place_targets(text, _as_rows(text, targets, target_calendars or {}))
    refuse_unfit(text, text.targets.all())
    after = document_of(text)
    effective_date = _effective(locked, effective_date, by=by, at=at)
    if _same(before) == _same(after) and not _is_other_day(locked, effective_date):
        raise Refused.because("unchanged", _("The agreement says this already. Change something, then save."))
    rows.keep_old_version(locked, at=at)
    changes = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    # Whom we warn is our own affair: nobody signs it, and it takes no signature away from what is in force.
    is_own = set(changes) <= {"thresholds"} and locked.is_in_force and locked.proposed_version is None
    is_direct = by is None or is_own or not locked.is_in_force
    _keep(locked, after, by=by, at=at, effective_date=None if is_direct else effective_date, is_direct=is_direct)
    rows.write_down("edited", locked, by=by, at=at, changes=changes)
    return locked


@transaction.atomic
def withdraw_draft(*, agreement: Agreement, by: Any, at: datetime, version: int | None = None) -> Agreement:
    """Drop the version that is drafted beside the one in force. :raises Refused: there is none."""
    locked = rows.lock(agreement, by=by, version=version)
    if locked.proposed_version is None:
        raise Refused.because("no_draft", _("No version is being drafted. There is nothing to drop."))
    rows.write_down("draft_withdrawn", locked, by=by, at=at)
    locked.proposed_version = None
    locked.save(update_fields=["proposed_version"])
    return locked


@transaction.atomic
def handle(*, agreement: Agreement, by: Any, at: datetime, values: Mapping[str, Any]) -> Agreement:
    """
    Change who signs and when it is reviewed: no part of the text, so no version and no new signatures.

    :raises NotAllowed: :raises Refused: the agreement has ended, or nothing differs.
    """
    _refuse_unknown(values, HANDLING)
    locked = rows.lock(agreement, by=by)
    rows.refuse_ended(locked)
    changes = {}
    for name, value in values.items():
        known = getattr(locked, name)
        if known != value:
            changes[name] = (known, value)
            setattr(locked, name, value)
    refuse_unfit_signatories(locked)
    refuse_days(review_date=locked.review_date)
    if not changes:
        raise Refused.because("unchanged", _("The agreement says this already. Change something, then save."))
    locked.save(update_fields=list(changes))
    rows.write_down("handled", locked, by=by, at=at, changes=changes)
    return locked


def apply_text(agreement: Agreement, document: Mapping[str, Any], number: int) -> None:
    """Write a text into the row and its targets, under its number. For the acts of this package."""
    write(agreement, document)
    agreement.version = number
    agreement.save(update_fields=[*FIELDS, "version"])
    agreement.targets.all().delete()
    Target.objects.bulk_create(targets_in(agreement, document))


def _keep(
    agreement: Agreement,
    document: Mapping[str, Any],
    *,
    by: Any,
    at: datetime,
    effective_date: date | None,
    is_direct: bool,
) -> None:
    """Give the text its number: beside the one in force, or directly in its place."""
    number = rows.next_number(agreement)
    AgreementVersion.objects.create(
        agreement=agreement,
        number=number,
        document=document,
        created_at=at,
        created_by=by,
        effective_date=effective_date,
        in_force_from=at if is_direct and agreement.is_in_force else None,
    )
    if not is_direct:
        agreement.proposed_version = number
        agreement.save(update_fields=["proposed_version"])
        if agreement.state == AgreementState.ACTIVE:
            rows.move(agreement, "call_review", by=by, at=at)
        return
    if agreement.is_in_force:
        agreement.versions.filter(number=agreement.version).update(in_force_until=at)
    apply_text(agreement, document, number)
    if agreement.state in (AgreementState.NEGOTIATING, AgreementState.AGREED):
        rows.move(agreement, "take_back", by=by, at=at)


def _effective(agreement: Agreement, wanted: date | None, *, by: Any, at: datetime) -> date | None:
    """:raises Refused: a day that is over, or beside no version in force."""
    if wanted is None:
        return None
    if not agreement.is_in_force or by is None:
        message = _("Only a version beside one in force has a first day of its own. Use “valid from”.")
        raise Refused.because("unfit", message, "effective_date")
    refuse_days(effective_date=wanted)
    if wanted < rows.local_day(agreement, at):
        raise Refused.because("past", _("This day is over. Choose one to come, or none."), "effective_date")
    return wanted


def _is_other_day(agreement: Agreement, effective_date: date | None) -> bool:
    if agreement.proposed_version is None:
        return False
    known = agreement.versions.get(number=agreement.proposed_version).effective_date
    return bool(known != effective_date)


def _as_rows(agreement: Agreement, targets: Minutes, calendars: Calendars) -> list[Target]:
    return [
        Target(
            agreement_id=agreement.pk,
            clock=clock,
            priority=priority,
            target_minutes=promise.target // timedelta(minutes=1),
            point=promise.point.code if promise.point else "",
            calendar=calendars.get((clock, priority)),
        )
        for clock, priority, promise in (
            (clock, priority, Promise.said(said, (calendars.get((clock, priority)) or agreement.calendar).pk))
            for (clock, priority), said in sorted(targets.items())
        )
    ]


def _same(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document for comparing: reasons in any order are the same."""
    return {**document, "pause_reasons": sorted(document["pause_reasons"])}


def _as_plain(targets: Minutes) -> dict[str, int | str]:
    return {
        f"{clock}_{priority}": str(said) if isinstance(said, Point) else said
        for (clock, priority), said in sorted(targets.items())
    }


def _refuse_unknown(values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if unknown := set(values) - set(known):
        raise TypeError(f"agreements have no {sorted(unknown)}")
