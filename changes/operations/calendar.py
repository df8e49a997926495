"""Freezes and maintenance windows, exemptions from them, and conflicts that somebody accepts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refusal, Refused, Stale
from common.speech import plainly
from people.access import can, require
from records import changing
from records.events import EventKind

from ..enums import Repeats, WindowKind
from ..models import Acknowledgment, CalendarWindow, Change, Exemption
from ..queries.conflicts import conflicts

LONGEST_DAYS = 366
# The least time from one beginning to the next; a day less, for clock changes.
SHORTEST_ROUND = {
    Repeats.WEEKLY: timedelta(days=6),
    Repeats.MONTHLY_DATE: timedelta(days=27),
    Repeats.MONTHLY_WEEKDAY: timedelta(days=27),
    Repeats.MONTH_END: timedelta(days=27),
    Repeats.YEARLY: timedelta(days=364),
}


@transaction.atomic
def save_window(
    *,
    window: CalendarWindow | None = None,
    by: Any,
    at: datetime,
    kind: str,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    repeats: str = Repeats.NEVER,
    until_date: date | None = None,
    services: Iterable[Any] = (),
    organization: Any = None,
    allows_emergencies: bool = True,
    is_active: bool = True,
    version: int | None = None,
    is_sample: bool = False,
) -> CalendarWindow:
    """
    Write a freeze or a maintenance window, new or changed. Changes that are scheduled in a new freeze stay where they
    are; the calendar marks them.

    :param organization: about whose changes alone it is; None for everybody's, which is for those who manage them all.
    :raises NotAllowed: :raises Stale: :raises Refused: values that do not fit.
    """
    require(by, "change.plan_calendar")
    refusals = []
    if not can(by, "change.plan_calendar", CalendarWindow(organization=organization)):
        refusals.append(_not_theirs(organization))
    if kind not in WindowKind.values:
        refusals.append(Refusal("kind", _("Choose a freeze or a maintenance window."), "kind"))
    if not name.strip():
        refusals.append(Refusal("name", _("Give it a name."), "name"))
    if ends_at <= starts_at:
        refusals.append(Refusal("order", _("It ends before it begins. Pick a later end."), "ends_at"))
    elif (ends_at - starts_at).days > LONGEST_DAYS:
        refusals.append(Refusal("long", _("It lasts longer than a year. Pick an earlier end."), "ends_at"))
    if repeats not in Repeats.values:
        refusals.append(Refusal("repeats", _("Choose how it repeats."), "repeats"))
    elif repeats != Repeats.NEVER and ends_at - starts_at > SHORTEST_ROUND[Repeats(repeats)]:
        refusals.append(
            Refusal("overlaps_itself", _("It would begin anew before it ends. Pick an earlier end."), "ends_at")
        )
    if zone not in available_timezones():
        refusals.append(Refusal("zone", _("There is no time zone “%(zone)s”.") % {"zone": zone}, "zone"))
    elif until_date is not None and until_date <= starts_at.astimezone(ZoneInfo(zone)).date():
        refusals.append(Refusal("until", _("It would end before its first time. Pick a later day."), "until_date"))
    if refusals:
        raise Refused.all_of(refusals)
    saved = CalendarWindow(is_sample=is_sample)
    if window is not None:
        saved = CalendarWindow.objects.select_for_update().get(pk=window.pk)
        require(by, "change.plan_calendar", saved)
        if version is not None and version != saved.version:
            raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
        saved.version += 1
    before = changing.snapshot(saved) if window is not None else {}
    saved.kind, saved.name, saved.starts_at, saved.ends_at = kind, " ".join(name.split())[:120], starts_at, ends_at
    saved.zone, saved.repeats, saved.until_date = zone, repeats, until_date
    saved.allows_emergencies, saved.is_active, saved.organization = allows_emergencies, is_active, organization
    saved.save()
    saved.services.set(services)
    log.record(
        "change_window.changed" if window is not None else "change_window.created",
        subject_kind="change_window",
        subject_id=saved.pk,
        subject_label=saved.name,
        organization_id=saved.organization_id,
        by=by,
        at=at,
        changes=changing.differences(saved, before) if before else {"name": (None, saved.name)},
        data={"services": sorted(saved.services.values_list("name", flat=True))},
    )
    return saved


def _not_theirs(organization: Any) -> Refusal:
    if organization is None:
        text = _("You manage the changes of some organizations only. Choose one of them.")
    else:
        text = _("You do not manage the changes of %(name)s. Choose another organization.") % {"name": organization}
    return Refusal("organization", text, "organization")


def retire_window(*, window: CalendarWindow, by: Any, at: datetime, version: int | None = None) -> CalendarWindow:
    """
    Take a freeze or maintenance window off the calendar. What was exempted from it stays written down.

    :raises NotAllowed: :raises Stale: :raises Refused: it is retired already.
    """
    return _offer(window, by=by, at=at, version=version, is_active=False)


def reinstate_window(*, window: CalendarWindow, by: Any, at: datetime, version: int | None = None) -> CalendarWindow:
    """
    Put a retired window on the calendar again. Changes that were scheduled meanwhile stay; the calendar marks them.

    :raises NotAllowed: :raises Stale: :raises Refused: it is not retired.
    """
    return _offer(window, by=by, at=at, version=version, is_active=True)


@transaction.atomic
def _offer(
    window: CalendarWindow, *, by: Any, at: datetime, version: int | None, is_active: bool
) -> CalendarWindow:  # fmt: skip
    saved = CalendarWindow.objects.select_for_update().get(pk=window.pk)
    require(by, "change.plan_calendar", saved)
    if version is not None and version != saved.version:
        raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
    if saved.is_active == is_active:
        text = _("It is on the calendar already.") if is_active else _("It is retired already.")
        raise Refused.because("nothing_to_do", text)
    saved.is_active, saved.version = is_active, saved.version + 1
    saved.save(update_fields=["is_active", "version"])
    log.record(
        "change_window.reinstated" if is_active else "change_window.retired",
        subject_kind="change_window",
        subject_id=saved.pk,
        subject_label=saved.name,
        organization_id=saved.organization_id,
        by=by,
        at=at,
        changes={"is_active": (not is_active, is_active)},
    )
    return saved


@transaction.atomic
def exempt(*, change: Change, window: CalendarWindow, by: Any, at: datetime, reason: str) -> Exemption:
    """
    Let one change happen in one freeze. Takes the right for both: who manages the changes of one organization can't let
    them into a freeze that is everybody's.

    :raises NotAllowed: :raises Refused: no reason, no freeze, the change ended, or one's own change.
    """
    locked = changing.lock(change)
    require(by, "change.exempt", locked)
    require(by, "change.exempt", window)
    if by.pk in (locked.requester_id, locked.assignee_id):
        raise Refused.because(
            "own_change", _("Who asked for a change or implements it can't exempt it. Ask another person.")
        )
    if window.kind != WindowKind.FREEZE:
        raise Refused.because("no_freeze", _("Only freezes need an exemption."), "window")
    if locked.is_done:
        raise Refused.because("ended", _("%(reference)s has ended.") % {"reference": locked.reference})
    if not reason.strip():
        raise Refused.because("required", _("Say why it has to happen in the freeze."), "reason")
    made, is_new = Exemption.objects.get_or_create(
        change=locked, window=window, defaults={"reason": reason.strip()[:500], "by": by, "at": at}
    )
    if is_new:
        _say(locked, "exempted", by=by, at=at, reason=reason, title=window.name)
    return made


@transaction.atomic
def withdraw_exemption(*, exemption: Exemption, by: Any, at: datetime, reason: str) -> None:
    """Take an exemption back. A change that is scheduled by it keeps its window, and can't begin in it."""
    locked = changing.lock(exemption.change)
    require(by, "change.exempt", locked)
    if not reason.strip():
        raise Refused.because("required", _("Say why the exemption ends."), "reason")
    _say(locked, "exemption_withdrawn", by=by, at=at, reason=reason, title=exemption.window.name)
    exemption.delete()


