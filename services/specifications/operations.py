"""Writing what a service is said to be: a draft at a time, beside the version in force."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.texts import one_line, said
from people.access import can, require

from ..models import Service
from .checking import keys_of, tidied
from .models import LONGEST_REASON, Specification, Statement
from .terms import Terms, rows_of, terms_of

WRITE, PUT_IN_FORCE = "specification.write", "specification.put_in_force"
FURTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Owned:
    """A service as the permission matrix looks at it: its owner is whose own it is."""

    requester_id: int | None
    organization_id: int | None = None


def may(user: Any, operation: str, service: Service) -> bool:
    """Whether the person may do this to the specification of this service."""
    return can(user, operation, Owned(service.owner_id))


def local_day(at: datetime) -> date:
    """The date at a moment in the zone of the installation, in which versions begin at midnight."""
    return at.astimezone(timezone.get_default_timezone()).date()


@transaction.atomic
def begin_draft(*, service: Service, by: Any, at: datetime) -> Specification:
    """
    Copy the latest version as a draft to be edited; the first one is empty.

    :raises NotAllowed: :raises Refused: a draft is there already.
    """
    locked = _lock(service, by, WRITE)
    if locked.specifications.drafts().exists():
        raise Refused.because("draft", _("A draft for this service is there already. Go on with that one."))
    rows = locked.specifications.order_by("-number").prefetch_related("statements")
    latest = rows.first()
    number = (locked.specifications.aggregate(latest=Max("number"))["latest"] or 0) + 1
    draft = Specification.objects.create(service=locked, number=number, written_by=by, written_at=at)
    terms = terms_of(latest)
    Statement.objects.bulk_create(rows_of(draft, terms))
    _write_down("drafted", draft, by=by, at=at)
    return draft


@transaction.atomic
def save_draft(
    *, draft: Specification, by: Any, at: datetime, terms: Terms, revision: int | None = None
) -> Specification:
    """
    Replace what a draft says. Who changed it latest counts as who wrote it; saying the same again changes nothing.

    :param revision: the one that the person edited; None where nobody looked.
    :raises NotAllowed: :raises Stale: :raises Refused: it is no draft any more, or statements that don't fit.
    """
    locked = _lock_draft(draft, by, WRITE, revision)
    terms = tidied(locked.service, terms, known_keys=keys_of(locked.service))
    before = terms_of(locked)
    if terms == before:
        return locked
    locked.written_by, locked.written_at = by, at
    locked.revision += 1
    locked.save(update_fields=["written_by", "written_at", "revision"])
    locked.statements.all().delete()
    Statement.objects.bulk_create(rows_of(locked, terms))
    _write_down("edited", locked, by=by, at=at, before=before, after=terms)
    return locked


@transaction.atomic
def drop_draft(*, draft: Specification, by: Any, at: datetime, revision: int | None = None) -> None:
    """Give a draft up; what is in force stays. :raises NotAllowed: :raises Stale: :raises Refused: it is no draft."""
    locked = _lock_draft(draft, by, WRITE, revision)
    _write_down("dropped", locked, by=by, at=at, before=terms_of(locked))
    locked.delete()


@transaction.atomic
def put_in_force(
    *, draft: Specification, by: Any, at: datetime, valid_from: date, reason: str, revision: int | None = None
) -> Specification:
    """
    Decide that a draft holds from a day on: who asks later reads it from the days. Where it is today, it begins now.

    :param valid_from: in the zone of the installation; today or later, and not before a version that was decided.
    :raises NotAllowed: neither the owner of the service nor who manages service levels.
    :raises Stale: :raises Refused: no reason, another day, nothing said, or the same as before.
    """
    locked = _lock_draft(draft, by, PUT_IN_FORCE, revision)
    why = said(reason, field="reason", missing=_("The reason is missing. Say why it changes."), limit=LONGEST_REASON)
    terms = terms_of(locked)
    if not terms:
        raise Refused.because("empty", _("The draft says nothing yet. Write the first statement."))
    rows = locked.service.specifications.decided().order_by("-valid_from", "-number")
    standing = rows.prefetch_related("statements").first()
    if standing is not None and terms_of(standing) == terms:
        raise Refused.because("unchanged", _("The draft says what was decided before. Change something, or drop it."))
    _refuse_day(valid_from, at=at, standing=standing)
    locked.valid_from, locked.reason, locked.decided_by, locked.decided_at = valid_from, one_line(why), by, at
    locked.save(update_fields=["valid_from", "reason", "decided_by", "decided_at"])
    _write_down("put_in_force", locked, by=by, at=at, reason=why, before=terms_of(standing), after=terms)
    if valid_from == local_day(at):
        _begin(locked, by=by, at=at)
    return locked


@transaction.atomic
def begin_due(*, at: datetime) -> int:
    """
    Write down which versions hold since their day has come, each once, so that those concerned can be told.

    :returns: how many began. Safe to run twice, and beside itself.
    """
    due = Specification.objects.begun_unnoticed(local_day(at)).select_related("service").order_by("pk")
    rows = list(due.select_for_update(skip_locked=True, of=("self",)))
    for row in rows:
        _begin(row, by=None, at=at)
    return len(rows)


def _begin(specification: Specification, *, by: Any, at: datetime) -> None:
    """Its day has come. What began before it is named, so that readers can be told what is different."""
    before = specification.service.specifications.exclude(begun_at=None).order_by("-valid_from", "-number")
    earlier = before.values_list("number", flat=True).first()
    specification.begun_at = at
    specification.save(update_fields=["begun_at"])
    log.record(
        "specification.began",
        subject_kind="service",
        subject_id=specification.service_id,
        subject_label=specification.service.name,
        by=by,
        at=at,
        data={"version": specification.number, "earlier": earlier},
    )


def _refuse_day(valid_from: date, *, at: datetime, standing: Specification | None) -> None:
    today = local_day(at)
    if not today <= valid_from <= today + FURTHEST:
        raise Refused.because(
            "day", _("It comes into force today or within two years: what was promised before stays."), "valid_from"
        )
    if standing is not None and standing.valid_from is not None and valid_from < standing.valid_from:
        said_ = _("Version %(number)d begins after that day. Choose its day or a later one.")
        raise Refused.because("day", said_ % {"number": standing.number}, "valid_from")


def _lock(service: Service, by: Any, operation: str) -> Service:
    """Hold the service: every act on one of its versions begins with this."""
    locked = Service.objects.select_for_update().get(pk=service.pk)
    if by is not None:
        require(by, operation, Owned(locked.owner_id))
    return locked


def _lock_draft(draft: Specification, by: Any, operation: str, revision: int | None) -> Specification:
    """The draft as it is now. :raises Stale: another revision than the one seen. :raises Refused: it is none."""
    service = _lock(draft.service, by, operation)
    fresh = Specification.objects.filter(pk=draft.pk).prefetch_related("statements").first()
    if fresh is None or not fresh.is_draft:
        raise Refused.because("no_draft", _("This draft was put in force or dropped meanwhile. Look at it again."))
    fresh.service = service
    if revision is not None and fresh.revision != revision:
        raise Stale.because("stale", _("Somebody else has changed this draft meanwhile. Compare, then save again."))
    return fresh


def _write_down(
    act: str,
    specification: Specification,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    before: Terms = (),
    after: Terms = (),
) -> None:
    log.record(
        f"specification.{act}",
        subject_kind="service",
        subject_id=specification.service_id,
        subject_label=specification.service.name,
        by=by,
        at=at,
        reason=reason,
        data={
            "version": specification.number,
            "valid_from": specification.valid_from.isoformat() if specification.valid_from else None,
            "before": [each.as_document() for each in before],
            "after": [each.as_document() for each in after],
        },
    )
