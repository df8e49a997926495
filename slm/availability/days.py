"""Days of services: written when a day is over and when its outages change, and countable anew from the beginning."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.db import transaction

from measurement import marks
from measurement.periods import start_of, today
from services.models import Service

from . import objectives
from .arithmetic import Figures
from .book import Book
from .models import ServiceDay
from .spans import SECOND, micros

KEPT_DAYS = 760
FIELDS = (
    "agreed_seconds", "lost_hundredths", "failed_seconds", "failures", "user_hundredths", "budget", "spent_hundredths",
)  # fmt: skip
# So finely is counted what a promise allows: targets have three decimals of a percent.
FINE = 100_000
ONE_DAY = timedelta(days=1)


@transaction.atomic
def count(service_ids: Iterable[int], *, day_from: date, day_to: date, at: datetime) -> int:
    """
    Write the days of some services anew, the end not included, and judge the months they lie in.

    Days and months that are not over are left alone.

    Who counts the same services at the same time waits, so that no older count is written over a newer one.

    :returns: how many days came out otherwise than they stood.
    """
    services = sorted(set(service_ids))
    day_to = min(day_to, today(at))
    if day_from >= day_to or not services:
        return 0
    list(Service.objects.select_for_update(no_key=True).filter(pk__in=services).order_by("pk").values_list("pk"))
    days = [day_from + number * ONE_DAY for number in range((day_to - day_from).days)]
    starts = [start_of(day) for day in [*days, day_to]]
    edges = [micros(each) for each in starts]
    book = Book(services, at_from=starts[0], at_to=starts[-1], at=at)
    fresh = {
        (service, day): (*_values(found), *_budget(book, service, span, found))
        for service in services
        for day, span, found in zip(days, pairwise(edges), book.by_period(service, edges), strict=True)
        if found.agreed
    }
    rows = ServiceDay.objects.filter(service__in=services, day__gte=day_from, day__lt=day_to)
    kept = {(row[0], row[1]): row[2:] for row in rows.values_list("service_id", "day", *FIELDS)}
    changed = [key for key, values in fresh.items() if kept.get(key) != values]
    gone = [key for key in kept if key not in fresh]
    ServiceDay.objects.bulk_create(
        (
            ServiceDay(
                service_id=key[0], day=key[1], began_at=start_of(key[1]), **dict(zip(FIELDS, fresh[key], strict=True))
            )
            for key in changed
        ),
        update_conflicts=True,
        unique_fields=["service", "day"],
        update_fields=["began_at", *FIELDS],
        batch_size=1_000,
    )
    for service in {key[0] for key in gone}:
        rows.filter(service=service, day__in=[key[1] for key in gone if key[0] == service]).delete()
    marks.mark_days({day for _service, day in [*changed, *gone]}, at=at)
    objectives.judge(services, day_from=day_from, day_to=day_to, at=at)
    return len(changed) + len(gone)


def count_all(*, at: datetime) -> int:
    """Count every day of the latest two years of all services; returns how many came out otherwise."""
    last = today(at)
    return count(_services(), day_from=last - KEPT_DAYS * ONE_DAY, day_to=last, at=at)


def close(*, at: datetime) -> int:
    """
    Write the days that are over since it was done the latest time; two days at least, for outages that went on.

    All days, where some were written before it was known what to write of them.
    """
    last = today(at)
    latest = ServiceDay.objects.order_by("-began_at").values_list("day", flat=True).first()
    first = last - KEPT_DAYS * ONE_DAY
    if latest is not None and not ServiceDay.objects.filter(budget=None, day__gte=first).exists():
        first = min(latest, last - 2 * ONE_DAY)
    return count(_services(), day_from=first, day_to=last, at=at)


def _services() -> Any:
    return Service.objects.exclude(stage="pipeline").values_list("pk", flat=True)


def _values(found: Figures) -> tuple[int, ...]:
    """The fields of a row. Whole: outages begin and end at full seconds, weights have two decimals."""
    hundredth = SECOND // 100
    return (
        found.agreed // SECOND,
        int(found.lost / hundredth),
        found.failed // SECOND,
        found.failures,
        int(found.user_time / hundredth),
    )


def _budget(book: Book, service: int, span: tuple[int, int], found: Figures) -> tuple[int, int]:
    """Downtime allowed, and what was lost of it, over the parts of a day for which availability was promised."""
    allowed, spent = 0, Fraction(0)
    for pledge in book.pledges(service, *span):
        if pledge.target is None:
            continue
        is_whole = (pledge.at_from, pledge.at_to) == span
        part = found if is_whole else book.figures(service, pledge.at_from, pledge.at_to)
        allowed += part.agreed // SECOND * int((1 - pledge.target) * FINE)
        spent += Fraction(part.lost)
    return allowed, int(spent / (SECOND // 100))