@transaction.atomic
def accept_conflict(*, change: Change, by: Any, at: datetime, key: str, reason: str) -> Acknowledgment:
    """
    Accept one conflict of the planned window. A freeze can't be accepted; it needs an exemption.

    :param key: of the conflict as it is listed now; one that has moved since is another conflict.
    :raises NotAllowed: :raises Refused: no reason, or there is no such conflict any more.
    """
    locked = changing.lock(change)
    require(by, "change.edit", locked)
    if not reason.strip():
        raise Refused.because("required", _("Say why the conflict does no harm."), "reason")
    # Its sentence goes into the history, which is data, whatever words the person reads.
    with plainly():
        found = (
            conflicts(locked, locked.planned_from, locked.planned_to, viewer=by)
            if locked.planned_from is not None and locked.planned_to is not None
            else []
        )
    conflict = next((each for each in found if each.key == key), None)
    if conflict is None:
        raise Refused.because("gone", _("This conflict has gone or has moved. Look at the list again."), "key")
    if conflict.is_freeze:
        raise Refused.because(
            "freeze", _("A freeze can't be accepted. Have an exemption granted, or choose another window."), "key"
        )
    made, is_new = Acknowledgment.objects.get_or_create(
        change=locked, key=conflict.mark, defaults={"reason": reason.strip()[:500], "by": by, "at": at}
    )
    if is_new:
        _say(locked, "conflict_accepted", by=by, at=at, reason=reason, title=conflict.plain_sentence)
    return made


def _say(change: Change, act: str, *, by: Any, at: datetime, reason: str, title: str) -> None:
    changing.save(change, (), at)
    changing.write_down(
        change, kind=EventKind.EDITED, action=f"change.{act}", by=by, at=at, reason=reason, data={"title": title}
    )
