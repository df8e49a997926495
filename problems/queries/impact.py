"""What a problem costs its users: computed from the incidents it causes, as far as the viewer may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum

from records import practices
from records.enums import LinkKind, Phase

from .lost import minutes_lost, people_hit

# How much an hour weighs: services are vital, important or useful (1, 2, 3).
WEIGHTS = {1: 3, 2: 2, 3: 1}


@dataclass(frozen=True)
class Impact:
    """
    :param minutes: user minutes lost: people × minutes, added up over the incidents.
    :param weight: of the service's criticality: vital 3, important 2, useful or unknown 1.
    """

    reference: str
    incidents: int
    open_incidents: int
    missed: int
    people: int
    minutes: int
    weight: int

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @property
    def pain(self) -> int:
        """Pain value: people × hours × what an hour weighs, added up over the incidents and rounded."""
        return round(self.hours * self.weight)

    def address(self, more: str = "") -> str:
        """The list of the incidents that a number counts."""
        return f"/queue/?{urlencode({'q': f'kind:incident cause:{self.reference} {more}'.strip()})}"

    @property
    def all_url(self) -> str:
        return self.address()

    @property
    def open_url(self) -> str:
        return self.address("is:open")

    @property
    def missed_url(self) -> str:
        return self.address("is:breached")


def incidents_of(problem: Any, viewer: Any) -> Any:
    """The incidents that are linked as caused by the problem, as far as the viewer may see them."""
    rows = practices.of("incident").model.objects.visible_to(viewer)
    return rows.filter(links_out__to_record=problem.pk, links_out__kind=LinkKind.CAUSED_BY)


def impacts_of(problems: Any, viewer: Any, *, at: datetime) -> dict[int, tuple[int, int]]:
    """Incidents and user minutes lost of many problems, by their keys. One statement."""
    keys = [problem.pk for problem in problems]
    rows = (
        practices.of("incident")
        .model.objects.visible_to(viewer)
        .filter(links_out__to_record__in=keys, links_out__kind=LinkKind.CAUSED_BY)
        .values("links_out__to_record")
        .annotate(incidents=Count("pk"), minutes=Sum(minutes_lost(at)))
        .values_list("links_out__to_record", "incidents", "minutes")
    )
    return {key: (incidents, minutes) for key, incidents, minutes in rows}


def impact_of(problem: Any, viewer: Any, *, at: datetime) -> Impact:
    """Figures of the incidents behind one problem. One statement."""
    breached = Q(is_breached=True) | Q(due_state="running", due_at__lte=at)
    rows = incidents_of(problem, viewer).annotate(lost=minutes_lost(at), hit=people_hit())
    found = rows.aggregate(
        incidents=Count("pk"),
        open_incidents=Count("pk", filter=~Q(phase=Phase.DONE)),
        missed=Count("pk", filter=breached),
        people=Sum("hit", default=0),
        minutes=Sum("lost", default=0),
    )
    weight = WEIGHTS[problem.service.criticality] if problem.service_id else 1
    return Impact(reference=problem.reference, weight=weight, **found)
