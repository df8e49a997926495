"""The acts on scheduled reports: plan, change, pause, resume, take over, remove; and sending out what is due."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import NotAllowed, Refused, Stale
from common.texts import one_line
from people.access import can, require

from .. import known
from ..dashboards.models import Dashboard
from .enums import Every
from .models import Leaving, Letter, Run, Schedule
from .sources import source_of
from .times import next_after

MOST_OWN = 50
MOST_RECEIVERS = 50
BATCH = 50
FIELDS = (
    "name", "dashboard", "kpi", "page", "query", "has_pdf", "has_csv", "every", "weekday", "month_day", "minute",
    "zone",
)  # fmt: skip


@transaction.atomic
def create(*, by: Any, at: datetime, receivers: Collection[Any], is_sample: bool = False, **said: Any) -> Schedule:
    """
    Have a dashboard, a measure or another page sent to people.

    :param said: the fields of `FIELDS`; `minute` of the day in `zone`.

    :raises NotAllowed: :raises Refused: a value that does not fit, or a receiver who may not see it.
    """
    require(by, "dashboard.schedule")
    if Schedule.objects.filter(owner=by).count() >= MOST_OWN:
        raise Refused.because("too_many", _("You have %(count)s already. Remove one first.") % {"count": MOST_OWN})
    schedule = Schedule(owner=by, is_sample=is_sample, next_at=at)
    _fill(schedule, receivers, at=at, **said)
    schedule.save(force_insert=True)
    schedule.receivers.set(receivers)
    _write_down("created", schedule, by=by, at=at)
    return schedule


@transaction.atomic
def change(
    *, schedule: Schedule, by: Any, at: datetime, version: int | None, receivers: Collection[Any], **said: Any
) -> Schedule:
    """Change what goes out, when and to whom. :raises NotAllowed: :raises Stale: :raises Refused:"""
    locked = _own(schedule, by=by, version=version)
    _fill(locked, receivers, at=at, **said)
    locked.receivers.set(receivers)
    _save(locked)
    _write_down("changed", locked, by=by, at=at)
    return locked


@transaction.atomic
def pause(*, schedule: Schedule, by: Any, at: datetime) -> Schedule:
    """Send nothing until it goes on. :raises Refused: it is paused."""
    locked = _own(schedule, by=by, is_overseer_enough=True)
    if locked.is_paused:
        raise Refused.because("paused", _("It is paused already."))
    locked.is_paused, locked.paused_reason = True, ""
    _save(locked)
    _write_down("paused", locked, by=by, at=at)
    return locked


@transaction.atomic
def resume(*, schedule: Schedule, by: Any, at: datetime) -> Schedule:
    """Go on with the next time; what fell into the pause is not sent later. :raises Refused: not paused, owner left."""
    locked = _own(schedule, by=by, is_overseer_enough=True)
    if not locked.is_paused:
        raise Refused.because("running", _("It is not paused."))
    if not locked.owner.is_active:
        raise Refused.because("no_owner", _("Its owner has left. Take it over first."))
    locked.is_paused, locked.paused_reason = False, ""
    locked.next_at = _next(locked, at)
    _save(locked)
    _write_down("resumed", locked, by=by, at=at)
    return locked


@transaction.atomic
def take_over(*, schedule: Schedule, by: Any, at: datetime) -> Schedule:
    """Become the owner of one whose owner has left; it stays paused. :raises NotAllowed: :raises Refused: not left."""
    require(by, "dashboard.oversee")
    locked = Schedule.objects.select_for_update(of=("self",)).select_related("owner").get(pk=schedule.pk)
    if locked.owner.is_active:
        raise Refused.because("has_owner", _("%(name)s still answers for it.") % {"name": locked.owner})
    locked.owner = by
    _save(locked)
    _write_down("taken_over", locked, by=by, at=at)
    return locked


@transaction.atomic
def remove(*, schedule: Schedule, by: Any, at: datetime) -> None:
    """Remove it with the memory of its runs."""
    locked = _own(schedule, by=by)
    _write_down("removed", locked, by=by, at=at)
    locked.delete()


@transaction.atomic
def leave(*, schedule: Schedule, by: Any, at: datetime) -> None:
    """
    Get a report no more, whoever sends it. Without anybody left it pauses. A second time changes nothing.

    :raises NotAllowed: they don't get it.
    """
    locked = _received(schedule, by=by)
    _made, is_new = Leaving.objects.get_or_create(schedule=locked, user=by, defaults={"at": at})
    if not is_new:
        return
    locked.receivers.remove(by)
    if not locked.is_paused and not locked.receivers.exists():
        locked.is_paused, locked.paused_reason = True, _("Everybody who received it has left. Name others.")
    _save(locked)
    _write_down("left", locked, by=by, at=at)


@transaction.atomic
def come_back(*, schedule: Schedule, by: Any, at: datetime) -> None:
    """Undo `leave`. :raises NotAllowed: :raises Refused: they may not see what is sent any more, or too many get it."""
    locked = _received(schedule, by=by)
    if not Leaving.objects.filter(schedule=locked, user=by).exists():
        return
    if not may_receive(locked, by):
        raise Refused.because("may_not_see", _("You may not see this any more, or have no address. Ask its owner."))
    if locked.receivers.count() >= MOST_RECEIVERS:
        raise Refused.because("too_many", _("At most %(count)s receivers fit.") % {"count": MOST_RECEIVERS})
    Leaving.objects.filter(schedule=locked, user=by).delete()
    locked.receivers.add(by)
    _save(locked)
    _write_down("returned_to", locked, by=by, at=at)


def _received(schedule: Schedule, *, by: Any) -> Schedule:
    locked = Schedule.objects.select_for_update(of=("self",)).select_related("owner", "dashboard").get(pk=schedule.pk)
    if not Schedule.objects.received_by(by).filter(pk=locked.pk).exists():
        raise NotAllowed.because("not_allowed", _("This report does not come to you."))
    return locked


def is_wanted(letter: Letter) -> bool:
    """Whether the receiver still is one, and may see what is sent, at the moment it goes out."""
    schedule = letter.run.schedule
    return schedule.receivers.filter(pk=letter.user_id).exists() and may_receive(schedule, letter.user)


def plan_due(*, at: datetime) -> int:
    """
    Begin the runs that are due, with a letter for each receiver. Returns how many.

    Of what was missed while nobody worked, one run goes out. Rows that another worker holds are skipped.
    """
    due = Schedule.objects.filter(is_paused=False, next_at__lte=at).order_by("next_at", "pk")
    return sum(_begin(key, at=at) for key in list(due.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _begin(key: int, *, at: datetime) -> bool:
    rows = Schedule.objects.select_for_update(of=("self",), skip_locked=True).select_related("owner", "dashboard")
    schedule = rows.filter(pk=key, is_paused=False, next_at__lte=at).first()
    if schedule is None:
        return False
    if reason := _hindrance(schedule):
        schedule.is_paused, schedule.paused_reason = True, reason
        _save(schedule)
        _write_down("paused", schedule, by=None, at=at, reason=reason)
        return False
    run = Run.objects.create(schedule=schedule, due_at=schedule.next_at, began_at=at)
    schedule.next_at = _next(schedule, at)
    schedule.save(update_fields=["next_at"])
    if not schedule.is_sample:
        Letter.objects.bulk_create(Letter(run=run, user=person, retry_at=at) for person in schedule.receivers.all())
    return True


def _hindrance(schedule: Schedule) -> str:
    """Why it can't go out any more; empty when it can."""
    if not schedule.owner.is_active:
        return _("Its owner has left. Somebody who oversees reports can take it over.")
    if schedule.dashboard is not None and not Dashboard.objects.visible_to(schedule.owner).filter(
        pk=schedule.dashboard.pk
    ):
        return _("Its owner may no longer see the dashboard, or the dashboard was removed.")
    if schedule.page and not source_of(schedule.page).may_see(schedule.owner, schedule.query):
        return _("Its owner may no longer see the page, or the page was removed.")
    if not can(schedule.owner, "dashboard.schedule"):
        return _("Its owner may no longer have reports sent.")
    return ""


