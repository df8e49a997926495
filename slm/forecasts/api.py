"""The forecast over REST."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Named, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView
from records.api.references import service, team

from . import presenting
from .listing import RELATED
from .models import Forecast, Lesson

SORTS = {"-chance": Sort("rank", is_descending=True)}


class ForecastShape(Answer):
    """A clock that is due in this shift, with its chance to be missed."""

    clock_id = serializers.IntegerField()
    record = serializers.CharField(help_text="Reference of the record.")
    clock = serializers.CharField(help_text="Name of the clock: response, resolution …")
    service = Named(allow_null=True)
    team = Named(allow_null=True)
    due_at = serializers.DateTimeField()
    shift_ends_at = serializers.DateTimeField()
    chance = serializers.FloatField(allow_null=True, help_text="From 0 to 1; null: too few similar records.")
    alike = serializers.IntegerField(help_text="Similar records that came this far.")
    alike_missed = serializers.IntegerField(help_text="How many of those were missed.")
    alike_in = serializers.CharField(help_text="What they have in common.")
    why = serializers.CharField()
    looked_at = serializers.DateTimeField(help_text="As of when.")


class ForecastTrial(Answer):
    """How right forecasts were about clocks that they had not seen."""

    learned_at = serializers.DateTimeField()
    clocks = serializers.IntegerField(help_text="Finished clocks that were learned from.")
    tried = serializers.IntegerField(help_text="Forecasts compared with what happened.")
    brier_score = serializers.FloatField(allow_null=True, help_text="0 is perfect.")
    brier_score_of_kind = serializers.FloatField(
        allow_null=True, help_text="Of knowing only the kind of clock and how far it is."
    )
    deciles = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="By tenths of the chance: forecasts, mean chance, share missed.",
    )


class ForecastQuery(PageQuery):
    """Filters add up."""

    service = service(required=False, help_text="Id or short name.")
    team = team(required=False, help_text="Id or short name.")


def forecast(row: Forecast) -> dict[str, Any]:
    """The dictionary of a `ForecastShape`. :param row: read with `RELATED`."""
    record = row.record
    same = ("clock_id", "due_at", "shift_ends_at", "chance", "alike", "alike_missed", "looked_at")
    return {name: getattr(row, name) for name in same} | {
        "record": record.reference,
        "clock": row.clock.kind,
        "service": named(record.service_id, record.service.name if record.service else None),
        "team": named(record.team_id, record.team.name if record.team else None),
        "alike_in": presenting.alike_of(row),
        "why": presenting.why(row),
    }


class Forecasts(ApiView):
    """Forecasts."""

    operations = {"GET": "forecast.view"}

    @describe(
        "List what will probably be missed in this shift", gives=listing_of(ForecastShape), parameters=[ForecastQuery]
    )
    def get(self, request: Any) -> Any:
        query = ForecastQuery.of(request)
        rows = Forecast.objects.visible_to(request.user).standing().select_related(*RELATED)
        for name in ("service", "team"):
            if name in query:
                rows = rows.filter(**{f"record__{name}": query[name]})
        found, following = page(
            rows, request=request, sorts=SORTS, sort="-chance", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([forecast(row) for row in found], following))


class ForecastTrials(ApiView):
    """How right forecasts were."""

    operations = {"GET": "forecast.view"}

    @describe("See how right forecasts were", gives=listing_of(ForecastTrial))
    def get(self, request: Any) -> Any:
        said = [
            {
                "learned_at": lesson.learned_at,
                "clocks": lesson.clocks,
                "tried": lesson.tried,
                "brier_score": lesson.score,
                "brier_score_of_kind": lesson.score_of_kind,
                "deciles": lesson.deciles,
            }
            for lesson in Lesson.objects.filter(is_sample=False)
        ]
        return self.answer(listing(said, None))
