"""The twelve months up to the reported one, as they count today."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from ...availability.book import Book
from ...breaches.enums import BreachState
from ...breaches.models import Breach
from ...declarations import repeating
from ...enums import AgreementType, ClockState
from ...models import Clock
from .scope import Scope
from .tickets import of_customer
from .uptime import amounts, figures_of

AMOUNTS = ("met", "finished", "excused", "opened", "done")


def trend(scope: Scope, book: Book, services: list[int]) -> list[dict[str, Any]]:
    """
    One row for each month, the reported one last; three statements.

    :param services: keys of those whose availability is told by month.
    """
    months = scope.month.year_to()
    begin, end, zone = months[0].began_at, months[-1].ended_at, scope.month.zone
    counted: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(AMOUNTS, 0))
    clocks = Clock.objects.filter(
        Q(agreement=None) | Q(agreement__type=AgreementType.CUSTOMER),
        record__organization=scope.organization,
        stopped_at__gte=begin,
        stopped_at__lt=end,
        state__in=[ClockState.MET, ClockState.MISSED],
    ).exclude(kind__in=repeating())
    met = Count("pk", filter=Q(state=ClockState.MET))
    excused = Count("pk", filter=Q(state=ClockState.MISSED, is_excused=True))
    excuses = Breach.objects.filter(clock=OuterRef("pk"), state=BreachState.EXCUSED)
    by_month = (
        clocks.order_by()
        .annotate(is_excused=Exists(excuses), month=TruncMonth("stopped_at", tzinfo=zone))
        .values("month")
    )
    for row in by_month.annotate(met=met, finished=Count("pk"), excused=excused):
        counted[f"{row['month']:%Y-%m}"] |= {name: row[name] for name in ("met", "finished", "excused")}
    for name, moment in (("opened", "opened_at"), ("done", "done_at")):
        rows = of_customer(scope).filter(**{f"{moment}__gte": begin, f"{moment}__lt": end})
        for row in rows.annotate(month=TruncMonth(moment, tzinfo=zone)).values("month").annotate(count=Count("pk")):
            counted[f"{row['month']:%Y-%m}"][name] = row["count"]
    return [
        {
            "month": month.slug,
            **counted[month.slug],
            "availability": {str(service): amounts(figures_of(book, service, month)) for service in services},
        }
        for month in months
    ]
