"""The records behind a number of a measure: the counted, the missed, the measured, those gone, those of an age."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .. import drill
from ..declarations import KPI
from ..filters import Asked
from . import flows

PARAMETERS = ("part", "age")


@dataclass(frozen=True)
class Behind:
    """:ivar part: one of `drill.PARTS`, or what left or stands, where the measure knows coming and going."""

    kpi: KPI
    asked: Asked
    part: str
    age: flows.Age | None
    today: date

    @classmethod
    def read(cls, kpi: KPI, asked: Asked, query: Mapping[str, str], *, today: date) -> "Behind":
        """What the address asks for; what it names and does not exist gives what is counted."""
        part, flow = query.get("part", ""), flows.flow_of(kpi)
        age = next((each for each in flows.ages() if each.name == query.get("age")), None)
        if flow and (part == flows.LEFT or (part == flows.STANDING and age)):
            return cls(kpi, asked, part, age if part == flows.STANDING else None, today)
        return cls(kpi, asked, part if part in drill.PARTS else drill.COUNTED, None, today)

    @property
    def parameters(self) -> dict[str, str]:
        return {"part": self.part, **({"age": self.age.name} if self.age else {})}

    def rows(self) -> dict[str, Any]:
        """The rows by family, only those that the viewer may see."""
        flow = flows.flow_of(self.kpi)
        if flow and self.part == flows.LEFT:
            return flows.Gone.of(flow, self.asked.span, self.asked.scope).rows()
        if flow and self.age:
            return {flow.stock: flows.open_records(flow, self.asked.scope).filter(flows.is_aged(self.age, self.today))}
        return drill.Drill(self.kpi, self.asked.span, self.asked.scope).rows(self.part)

    @property
    def said(self) -> str:
        """What the rows are, in words."""
        if self.part == flows.LEFT:
            return _("no longer open since these days, and not opened again")
        if self.age:
            return _("open now, opened %(age)s ago") % {"age": self.age.label}
        if self.part == drill.MISSED:
            said = {"whole": self.kpi.denominator_text, "hit": self.kpi.numerator_text}
            return _("%(whole)s, without: %(hit)s") % said
        if self.part == drill.MEASURED:
            return str(self.kpi.denominator_text or self.kpi.numerator_text)
        is_hit = self.part == drill.HIT or self.kpi.counted == self.kpi.numerator
        return str(self.kpi.numerator_text if is_hit else self.kpi.denominator_text)
