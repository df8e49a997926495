"""The verdict that nobody wrote down: the command says what the page would say."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from improvement import presenting
from improvement.models import Measure, Verdict

from .test_verdict import KPI, compared, ready, resolve  # noqa: F401 - fixtures

DAYS = {"--from": "2026-03-02", "--acted-on": "2026-04-13", "--to": "2026-08-03"}


def said(kpi=KPI, target="6", **days):
    out = StringIO()
    asked = [part for pair in (DAYS | {"--target": target} | days).items() for part in pair]
    call_command("compare_periods", kpi, *asked, stdout=out)
    return out.getvalue()


def test_it_says_what_the_page_says_and_writes_nothing(house, ready):  # noqa: F811
    measure = ready(hours=8.0)
    verdict = compared(house, measure)
    counts = Measure.objects.count(), Verdict.objects.count()

    text = said()

    assert "Verdict: partly reached." in text
    assert presenting.sentence(measure, verdict) in text
    assert presenting.minimum(measure) in text
    assert (Measure.objects.count(), Verdict.objects.count()) == counts


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"kpi": "inc-volume-of-luck"}, "no measure"),
        ({"--to": "2026-03-02"}, "in this order"),
        ({"--from": "2020-03-02", "--acted-on": "2020-04-01"}, "Nothing was counted"),
        ({"target": "20"}, "better side"),
    ],
)
def test_what_makes_no_sense_is_refused(ready, asked, words):  # noqa: F811
    ready()

    with pytest.raises(CommandError, match=words):
        said(**asked)


@pytest.mark.parametrize(
    ("weeks", "after", "is_named"),
    [
        ([20.0, 18.0, 12.0, 10.0], 5.0, True),  # fell by 8 before, by 10 afterwards
        ([20.0, 20.0, 16.0, 16.0], 5.0, False),  # by 4 only
        ([10.0, 12.0, 18.0, 20.0], 5.0, False),  # the other way
        ([20.0, 10.0, 5.0], 5.0, False),  # too short to say
        ([20.0, 18.0, 12.0, 10.0], None, False),
    ],
)
def test_what_was_moving_before_is_named(weeks, after, is_named):
    baseline = {"kind": "shift", "weeks": [["2026-03-02", value, 1.0] for value in weeks]}
    verdict = Verdict(numbers={"kind": "shift", "before": 15.0, "after": after})

    told = list(presenting.drift(Measure(kpi=KPI, baseline=baseline), verdict))

    assert bool(told) == is_named
    if is_named:
        assert "from 19.0 min in the first weeks to 11.0 min in the latest" in told[0]