def may_receive(schedule: Schedule, person: Any) -> bool:
    """Whether a person is here, has an address, and may see what is sent."""
    if not person.is_active or not person.email:
        return False
    if schedule.dashboard_id is not None:
        return Dashboard.objects.visible_to(person).filter(pk=schedule.dashboard_id).exists()
    if schedule.page:
        return source_of(schedule.page).may_see(person, schedule.query)
    return can(person, "kpi.view")


def _fill(schedule: Schedule, receivers: Collection[Any], *, at: datetime, **said: Any) -> None:
    for name in FIELDS:
        if name in said:
            setattr(schedule, name, said[name])
    schedule.name = one_line(schedule.name)
    if not 0 < len(schedule.name) <= 120:
        raise Refused.because("required", _("Give it a name of 120 characters at most."), "name")
    _refuse_unreadable(schedule)
    if schedule.zone not in available_timezones():
        raise Refused.because("unknown", _("There is no such time zone. Write one like Europe/Oslo."), "zone")
    if schedule.every not in Every.values:
        raise Refused.because("unknown", _("Choose how often it goes out."), "every")
    in_range = 0 <= schedule.weekday <= 6 and 1 <= schedule.month_day <= 31 and 0 <= schedule.minute < 1440
    if not in_range:
        raise Refused.because("unfit", _("Choose a weekday, a day from 1 to 31, and a time of the day."), "time")
    if not receivers:
        raise Refused.because("required", _("Name at least one receiver."), "receivers")
    if len(receivers) > MOST_RECEIVERS:
        raise Refused.because(
            "too_many", _("At most %(count)s receivers fit.") % {"count": MOST_RECEIVERS}, "receivers"
        )
    gone = Leaving.objects.filter(schedule=schedule.pk, user__in=receivers).select_related("user")
    if names := ", ".join(str(each.user) for each in gone[:5]):
        raise Refused.because(
            "left",
            _("%(names)s left this report. Take them out; only they themselves can come back.") % {"names": names},
            "receivers",
        )
    if blind := [str(person) for person in receivers if not may_receive(schedule, person)]:
        raise Refused.because(
            "may_not_see",
            _("%(names)s may not see this, or has no address. Share the dashboard with them first, or leave them out.")
            % {"names": ", ".join(blind[:5])},
            "receivers",
        )
    schedule.next_at = _next(schedule, at)


