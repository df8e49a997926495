"""User minutes lost: people affected × minutes from the beginning until service was restored."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, FloatField, Func, Value
from django.db.models.functions import Cast, Coalesce, Greatest

_SECONDS_A_MINUTE = 60.0


def people_hit() -> Any:
    """How many people an incident hit; one where nobody wrote the number down: whoever reported it."""
    return Greatest(Coalesce(F("affected_count"), 1), 1)


def minutes_lost(at: datetime) -> Any:
    """
    Expression over the incident's own columns, in whole minutes of elapsed time, nights and weekends included.

    From the outage's beginning, else from opening; until its end, else until resolved or closed, else until `at`.
    """
    until = Coalesce(F("outage_to"), F("resolved_at"), F("closed_at"), Value(at))
    since = Coalesce(F("outage_from"), F("opened_at"))
    seconds = Func(until - since, template="EXTRACT(EPOCH FROM %(expressions)s)", output_field=FloatField())
    minutes = Greatest(Cast(seconds / _SECONDS_A_MINUTE, BigIntegerField()), 0)
    return minutes * Cast(people_hit(), BigIntegerField())
