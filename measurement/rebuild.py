"""
Counting readings from the records: everything, a range of days, or what marks point at.

Whoever counts holds one advisory lock until the commit and reads after having it. Two workers can therefore never write
an older count over a newer one, and counting twice gives the same rows.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from time import monotonic

from django.db import connection, transaction
from django.utils.timezone import now

from people.models import Organization, Team
from services.models import Service

from . import cells, counting, locks, statements, store
from .declarations import Family, families
from .models import FamilyState, Mark, Reading
from .periods import today

MARKS_A_RUN = 5_000
_followers: list[tuple[Callable[[], date | None], Callable[[Collection[tuple[str, date, int]]], None]]] = []
Step = Callable[[int, int, str], None]
_logger = logging.getLogger(__name__)


def on_touched(before: Callable[[], date | None], handler: Callable[[Collection[tuple[str, date, int]]], None]) -> None:
    """
    Have somebody told which days are counted again on account of which records, as family, day and key.

    :param before: answers the day up to which that matters, which is not told; None: nothing matters.
    """
    if (before, handler) not in _followers:
        _followers.append((before, handler))


def rebuild_all(
    *, at: datetime | None = None, say: Callable[[str], None] = _logger.info, step: Step | None = None
) -> int:  # fmt: skip
    """
    Count every reading from the records; returns how many there are. Marks set before are settled by it.

    Each family is a transaction, so that pages show its former readings until then. Another full count under way is
    left to itself; 0 then.

    :param at: moment noted as that of the counting; the present one if none is given.
    :param say: is told how far the count is. :param step: is told it in numbers, after each family was committed.
    """
    moment = at or now()
    with locks.only_one() as is_ours:
        if not is_ours:
            return 0
        settled = list(Mark.objects.values_list("pk", flat=True))
        _tell_followers(settled)
        _count_families(families(), moment, say, step)
        with transaction.atomic():
            Reading.objects.exclude(family__in=[each.name for each in families()]).delete()
            Mark.objects.filter(pk__in=settled).delete()
        return Reading.objects.count()


def count_missing(*, at: datetime, say: Callable[[str], None] = _logger.info) -> None:
    """
    Count the families that were never counted with today's definition and zone.

    What an interrupted count has done is not done again. Marks stay: other families are not counted by it.
    """
    with locks.only_one() as is_ours:
        if is_ours:
            _count_families(_missing(), at, say)


def _count_families(
    wanted: Sequence[Family], moment: datetime, say: Callable[[str], None], step: Step | None = None
) -> None:
    _keys_fit()
    months_to = store.months_to(today(moment))
    for number, family in enumerate(wanted, start=1):
        begin = monotonic()
        with transaction.atomic():
            locks.wait()
            with counting.reporting_zone():
                told = counting.count_all(family)
            store.replace_all(family, told, months_to)
            store.note(family, moment, months_to)
        say(f"{number} of {len(wanted)}: {family.name} in {monotonic() - begin:.1f} s")
        if step is not None:
            step(number, len(wanted), family.name)


def _keys_fit() -> None:
    """:raises ValueError: a key is too large for a place; two places would become one."""
    for model, dimension in ((Service, "service_id"), (Team, "team_id"), (Organization, "organization_id")):
        latest = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if latest > cells.largest(dimension):
            raise ValueError(f"{dimension} {latest} is larger than {cells.largest(dimension)}, the largest of a place")


def rebuild(day_from: date, day_to: date) -> None:
    """Count the readings of a range of days from the records, the end not included; marks are left to the task."""
    with transaction.atomic():
        locks.wait()
        _recount([(family, [(day_from, day_to)]) for family in families()])


def _recount(wanted: Iterable[tuple[Family, Sequence[tuple[date, date]]]]) -> None:
    """Count the days of the runs anew, and the months that they lie in."""
    kept = store.months_kept()
    with counting.reporting_zone(is_by_index=True):
        told = [(family, spans, counting.count(family, spans)) for family, spans in wanted]
    for family, spans, found in told:
        store.replace(family, spans, found, kept.get(family.name))


def _missing() -> list[Family]:
    known = {state.family: state for state in FamilyState.objects.all()}
    return [each for each in families() if each.name not in known or not store.is_current(known[each.name], each)]


def is_built() -> bool:
    """Whether every family was counted once with today's definition and zone."""
    return not _missing()


