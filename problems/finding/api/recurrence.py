"""How much comes back, by month."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Day
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView
from common.time import now
from records.models import Record

from .. import recurrence as counted
from ..pareto import Days, latest_report
from ..recurrence import WHYS, Month, Recurrence


class RecurrenceMonthShape(Answer):
    """One month of the caller's zone. An incident counts once, under the first reason that fits."""

    month = serializers.DateField(help_text="Its first day.")
    opened = serializers.IntegerField()
    closed = serializers.IntegerField(help_text="Caused by a problem that had been closed before.")
    known = serializers.IntegerField(help_text="Caused by one whose known error had been published before.")
    alike = serializers.IntegerField(help_text="Of a group, or of a problem, with an earlier incident.")
    came_back = serializers.IntegerField(help_text="The three added up.")


class RecurrenceShape(Answer):
    """Twelve months, the earliest first, up to this one or to the latest with an incident."""

    zone = serializers.CharField()
    items = RecurrenceMonthShape(many=True)


class RecurringShape(Answer):
    """An incident that was known before."""

    reference = serializers.CharField()
    title = serializers.CharField()
    why = serializers.ChoiceField(choices=list(WHYS.items()))
    opened_at = serializers.DateTimeField()


class RecurringQuery(PageQuery):
    """Of which month, and for which reason."""

    month = Day(required=False, help_text="Any day of it; of this month when left out.")
    why = serializers.ChoiceField(choices=list(WHYS.items()), required=False)


class Recurrences(ApiView):
    """How much comes back."""

    operations = {"GET": "cluster.view"}

    @describe("Count what comes back, by month", gives=RecurrenceShape)
    def get(self, request: Any) -> Any:
        found = Recurrence(request.user, counted.until(now(), request.user))
        latest = latest_report(request.user) if found.is_empty else None
        months = (Recurrence(request.user, latest) if latest else found).months
        return self.answer({"zone": str(request.user.zone), "items": [_month(each) for each in months]})


def _month(month: Month) -> dict[str, Any]:
    return {"month": month.first, "opened": month.opened, **month.parts, "came_back": month.came_back}


class RecurringIncidents(ApiView):
    """The incidents behind a month."""

    operations = {"GET": "cluster.view"}

    @describe(
        "List the incidents of a month that came back", gives=listing_of(RecurringShape), parameters=[RecurringQuery]
    )  # fmt: skip
    def get(self, request: Any) -> Any:
        query = RecurringQuery.of(request)
        first, last = counted.month_of(query.get("month") or counted.until(now(), request.user))
        rows = counted.rows_behind(Days(first, last, request.user.zone), request.user, query.get("why", ""))
        found, following = page(
            rows,
            request=request,
            sorts={"-id": Sort("pk", is_descending=True)},
            sort="-id",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([_recurring(each) for each in found], following))


def _recurring(incident: Record) -> dict[str, Any]:
    return {
        "reference": incident.reference,
        "title": incident.title,
        "why": incident.came_back,  # type: ignore[attr-defined] # annotated by the query
        "opened_at": incident.opened_at,
    }
