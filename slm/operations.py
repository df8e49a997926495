"""The acts on agreements. Each change makes a version; clocks that run keep the version they started under."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audit import log
from calendars.models import Calendar
from calendars.seeds import ensure_default_calendars
from common.refusals import Refusal, Refused, Stale
from people.access import require
from records.operations.editing import check_fields
from records.workflow import moves_of

from . import declarations, thresholds
from .enums import AgreementState, AgreementType, ClockKind, MaintenancePolicy
from .models import Agreement, AgreementVersion, Target
from .points import Point
from .terms import LONGEST_TARGET_MINUTES, Promise, Terms

FIELDS = (
    "name", "team", "supplier", "supplier_name", "organization", "service", "requester", "calendar", "pause_reasons",
    "reopen_policy", "retarget_policy", "valid_from", "valid_to", "attainment_target", "availability_target",
    "service_hours", "maintenance", "maintenance_windows", "thresholds",
)  # fmt: skip
DEFAULT_NAME = "Standard support"
# Domain reference A2; a working day has the eight hours of the office.
DEFAULT_MINUTES: dict[tuple[str, int], int] = {
    (ClockKind.RESPONSE, 1): 15,
    (ClockKind.RESPONSE, 2): 30,
    (ClockKind.RESPONSE, 3): 4 * 60,
    (ClockKind.RESPONSE, 4): 8 * 60,
    (ClockKind.RESPONSE, 5): 16 * 60,
    (ClockKind.RESOLUTION, 1): 4 * 60,
    (ClockKind.RESOLUTION, 2): 8 * 60,
    (ClockKind.RESOLUTION, 3): 24 * 60,
    (ClockKind.RESOLUTION, 4): 40 * 60,
}

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
    Make an agreement with its targets, in force at once for records that are opened from now on.

    :param by: None for the default that Steward brings along.
    :param targets: working minutes, or a point in time, by (clock, priority); what is missing is not promised.
    :param target_calendars: hours of single targets that differ from the agreement's.
    :param values: more of `FIELDS`.
    :raises NotAllowed: :raises Refused: a name that is taken, targets out of range, a validity that runs backwards.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"agreements have no {sorted(unknown)}")
    if not declarations.of(kind):
        raise Refused.because("unknown_kind", _("Records of this kind have no clocks. Choose another kind."), "kind")
    agreement = Agreement(
        name=" ".join(name.split()),
        type=type,
        kind=kind,
        calendar=calendar,
        is_sample=is_sample,
        version=1,
        state=AgreementState.ACTIVE,
        **values,
    )
    if by is not None:
        require(by, "agreement.edit", agreement)
    _refuse_unfit(agreement, targets)
    agreement.slug = _free_slug(agreement.name)
    agreement.save(force_insert=True)
    _write_targets(agreement, targets, target_calendars or {})
    keep_version(agreement=agreement, by=by, at=at)
    _log("created", agreement, by=by, at=at, changes={"targets": (None, _as_plain(targets))})
    return agreement


@transaction.atomic
def edit_agreement(
    *, agreement: Agreement, by: Any, at: datetime, values: Mapping[str, Any], version: int | None = None
) -> Agreement:
    """
    Change what an agreement says beside its targets, as a new version.

    :param version: the version that the person edited; None where nobody looked.
    :raises NotAllowed: :raises Stale: :raises Refused: a value that does not fit, or nothing differs.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"agreements have no {sorted(unknown)}")
    locked = _lock(agreement, by=by, version=version)
    changes = {}
    for field, value in values.items():
        before, wanted = getattr(locked, field), value
        if field == "pause_reasons":
            before, wanted = sorted(before), sorted(wanted)
        if before != wanted:
            changes[field] = (before, wanted)
            setattr(locked, field, wanted)
    if not changes:
        raise Refused.because("unchanged", _("The agreement says this already. Change something, then save."))
    _refuse_unfit(locked, {})
    _keep_old_version(locked, at=at)
    _new_version(locked, by=by, at=at, fields=list(changes))
    _log("edited", locked, by=by, at=at, changes=changes)
    return locked