def keep_months(*, at: datetime) -> None:
    """Add up the months that have passed since it was done the latest time."""
    with transaction.atomic():
        locks.wait()
        for family in families():
            store.keep_months_to(family, store.months_to(today(at)))


def settle_marks(*, rows: int = MARKS_A_RUN) -> int:
    """
    Count again what a batch of marks points at, and remove them. Returns how many; 0 also when another worker is at it.

    The lock comes first, then the marks, then the counting: acts that commit in between are seen by the counting or
    leave their mark for the next run, never neither.
    """
    with transaction.atomic():
        if not locks.got():
            return 0
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # for a few days they take longer to start
            cursor.execute(
                "DELETE FROM measurement_mark WHERE id IN (SELECT id FROM measurement_mark ORDER BY id LIMIT %s)"
                " RETURNING record_id, moments",
                [rows],
            )
            marks = cursor.fetchall()
        if not marks:
            return 0
        _recount((family, statements.spans_of(days)) for family, days in _touched(marks))
    return len(marks)


def _touched(marks: Iterable[tuple[int, list[datetime]]]) -> list[tuple[Family, set[date]]]:
    """Days to count again per family: those the records count on now, and those they have left."""
    told = list(marks)
    records = sorted({record for record, _moments in told})
    left = {(today(moment), record) for record, moments in told for moment in moments}
    laters = {each.name: {event.days_later for event in each.events} for each in families()}
    found = {
        (name, day + timedelta(days=later), record)
        for name, known in laters.items()
        for later in known
        for day, record in left
    }
    with counting.reporting_zone(is_by_index=True), connection.cursor() as cursor:
        for statement, names in statements.days_of_records(families()):
            cursor.execute(statement, {"records": records})
            for position, day, record in cursor.fetchall():
                found.update((name, day, record) for name in names[position])
    for before, handler in _followers:
        first_open = before()
        if first_open is not None:
            handler({each for each in found if each[1] < first_open})
    days: dict[str, set[date]] = {each.name: set() for each in families()}
    for name, day, _record in found:
        days[name].add(day)
    return [(family, days[family.name]) for family in families() if days[family.name]]


def _tell_followers(settled: Sequence[int]) -> None:
    """A full count settles marks without looking at what they touch; those who follow that are told all the same."""
    if all(before() is None for before, _handler in _followers):
        return
    for first in range(0, len(settled), MARKS_A_RUN):
        with transaction.atomic():
            batch = Mark.objects.filter(pk__in=settled[first : first + MARKS_A_RUN])
            _touched(batch.values_list("record_id", "moments"))


def compare(*, heal: bool = True) -> dict[str, list[date]]:
    """
    Compare all readings with a fresh count. Returns the differing days by family; none when all is well.

    Marks are settled first. A difference is logged as a warning and, unless told otherwise, healed. A month whose sum
    is not that of its days stands for its first day.
    """
    while settle_marks():
        pass
    found: dict[str, list[date]] = {}
    for family in families():
        with transaction.atomic():
            locks.wait()
            with counting.reporting_zone():
                told = counting.count_all(family)
            kept_to = store.months_kept().get(family.name)
            days = store.differing(family, told, kept_to)
            if days and heal:
                store.replace_all(family, told, kept_to or date.min)
        if days:
            found[family.name] = days
            _logger.warning("Readings of %s differed on %s days from %s on", family.name, len(days), days[0])
    return found
