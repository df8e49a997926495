"""The tree: success factors, the measures that show them, and the counts these are made of, with their states."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from .. import declarations, known, queries
from ..declarations import KPI
from ..filters import Asked
from ..models import Grain
from ..own.counts import known as known_counts
from ..values import State, Value
from .models import Factor, Rollup

SCORES = {State.HELD: 1.0, State.NEAR: 0.5, State.MISSED: 0.0}
HELD_FROM, NEAR_FROM = 0.8, 0.5
_WORST = (State.MISSED, State.NEAR, State.HELD)
_TONES = {State.HELD: "ok", State.NEAR: "warn", State.MISSED: "bad", State.UNKNOWN: ""}


@dataclass(frozen=True)
class Metric:
    """One count below a measure. :ivar number: what it counted in these days."""

    name: str
    text: Any
    number: int


@dataclass(frozen=True)
class Branch:
    """A measure below a factor, with the value of these days."""

    kpi: KPI
    weight: int
    value: Value
    metrics: list[Metric]
    url: str

    @property
    def state(self) -> State:
        return self.value.state

    @property
    def tone(self) -> str:
        return _TONES[self.state]


@dataclass(frozen=True)
class Node:
    """
    A factor with its measures, and the state that they give it.

    :ivar gone: how many of its measures nobody counts any more.
    """

    factor: Factor
    branches: list[Branch]
    gone: int = 0

    @property
    def silent(self) -> int:
        """How many of its measures say nothing about the state: no value, no target, or no longer counted."""
        return self.gone + sum(each.state == State.UNKNOWN for each in self.branches)

    @property
    def silent_text(self) -> str:
        """Says so, as long as the state leaves something out."""
        if not self.silent:
            return ""
        total = self.gone + len(self.branches)
        return ngettext(
            "%(count)s of %(total)s measures says nothing: no value or no target.",
            "%(count)s of %(total)s measures say nothing: no value or no target.",
            self.silent,
        ) % {"count": self.silent, "total": total}

    @property
    def state(self) -> State:
        return rolled_up([(each.state, each.weight) for each in self.branches], self.factor.rollup)

    @property
    def tone(self) -> str:
        return _TONES[self.state]


def rolled_up(states: list[tuple[State, int]], rollup: str) -> State:
    """
    The state of a factor out of those of its measures and their weights.

    Measures without a value or a target say nothing; a factor of which all say nothing is unknown. By weight a held one
    counts 1, a near one a half, a missed one 0; from 0.8 on the mean is held, from 0.5 on near.
    """
    told = [(state, weight) for state, weight in states if state in SCORES]
    if not told:
        return State.UNKNOWN
    if rollup == Rollup.WORST:
        return next(each for each in _WORST if any(state == each for state, _weight in told))
    mean = sum(SCORES[state] * weight for state, weight in told) / sum(weight for _state, weight in told)
    return State.HELD if mean >= HELD_FROM else State.NEAR if mean >= NEAR_FROM else State.MISSED


def tree(asked: Asked) -> list[Node]:
    """Every factor with its state over the days asked for. Measures that are no longer in use are left out."""
    factors = list(Factor.objects.select_related("owner").prefetch_related("measures"))
    wanted = {each.kpi for factor in factors for each in factor.measures.all()}
    kpis = [kpi for kpi in known.kpis() if kpi.id in wanted]
    found = queries.series_of(kpis, asked.span, asked.scope, grain=Grain.MONTH) if kpis else {}
    amounts = _amounts(kpis, asked)
    texts = {name: each.text for name, each in known_counts().items()}
    branches = {kpi.id: (kpi, found[kpi.id][0].total) for kpi in kpis}
    nodes = []
    for factor in factors:
        below = []
        for each in factor.measures.all():
            if each.kpi in branches:
                kpi, value = branches[each.kpi]
                metrics = [
                    Metric(".".join(count), texts.get(".".join(count), count[1]), amounts[count])
                    for count in kpi.counts
                ]
                url = f"{reverse('measurement:kpi', args=[kpi.id])}?{asked.query()}"
                below.append(Branch(kpi, each.weight, value, metrics, url))
        nodes.append(Node(factor, below, len(factor.measures.all()) - len(below)))
    return nodes


def _amounts(kpis: list[KPI], asked: Asked) -> dict[declarations.Count, int]:
    """Every count of some measures over the days asked for; what stands, at their end."""
    counts = {count for kpi in kpis for count in kpi.counts}
    families = {name for name, _amount in counts}
    sums = queries.totals(families, asked.span, asked.scope, grain=Grain.MONTH)
    standing = {name for name, amount in counts if amount in declarations.family(name).standing}
    before = queries.standing_before(standing, asked.span.day_from, asked.scope) if standing else {}
    found = {}
    for name, amount in counts:
        family = declarations.family(name)
        cells = list(sums.get(name, {}).values())
        if amount in family.standing:
            cells += list(before.get(name, {}).values())
        found[name, amount] = sum(each[family.position(amount)] for each in cells)
    return found
