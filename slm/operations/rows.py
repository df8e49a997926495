"""What every act on an agreement does: lock it, check it, keep its versions, write the act down."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from people.access import require
from records.workflow import moves_of

from ..enums import ENDED
from ..models import Agreement, AgreementVersion
from ..texts import document_of


def lock(agreement: Agreement, *, by: Any, operation: str = "agreement.edit", version: int | None = None) -> Agreement:
    """
    Lock the agreement.

    :param version: number of the text that the person read; None where nobody looked.
    :raises NotAllowed: :raises Stale: another text stands by now.
    """
    locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if by is not None:
        require(by, operation, locked)
    require_version(locked, version)
    return locked


def require_version(agreement: Agreement, version: int | None) -> None:
    """:raises Stale: another text stands by now."""
    if version is not None and version != agreement.latest_version:
        raise Stale.because(
            "stale",
            _("%(name)s was changed by somebody else since you read it. Compare, then save again.")
            % {"name": agreement.name},
        )


def refuse_ended(agreement: Agreement) -> None:
    """:raises Refused: it is retired or terminated."""
    if agreement.state in ENDED:
        message = _("%(name)s is %(state)s. Take it up again, or make a new agreement.")
        said = {"name": agreement.name, "state": agreement.get_state_display()}
        raise Refused.because("wrong_state", message % said)


def require_source(agreement: Agreement, name: str) -> None:
    """:raises Refused: the state of the agreement does not offer the move."""
    wanted = moves_of(Agreement)[name]
    if agreement.state not in wanted.sources:
        message = _("%(name)s is %(state)s; “%(label)s” is not possible from there.")
        said = {"name": agreement.name, "state": agreement.get_state_display(), "label": wanted.label}
        raise Refused.because("wrong_state", message % said)


def move(agreement: Agreement, name: str, *, by: Any, at: datetime, data: Mapping[str, Any] | None = None) -> None:
    """
    Move a locked agreement, save its state and write it down.

    :raises Refused: the state of the agreement does not offer this.
    """
    require_source(agreement, name)
    wanted, before = moves_of(Agreement)[name], agreement.state
    getattr(agreement, name)(by=by, at=at)
    agreement.save(update_fields=["state"])
    changes = {"state": (str(before), str(agreement.state))}
    write_down(wanted.action, agreement, by=by, at=at, changes=changes, data=data)


def keep_version(
    *, agreement: Agreement, by: Any, at: datetime, effective_date: date | None = None, is_in_force: bool = False
) -> AgreementVersion:
    """Write down what the agreement says under its present number."""
    fresh = Agreement.objects.prefetch_related("targets").get(pk=agreement.pk)
    return AgreementVersion.objects.create(
        agreement=agreement,
        number=fresh.version,
        document=document_of(fresh),
        created_at=at,
        created_by=by,
        effective_date=effective_date,
        in_force_from=at if is_in_force else None,
    )


def keep_old_version(agreement: Agreement, *, at: datetime) -> None:
    """Write down the terms of an agreement that was made without: the clocks that run need them."""
    if not agreement.versions.filter(number=agreement.version).exists():
        keep_version(agreement=agreement, by=None, at=at, is_in_force=agreement.is_in_force)


def next_number(agreement: Agreement) -> int:
    """The number of the next text, whatever became of those before."""
    highest = agreement.versions.aggregate(highest=Max("number"))["highest"] or 0
    return max(int(highest), agreement.version) + 1


def zone_of(agreement: Agreement) -> ZoneInfo:
    """Where its days begin: the zone of its hours."""
    return ZoneInfo(agreement.calendar.zone)


def local_day(agreement: Agreement, at: datetime) -> date:
    """The date at a moment, where the agreement holds."""
    return at.astimezone(zone_of(agreement)).date()


def write_down(
    action: str,
    agreement: Agreement,
    *,
    by: Any,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Log an act, `agreement.` before its name where it is missing."""
    log.record(
        action if action.startswith("agreement.") else f"agreement.{action}",
        subject_kind="agreement",
        subject_id=agreement.pk,
        subject_label=agreement.name,
        organization_id=agreement.organization_id,
        by=by,
        at=at,
        changes=changes or {},
        data={"version": agreement.latest_version, **(data or {})},
    )


def free_slug(name: str) -> str:
    """A short name that no agreement has."""
    stem = slugify(name)[:70] or "agreement"
    taken = set(Agreement.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