def _refuse_unreadable(schedule: Schedule) -> None:
    """:raises Refused: it names more than one thing, there is no such thing, or its owner may not see it."""
    if [schedule.dashboard is not None, bool(schedule.kpi), bool(schedule.page)].count(True) > 1:
        raise Refused.because("unfit", _("Choose one thing: a dashboard, a measure or a page."), "dashboard")
    seen = Dashboard.objects.visible_to(schedule.owner)
    if schedule.page:
        if not source_of(schedule.page).may_see(schedule.owner, schedule.query):
            raise Refused.because("unknown", _("Choose a page that you can read."), "dashboard")
    elif schedule.dashboard is None:
        if schedule.kpi not in {each.id for each in known.kpis()}:
            raise Refused.because("unknown", _("Choose a dashboard or a measure."), "dashboard")
    elif not seen.filter(pk=schedule.dashboard.pk).exists():
        raise Refused.because("unknown", _("Choose a dashboard that you can read."), "dashboard")


def _next(schedule: Schedule, at: datetime) -> datetime:
    return next_after(
        at, schedule.every, weekday=schedule.weekday, month_day=schedule.month_day, minute=schedule.minute,
        zone=ZoneInfo(schedule.zone),
    )  # fmt: skip


def _own(schedule: Schedule, *, by: Any, version: int | None = None, is_overseer_enough: bool = False) -> Schedule:
    require(by, "dashboard.schedule")
    locked = Schedule.objects.select_for_update(of=("self",)).select_related("owner", "dashboard").get(pk=schedule.pk)
    if locked.owner_id != by.pk and not (is_overseer_enough and can(by, "dashboard.oversee")):
        raise NotAllowed.because("not_allowed", _("Only its owner changes this report."))
    if version is not None and version != locked.version:
        raise Stale.because(
            "stale", _("This was changed since you opened it. Nothing of yours was saved; look at it, then repeat.")
        )
    return locked


def _save(schedule: Schedule) -> None:
    schedule.version += 1
    schedule.save()


def _write_down(act: str, schedule: Schedule, *, by: Any, at: datetime, **data: Any) -> None:
    log.record(
        f"schedule.{act}", subject_kind="schedule", subject_id=schedule.pk, subject_label=schedule.name, by=by, at=at,
        data=data,
    )  # fmt: skip
