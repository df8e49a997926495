"""How much downtime the agreements still allow for the services of a change."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.models import Service
from slm.availability.book import Book
from slm.availability.months import edges, month_of
from slm.availability.spans import cut, moment_of

from ..ranking import Allowance, Span


def allowances_of(services: Iterable[int], *, at: datetime, end: datetime) -> list[Allowance]:
    """
    What is left of each month up to `end` for each service to whose availability an agreement with everybody commits.

    Downtime so far and outages that are planned already are taken off. Nothing for services without such a promise.
    """
    names = dict(Service.objects.filter(pk__in=services).order_by("name").values_list("pk", "name"))
    months = [month_of(at)]
    while months[-1].ended_at < end:
        months.append(months[-1].following)
    book = Book(names, at_from=months[0].began_at, at_to=months[-1].ended_at, at=at)
    found = []
    for key, name in names.items():
        for month in months:
            low, high = edges(month)
            pledge = book.pledge(key, high)
            if pledge is None or pledge.target is None:
                continue
            whole = book.whole(key, low, high)
            left = whole.budget(pledge.target) - whole.lost
            found.append(
                Allowance(
                    name=name,
                    month=month.label,
                    starts_at=month.began_at,
                    ends_at=month.ended_at,
                    left=timedelta(microseconds=int(left)),
                    agreed=[Span(moment_of(a), moment_of(b)) for a, b in cut(book.agreed(key), low, high)],
                )
            )
    return found
