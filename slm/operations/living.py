"""The life of an agreement after its signatures: into force, under review, under notice, and out of use."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.time import start_of_day

from ..enums import AgreementState
from ..models import Agreement
from . import drafting, rows

LONGEST_REASON = 300
FARTHEST_DAYS = 3_660


def bring_into_force_if_due(agreement: Agreement, *, at: datetime) -> bool:
    """
    Bring a locked agreement, or the agreed version beside it, into force if its first day has come where it holds.

    The version is dated from the midnight of that day, or from `at` if it has none. Returns whether it did.
    """
    if agreement.state == AgreementState.AGREED:
        return _first(agreement, at=at)
    if agreement.state == AgreementState.IN_REVIEW and agreement.proposed_version is not None:
        return _next(agreement, at=at)
    return False


def _first(agreement: Agreement, *, at: datetime) -> bool:
    version = agreement.versions.get(number=agreement.version)
    begin = _begin(agreement, agreement.valid_from, version.agreed_at or at)
    if begin > at:
        return False
    version.in_force_from = begin
    version.save(update_fields=["in_force_from"])
    rows.move(agreement, "come_into_force", by=None, at=at)
    return True


def _next(agreement: Agreement, *, at: datetime) -> bool:
    version = agreement.versions.get(number=agreement.latest_version)
    if version.agreed_at is None:
        return False
    begin = _begin(agreement, version.effective_date, version.agreed_at)
    if begin > at:
        return False
    before = agreement.version
    agreement.versions.filter(number=before).update(in_force_until=begin)
    version.in_force_from = begin
    version.save(update_fields=["in_force_from"])
    agreement.proposed_version = None
    agreement.save(update_fields=["proposed_version"])
    drafting.apply_text(agreement, version.document, version.number)
    rows.move(agreement, "conclude_review", by=None, at=at, data={"before": before})
    return True


def _begin(agreement: Agreement, day: date | None, agreed_at: datetime) -> datetime:
    """The midnight of the day, or the second signature where that came later."""
    return agreed_at if day is None else max(agreed_at, start_of_day(day, rows.zone_of(agreement)))


@transaction.atomic
def call_review(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """Ask for a review; the agreement stays in force. :raises Refused: it is not in force, or under review."""
    locked = rows.lock(agreement, by=by)
    rows.move(locked, "call_review", by=by, at=at)
    return locked


@transaction.atomic
def conclude_review(*, agreement: Agreement, by: Any, at: datetime, review_date: date, note: str) -> Agreement:
    """
    End a review that changes nothing, with what was found and the day of the next one.

    :raises NotAllowed: :raises Refused: no review, a version is being drafted, no note, or a day that is over.
    """
    locked = rows.lock(agreement, by=by)
    rows.require_source(locked, "conclude_review")
    if locked.proposed_version is not None:
        message = _("A version is being drafted. Have it signed, or drop it, then end the review.")
        raise Refused.because("draft", message)
    note = _reason(note, "note", _("Say what the review found, in a few words."))
    locked.review_date = _day_to_come(locked, review_date, "review_date", at=at)
    rows.move(locked, "conclude_review", by=by, at=at, data={"note": note})
    locked.save(update_fields=["review_date"])
    return locked


@transaction.atomic
def give_notice(
    *, agreement: Agreement, by: Any, at: datetime, ends_date: date, reason: str, waives_notice: bool = False
) -> Agreement:
    """
    End the agreement by notice; it holds until the midnight before that day, where it holds.

    :param ends_date: first day on which it no longer holds.
    :param waives_notice: both sides agree on an earlier day than the notice allows.
    :raises NotAllowed: :raises Refused: not in force, a day that is over, or one before the notice has run.
    """
    locked = rows.lock(agreement, by=by)
    if not locked.is_in_force:
        message = _("%(name)s is not in force, so there is nothing to end. Retire it instead.")
        raise Refused.because("wrong_state", message % {"name": locked.name})
    reason = _reason(reason, "reason", _("The reason is missing. Say why in a few words."))
    _day_to_come(locked, ends_date, "ends_date", at=at)
    earliest = rows.local_day(locked, at) + timedelta(days=locked.notice_days)
    if ends_date < earliest and not waives_notice:
        message = _("Notice takes %(days)s days: %(day)s is the earliest. Or say that both sides agree on this day.")
        said = {"days": locked.notice_days, "day": earliest.isoformat()}
        raise Refused.because("notice", message % said, "ends_date")
    before = locked.ends_date
    locked.ends_date, locked.ends_reason = ends_date, reason
    locked.save(update_fields=["ends_date", "ends_reason"])
    changes = {"ends_date": (before and before.isoformat(), ends_date.isoformat())}
    data = {"reason": reason, "waives_notice": waives_notice}
    rows.write_down("notice_given", locked, by=by, at=at, changes=changes, data=data)
    return locked


@transaction.atomic
def withdraw_notice(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """Let the agreement go on as if no notice had been given. :raises Refused: none was, or it has ended."""
    locked = rows.lock(agreement, by=by)
    if locked.ends_date is None or not locked.is_in_force:
        raise Refused.because("no_notice", _("No notice is running. There is nothing to withdraw."))
    changes = {"ends_date": (locked.ends_date.isoformat(), None)}
    locked.ends_date, locked.ends_reason = None, ""
    locked.save(update_fields=["ends_date", "ends_reason"])
    rows.write_down("notice_withdrawn", locked, by=by, at=at, changes=changes)
    return locked


@transaction.atomic
def retire(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """Have no new clock start under the agreement; those that run go on. :raises Refused: it has ended already."""
    locked = rows.lock(agreement, by=by)
    _end(locked, "retire", by=by, at=at, until=at)
    return locked


@transaction.atomic
def reinstate(*, agreement: Agreement, by: Any, at: datetime) -> Agreement:
    """
    Take a retired agreement up again as a draft, under a new number: it is to be signed anew.

    :raises Refused: it is not retired.
    """
    locked = rows.lock(agreement, by=by)
    rows.keep_old_version(locked, at=at)
    rows.move(locked, "reinstate", by=by, at=at)
    locked.version = rows.next_number(locked)
    locked.ends_date, locked.ends_reason = None, ""
    locked.save(update_fields=["version", "ends_date", "ends_reason"])
    rows.keep_version(agreement=locked, by=by, at=at)
    return locked


def follow(*, at: datetime) -> int:
    """
    Do what the day asks of agreements: bring into force, call for review, end. For workers; safe to run twice.

    Each agreement is locked and looked at afresh; one that somebody holds is left for the next time. Returns how many
    were moved.
    """
    done = 0
    for key in Agreement.objects.with_something_due(at=at).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            locked = Agreement.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if locked is not None:
                done += _follow(locked, at=at)
    return done


def _follow(agreement: Agreement, *, at: datetime) -> bool:
    today, zone = rows.local_day(agreement, at), rows.zone_of(agreement)
    moved = bring_into_force_if_due(agreement, at=at)
    if agreement.is_in_force and agreement.end is not None and agreement.end <= today:
        is_notice = agreement.end == agreement.ends_date
        name = "terminate" if is_notice else "retire"
        _end(agreement, name, by=None, at=at, until=start_of_day(agreement.end, zone))
        return True
    if agreement.state == AgreementState.ACTIVE and agreement.review_date and agreement.review_date <= today:
        rows.move(agreement, "call_review", by=None, at=at)
        return True
    return moved


def _end(agreement: Agreement, name: str, *, by: Any, at: datetime, until: datetime) -> None:
    if agreement.is_in_force:
        agreement.versions.filter(number=agreement.version).update(in_force_until=until)
    rows.move(agreement, name, by=by, at=at)
    if agreement.proposed_version is not None:
        agreement.proposed_version = None
        agreement.save(update_fields=["proposed_version"])


def _day_to_come(agreement: Agreement, day: date, field: str, *, at: datetime) -> date:
    """:raises Refused: the day is over where the agreement holds, is today, or lies ten years ahead."""
    today = rows.local_day(agreement, at)
    if not today < day <= today + timedelta(days=FARTHEST_DAYS):
        raise Refused.because("past", _("Choose a day after today, within ten years."), field)
    return day


def _reason(text: str, field: str, message: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused.because("required", message, field)
    if len(text) > LONGEST_REASON:
        raise Refused.because("too_long", _("Keep to %(limit)s characters.") % {"limit": LONGEST_REASON}, field)
    return text
