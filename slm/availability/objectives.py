"""
Whether services kept the availability promised for a month: judged when the month is over, as their own page judges it.

Rows are derived from outages and agreements, like days, and countable anew from them.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from common.months import Month
from measurement import marks
from measurement.periods import start_of

from .book import Book
from .models import ServiceMonth
from .months import edges, month
from .spans import SECOND

FIELDS = ("target", "agreed_seconds", "lost_hundredths", "is_kept")


def judge(services: Sequence[int], *, day_from: date, day_to: date, at: datetime) -> int:
    """
    Write the months that these days lie in, the end not included, as far as they are over.

    A month counts by the promise that ruled at its end. Without one, or without agreed time, nothing is judged. Call it
    with the services locked.

    :returns: how many months came out otherwise than they stood.
    """
    months = _over(day_from, day_to, at=at)
    if not months:
        return 0
    book = Book(services, at_from=months[0].began_at, at_to=months[-1].ended_at, at=at)
    fresh = {
        (service, each.first): values
        for service in services
        for each in months
        if (values := _values(book, service, each)) is not None
    }
    rows = ServiceMonth.objects.filter(service__in=services, first__range=(months[0].first, months[-1].first))
    kept = {(row[0], row[1]): row[2:] for row in rows.values_list("service_id", "first", *FIELDS)}
    changed = [key for key, values in fresh.items() if kept.get(key) != values]
    gone = [key for key in kept if key not in fresh]
    counted_at = {each.first: start_of(each.last) for each in months}
    ServiceMonth.objects.bulk_create(
        (
            ServiceMonth(
                service_id=key[0], first=key[1], counted_at=counted_at[key[1]],
                **dict(zip(FIELDS, fresh[key], strict=True)),
            )
            for key in changed
        ),
        update_conflicts=True,
        unique_fields=["service", "first"],
        update_fields=["counted_at", *FIELDS],
        batch_size=1_000,
    )  # fmt: skip
    for service, first in gone:
        rows.filter(service=service, first=first).delete()
    last_days = {each.first: each.last for each in months}
    marks.mark_days({last_days[first] for _service, first in [*changed, *gone]}, at=at)
    return len(changed) + len(gone)


def _over(day_from: date, day_to: date, *, at: datetime) -> list[Month]:
    first, count = month(day_from.replace(day=1)), (day_to.year - day_from.year) * 12 + day_to.month - day_from.month
    touched = (first.moved(number) for number in range(count + 1))
    return list(takewhile(lambda each: each.first < day_to and each.is_over(at), touched))


def _values(book: Book, service: int, of: Month) -> tuple[Any, ...] | None:
    low, high = edges(of)
    pledge, found = book.pledge(service, high), book.figures(service, low, high)
    if pledge is None or pledge.target is None or found.availability is None:
        return None
    return (
        Decimal(pledge.target.numerator * 100_000 // pledge.target.denominator) / 1_000,
        found.agreed // SECOND,
        int(found.lost / (SECOND // 100)),
        found.availability >= pledge.target,
    )
