"""What every page of the measures shows: up to when everything is counted, and in which zone."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import cached_property

from .. import queries
from ..filters import Asked
from ..models import Grain
from ..periods import Range


def grain_for(span: Range) -> Grain:
    """How fine a range is drawn unless asked otherwise."""
    return Grain.DAY if span.days <= 31 else Grain.WEEK if span.days <= 180 else Grain.MONTH


@dataclass
class Page:
    asked: Asked
    at: datetime

    @cached_property
    def as_of(self) -> datetime | None:
        return queries.as_of(self.at)

    @property
    def zone(self) -> str:
        return settings.TIME_ZONE