@transaction.atomic
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
    Replace the whole matrix of targets, as a new version.

    :param targets: working minutes by (clock, priority); what is missing is no longer promised.
    :raises NotAllowed: :raises Stale: :raises Refused: a target out of range, or nothing differs.
    """
    locked = _lock(agreement, by=by, version=version)
    _refuse_unfit(locked, targets)
    rows = {(each.clock, each.priority): each for each in locked.targets.all()}
    before = {key: (Point.from_code(each.point) or each.target_minutes, each.calendar_id) for key, each in rows.items()}
    after = {
        (str(clock), int(priority)): (minutes, getattr((target_calendars or {}).get((clock, priority)), "pk", None))
        for (clock, priority), minutes in targets.items()
    }
    if before == after:
        raise Refused.because("unchanged", _("These targets are in force already. Change one, then save."))
    _keep_old_version(locked, at=at)
    locked.targets.all().delete()
    _write_targets(locked, targets, target_calendars or {})
    _new_version(locked, by=by, at=at, fields=[])
    old = {key: minutes for key, (minutes, _calendar) in before.items()}
    _log("targets_set", locked, by=by, at=at, changes={"targets": (_as_plain(old), _as_plain(targets))})
    return locked


@transaction.atomic
def revise(
    *,
    agreement: Agreement,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    targets: Minutes,
    target_calendars: Calendars | None = None,
    version: int | None = None,
) -> Agreement:
    """
    Change terms and targets in one go, as the form of an agreement does; what differs becomes new versions.

    :raises NotAllowed: :raises Stale: :raises Refused: a value that does not fit, or nothing differs at all.
    """
    revised = _lock(agreement, by=by, version=version)
    is_changed = False
    acts = (
        (edit_agreement, {"values": values}),
        (set_targets, {"targets": targets, "target_calendars": target_calendars}),
    )
    for act, said in acts:
        try:
            with transaction.atomic():
                revised = act(agreement=revised, by=by, at=at, **said)  # type: ignore[operator]
            is_changed = True
        except Refused as refused:
            if any(each.code != "unchanged" for each in refused.refusals):
                raise
    if not is_changed:
        raise Refused.because("unchanged", _("The agreement says this already. Change something, then save."))
    return revised


def retire(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """Have no new clock start under the agreement; those that run go on. :raises Refused: it is retired already."""
    return _move(agreement, "retire", by=by, at=at)


def reinstate(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """Use a retired agreement again. :raises Refused: it is in use."""
    return _move(agreement, "reinstate", by=by, at=at)


def keep_version(*, agreement: Agreement, by: Any, at: datetime) -> AgreementVersion:
    """Write down what the agreement says under its present number."""
    fresh = Agreement.objects.prefetch_related("targets").get(pk=agreement.pk)
    return AgreementVersion.objects.create(
        agreement=agreement,
        number=fresh.version,
        document=Terms.of(fresh).as_document(),
        created_at=at,
        created_by=by,
    )


def ensure_default_agreement(*, by: Any = None, at: datetime | None = None) -> Agreement:
    """
    Make the agreement that applies where no other does, unless one for incidents without any scope exists.

    P1 and P2 around the clock, the rest in the hours of the Oslo office (domain reference A2).

    :param at: moment of the act; this is a door for set-up code, so the present one if not given.
    """
    standing = Agreement.objects.in_force().with_customers()
    known = standing.filter(kind="incident", organization=None, service=None, requester=None).first()
    if known is not None:
        return known
    at = at or now()
    calendars = ensure_default_calendars(at=at)
    return create_agreement(
        by=by,
        at=at,
        name=DEFAULT_NAME,
        calendar=calendars["oslo"],
        targets=DEFAULT_MINUTES,
        target_calendars={
            (clock, priority): calendars["24x7"] for clock, priority in DEFAULT_MINUTES if priority in (1, 2)
        },
        pause_reasons=["requester", "schedule"],
    )


@transaction.atomic
def _move(agreement: Agreement, name: str, *, by: Any, at: datetime, reason: str = "") -> Agreement:
    """:raises Refused: the state of the agreement does not offer this."""
    locked = _lock(agreement, by=by, version=None)
    wanted, before = moves_of(Agreement)[name], locked.state
    if before not in wanted.sources:
        message = _("%(name)s is %(state)s; “%(label)s” is not possible from there.")
        said = {"name": locked.name, "state": locked.get_state_display(), "label": wanted.label}
        raise Refused.because("wrong_state", message % said)
    getattr(locked, name)(by=by, at=at, reason=reason)
    locked.save(update_fields=["state"])
    action = wanted.action.removeprefix("agreement.")
    _log(action, locked, by=by, at=at, changes={"state": (before, str(locked.state))})
    return locked


def _lock(agreement: Agreement, *, by: Any, version: int | None) -> Agreement:
    locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if by is not None:
        require(by, "agreement.edit", locked)
    if version is not None and version != locked.version:
        raise Stale.because(
            "stale",
            _("%(name)s was changed by somebody else since you read it. Compare, then save again.")
            % {"name": locked.name},
        )
    return locked


def _new_version(agreement: Agreement, *, by: Any, at: datetime, fields: list[str]) -> None:
    agreement.version += 1
    agreement.save(update_fields=[*fields, "version"])
    keep_version(agreement=agreement, by=by, at=at)


def _keep_old_version(agreement: Agreement, *, at: datetime) -> None:
    """Write down the terms of an agreement that was made without: the clocks that run need them."""
    if not agreement.versions.filter(number=agreement.version).exists():
        keep_version(agreement=agreement, by=None, at=at)


def _write_targets(agreement: Agreement, targets: Minutes, calendars: Calendars) -> None:
    Target.objects.bulk_create(
        Target(
            agreement=agreement,
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
    )


def _refuse_unfit(agreement: Agreement, targets: Minutes) -> None:
    check_fields(
        agreement,
        {
            "name", "supplier_name", "pause_reasons", "reopen_policy", "retarget_policy", "attainment_target",
            "availability_target", "maintenance",
        },
    )  # fmt: skip
    refusals = []
    if Agreement.objects.filter(name=agreement.name).exclude(pk=agreement.pk).exists():
        refusals.append(
            Refusal("taken", _("Another agreement is called “%(name)s”.") % {"name": agreement.name}, "name")
        )
    if agreement.valid_from and agreement.valid_to and agreement.valid_from >= agreement.valid_to:
        refusals.append(
            Refusal("reversed_validity", _("The validity ends before it begins. Give a later end."), "valid_to")
        )
    if not 0 <= agreement.attainment_target <= 100:
        refusals.append(Refusal("unfit", _("A percentage lies between 0 and 100."), "attainment_target"))
    if agreement.availability_target is not None and not 0 <= agreement.availability_target <= 100:
        refusals.append(Refusal("unfit", _("A percentage lies between 0 and 100."), "availability_target"))
    if agreement.maintenance == MaintenancePolicy.WINDOWS and agreement.maintenance_windows_id is None:
        message = _("The agreed windows are missing. Choose the calendar that is open during maintenance.")
        refusals.append(Refusal("required", message, "maintenance_windows"))
    refusals += _unfit_party(agreement)
    refusals += thresholds.unfit(agreement.thresholds, clocks=[each.clock for each in declarations.of(agreement.kind)])
    known = {each.clock for each in declarations.promised(agreement.kind)}
    for clock, priority in targets:
        if clock not in known:
            message = _("A record of this kind has no such clock: %(clock)s.") % {"clock": clock}
            refusals.append(Refusal("unknown_clock", message, f"{clock}_{priority}"))
        said = targets[clock, priority]
        if not isinstance(said, Point) and not 1 <= said <= LONGEST_TARGET_MINUTES:
            refusals.append(
                Refusal(
                    "out_of_range",
                    _("A target takes between one minute and a year of working time."),
                    f"{clock}_{priority}",
                )
            )
    if refusals:
        raise Refused.all_of(refusals)


def _unfit_party(agreement: Agreement) -> list[Refusal]:
    """Who stands on the other side must fit the type."""
    is_team, is_supplier = agreement.type == AgreementType.TEAM, agreement.type == AgreementType.SUPPLIER
    refusals = []
    if is_team and agreement.team_id is None:
        refusals.append(Refusal("required", _("Whose agreement is it? Choose the team."), "team"))
    if not is_team and agreement.team_id is not None:
        refusals.append(Refusal("unfit", _("Only agreements with a team name one. Leave it empty."), "team"))
    named = (agreement.supplier_id is not None) + bool(agreement.supplier_name)
    if is_supplier and named != 1:
        message = _("Name the supplier: choose an organization, or write a name, not both.")
        refusals.append(Refusal("required", message, "supplier"))
    if not is_supplier and named:
        message = _("Only contracts with a supplier name one. Leave it empty.")
        refusals.append(Refusal("unfit", message, "supplier"))
    return refusals


def _log(action: str, agreement: Agreement, *, by: Any, at: datetime, changes: Mapping[str, Any]) -> None:
    log.record(
        f"agreement.{action}",
        subject_kind="agreement",
        subject_id=agreement.pk,
        subject_label=agreement.name,
        organization_id=agreement.organization_id,
        by=by,
        at=at,
        changes=changes,
        data={"version": agreement.version},
    )


def _as_plain(targets: Minutes) -> dict[str, int | str]:
    return {
        f"{clock}_{priority}": str(said) if isinstance(said, Point) else said
        for (clock, priority), said in sorted(targets.items())
    }


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70] or "agreement"
    taken = set(Agreement.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
