"""A simulation as its page shows it: figures before and after, by priority, and the clocks that would change."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from records.enums import Priority
from records.models import Record

from .counting import Counts
from .enums import Effect
from .models import Outcome, Simulation

ROWS = 50
GROUPS = ("finished", "open")


@dataclass(frozen=True)
class Part:
    """Which of the changed clocks are listed."""

    group: str = ""
    effect: str = ""

    @classmethod
    def read(cls, query: Any) -> "Part":
        """From the address; what makes no sense there is left out."""
        group, effect = query.get("group", ""), query.get("effect", "")
        return cls(group if group in GROUPS else "", effect if effect in Effect.values else "")

    def query(self, **more: Any) -> str:
        parts = {"group": self.group, "effect": self.effect} | more
        return urlencode({name: value for name, value in parts.items() if value})

    def rows(self, simulation: Simulation) -> QuerySet[Outcome]:
        """The changed clocks of records that the viewer may still see, the newest first."""
        rows = Outcome.objects.filter(simulation=simulation)
        if self.group:
            rows = rows.filter(is_open=self.group == "open")
        if self.effect:
            rows = rows.filter(effect=self.effect)
        seen = Record.objects.visible_to(simulation.by).order_by()
        return rows.filter(record__in=seen).select_related("record__service", "record__team").order_by("-pk")


class Result:
    """Figures of a simulation, as far as it has come."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.counts = Counts.from_document(simulation.counts)

    @property
    def otherwise(self) -> int:
        return self.counts.of("finished", "otherwise")

    @property
    def is_unchanged(self) -> bool:
        return not any(self.counts.of(group, effect) for group in GROUPS for effect in Effect.values)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Finished and open clocks, as far as there are any: totals, share kept before and after, effects."""
        labels = {"finished": _("Finished clocks"), "open": _("Open clocks")}
        return [self._group(name, labels[name]) for name in GROUPS if self.counts.of(name, "total")]

    def _group(self, name: str, label: str) -> dict[str, Any]:
        lines = [self._line(f"{name}.{int(priority)}", priority.label) for priority in Priority]
        return {
            "name": name,
            "label": label,
            "is_open": name == "open",
            **self._line(name, label),
            "lines": [line for line in lines if line["total"]],
            "effects": [
                {"label": effect.label, "count": count, "url": f"?{Part(name, effect).query()}#clocks"}
                for effect in Effect
                if (count := self.counts.of(name, effect))
            ],
        }

    def _line(self, group: str, label: Any) -> dict[str, Any]:
        total, dropped = self.counts.of(group, "total"), self.counts.of(group, Effect.NOT_PROMISED)
        before, after = self.counts.of(group, "missed_before"), self.counts.of(group, "missed_after")
        return {
            "label": label,
            "total": total,
            "dropped": dropped,
            "missed_before": before,
            "missed_after": after,
            "kept_before": _share(total - before, total),
            "kept_after": _share(total - dropped - after, total - dropped),
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
