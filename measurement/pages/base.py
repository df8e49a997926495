"""What every page of the measures shows: up to when everything is counted, and in which zone."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import cached_property

from .. import queries
from ..filters import Asked


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
