"""How much of what was planned was measured: counted as improvements end, as when everything is counted anew."""

from datetime import date

import pytest

from improvement import operations
from improvement.models import Improvement
from measurement import declarations, queries, rebuild
from measurement.periods import Range
from measurement.scope import scope_of
from tests.conftest import moment

from .test_verdict import AUGUST, compared, ready, resolve  # noqa: F401 - fixtures

END = moment("2026-08-03 12:00")


def benefit(viewer):
    while rebuild.settle_marks():
        pass
    assert rebuild.compare(heal=False) == {}
    [series] = queries.series(
        declarations.kpi("csi-benefit"), Range(date(2026, 8, 1), date(2026, 9, 1)), scope_of(viewer)
    )
    return series.total.numerator, series.total.denominator


@pytest.mark.parametrize(
    ("hours", "act", "share"),
    [(5.0, "realize", 100), (8.0, "realize_partly", 54), (15.0, "end_unrealized", 0)],
)
def test_an_ended_improvement_counts_what_of_its_target_was_measured(house, ready, hours, act, share):  # noqa: F811
    rebuild.rebuild_all()
    measure = ready(hours=hours)
    rebuild.rebuild_all()
    compared(house, measure)
    improvement = operations.answer(
        improvement=measure.improvement, by=house.ines, at=AUGUST, step=6, texts={"statement": "As it says."}
    ).improvement
    assert benefit(house.ines) == (0, 0)

    more = {"reason": "It got slower."} if act == "end_unrealized" else {}
    improvement = Improvement.objects.get(pk=improvement.pk)
    getattr(operations, act)(improvement=improvement, by=house.ines, at=END, **more)

    assert benefit(house.ines) == (share, 100)
    assert benefit(house.otto) == (0, 0)
