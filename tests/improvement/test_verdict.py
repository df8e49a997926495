"""The verdict on real rows: baseline, target, minimum sample, comparison, later looks, and who sees the figures."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from common import rows as table
from common.refusals import NotAllowed, Refused
from improvement import operations, presenting
from improvement.enums import State, Word
from improvement.models import Improvement, Measure, Verdict
from improvement.operations.measuring import may_see_figures, months_later
from incidents.models import Incident
from people.models import RoleGrant
from records.models import Record
from tests.conftest import moment

KPI = "inc-mean-time-acknowledge"
FIRST = date(2026, 3, 2)
ACTED_ON = date(2026, 4, 13)
AUGUST = moment("2026-08-03 09:00")


@pytest.fixture
def resolve(house, log_incident):
    """Answered incidents, one row each, without the way there: day, minutes that it took, organization."""
    template = log_incident()

    def make(rows, organization=None):
        known = {each.attname: getattr(template, each.attname) for each in Incident._meta.concrete_fields}
        made = []
        for day, minutes in rows:
            end = datetime(day.year, day.month, day.day, 18, tzinfo=timezone.get_default_timezone())
            moments = {"opened_at": end - timedelta(minutes=minutes), "resolved_at": end, "responded_at": end}
            fields = known | moments | {"phase": "done", "organization_id": (organization or house.acme).pk}
            made.append(Incident(**{**fields, "id": None, "record_ptr_id": None, "state": "resolved"}))
        if made:
            table.take_keys(*made)
            table.insert(made)

    return make


def days(first, count, hours, a_day=1):
    """So many days in a row, each with `a_day` incidents; the hours vary around the level without chance."""
    return [
        (first + timedelta(days=at), hours * (0.6 + 0.1 * ((at * 3 + nth) % 9)))
        for at in range(count)
        for nth in range(a_day)
    ]


@pytest.fixture
def ready(house, bring_to, resolve):
    """An improvement with a pinned baseline of six weeks, 10 minutes each, and a target of 6."""

    def make(after=None, hours=5.0, target=6.0):
        resolve(days(FIRST, 42, 10, a_day=2))
        resolve(after if after is not None else days(ACTED_ON, 60, hours, a_day=2))
        improvement = bring_to("active")
        at = moment("2026-04-13 09:00")
        measure = operations.pin(
            improvement=improvement, by=house.ines, at=at, kpi=KPI, baseline_from=FIRST, baseline_to=ACTED_ON
        )
        measure = operations.set_target(
            measure=measure, by=house.ines, at=at, target=target, target_date=date(2026, 7, 1)
        )
        operations.take_effect(improvement=improvement, by=house.ines, at=at, acted_on=ACTED_ON)
        return measure

    return make


def compared(house, measure, at=AUGUST):
    return operations.compare(measure=measure, by=house.ines, at=at)


def test_a_baseline_keeps_its_figure_and_the_fingerprint_of_its_rows(house, ready):
    measure = ready()

    assert (measure.baseline["count"], measure.baseline["days"]) == (84, 42)
    assert measure.baseline["value"] == pytest.approx(9.5)
    assert len(measure.fingerprint) == 64
    assert len(measure.baseline["weeks"]) == 6
    assert 20 <= measure.needed["count"] < 84
    assert "at least" in presenting.minimum(measure)


@pytest.mark.parametrize(
    ("hours", "target", "word"),
    [(5.0, 6.0, Word.REACHED), (8.0, 6.0, Word.PARTLY), (10.0, 6.0, Word.NO_EVIDENCE), (15.0, 6.0, Word.WORSE)],
)
def test_the_word_follows_from_the_rows(house, ready, hours, target, word):
    measure = ready(hours=hours, target=target)

    verdict = compared(house, measure)

    assert verdict.word == word
    assert verdict.numbers["rows_after"] == 120
    assert "Median before 9.5 min (84 records)" in presenting.sentence(measure, verdict)


def test_the_same_rows_give_the_same_verdict_and_a_changed_baseline_is_told(house, ready):
    measure = ready()
    first, again = compared(house, measure), compared(house, measure)
    Record.objects.filter(resolved_at__date=FIRST).update(opened_at=moment("2026-03-01 00:00"))

    changed = compared(house, measure)

    assert (first.fingerprint, first.numbers) == (again.fingerprint, again.numbers)
    assert changed.numbers["effect"] == first.numbers["effect"]
    told = presenting.rivals(measure, changed, house.ines, measure.improvement)
    assert any("Records of the baseline were changed" in each for each in told)


def test_too_few_records_are_no_evidence_and_the_sentence_says_how_many_are_missing(house, ready):
    measure = ready(after=days(ACTED_ON, 5, 1))

    verdict = compared(house, measure)

    assert verdict.word == Word.NO_EVIDENCE
    assert f"5 of the {measure.needed['count']}" in presenting.sentence(measure, verdict)


def test_nothing_counted_afterwards_is_no_evidence(house, ready):
    measure = ready(after=[])

    verdict = compared(house, measure)

    assert (verdict.word, verdict.numbers["after"]) == (Word.NO_EVIDENCE, None)
    assert "n/a" in presenting.sentence(measure, verdict)


def test_nothing_counted_before_is_no_baseline(house, bring_to):
    with pytest.raises(Refused, match="Nothing was counted"):
        operations.pin(
            improvement=bring_to("active"), by=house.ines, at=AUGUST, kpi=KPI, baseline_from=FIRST, baseline_to=ACTED_ON
        )

    assert not Measure.objects.exists()


@pytest.mark.parametrize(
    ("start", "end"),
    [(ACTED_ON, FIRST), (FIRST, FIRST), (FIRST, date(2026, 3, 10)), (date(1, 1, 1), FIRST), (date(2020, 1, 1), FIRST),
     (FIRST, date(2026, 9, 1)), (None, FIRST)],
)  # fmt: skip
def test_a_baseline_is_a_past_period_of_two_weeks_to_three_years(house, bring_to, resolve, start, end):
    resolve(days(FIRST, 3, 1))
    with pytest.raises(Refused):
        operations.pin(
            improvement=bring_to("active"), by=house.ines, at=AUGUST, kpi=KPI, baseline_from=start, baseline_to=end
        )


@pytest.mark.parametrize("target", [10.0, 12.0, -1.0, float("nan"), float("inf"), 10**12, True])
def test_a_target_is_better_than_the_baseline(house, ready, target):
    measure = ready()

    with pytest.raises(Refused):
        operations.set_target(measure=measure, by=house.ines, at=AUGUST, target=target, target_date=date(2026, 9, 1))


def test_a_target_does_not_move_once_it_is_judged(house, ready):
    measure = ready()
    compared(house, measure)

    with pytest.raises(Refused, match="moves afterwards"):
        operations.set_target(measure=measure, by=house.ines, at=AUGUST, target=5, target_date=date(2026, 9, 1))
    with pytest.raises(Refused):
        operations.remove_measure(measure=measure, by=house.ines, at=AUGUST)


def test_what_stands_open_is_no_measure_of_before_and_after(house, bring_to):
    with pytest.raises(Refused, match="can't be compared"):
        operations.pin(
            improvement=bring_to("active"), by=house.ines, at=AUGUST, kpi="inc-backlog", baseline_from=FIRST,
            baseline_to=ACTED_ON,
        )  # fmt: skip


def test_counts_are_compared_by_the_week(house, bring_to, resolve, ready):
    resolve(days(FIRST, 42, 1, a_day=3) + days(ACTED_ON, 84, 1, a_day=1))
    improvement = bring_to("active")
    said = {"by": house.ines, "at": AUGUST}
    measure = operations.pin(
        improvement=improvement, **said, kpi="inc-volume", baseline_from=FIRST, baseline_to=ACTED_ON
    )
    measure = operations.set_target(measure=measure, **said, target=10, target_date=date(2026, 9, 1))
    operations.take_effect(improvement=improvement, **said, acted_on=ACTED_ON)

    verdict = operations.compare(measure=measure, by=house.ines, at=moment("2026-07-06 00:00"))

    assert measure.baseline_value.endswith("a week")
    assert (verdict.word, verdict.numbers["kind"]) == (Word.REACHED, "rate")
    assert verdict.numbers["effect"] < 0.5
    assert "times as many" in presenting.sentence(measure, verdict)


def test_who_covers_one_customer_counts_and_sees_that_customer_alone(house, bring_to, resolve):
    resolve(days(FIRST, 42, 10))
    resolve(days(FIRST, 42, 99), organization=house.umbrella)
    everybody = operations.pin(
        improvement=bring_to("active"), by=house.ines, at=AUGUST, kpi=KPI, baseline_from=FIRST, baseline_to=ACTED_ON
    )
    RoleGrant.objects.filter(user=house.aisha).update(organization=house.acme)
    aisha = type(house.aisha).objects.get(pk=house.aisha.pk)
    own = Improvement.objects.get(pk=bring_to("active").pk)
    Record.objects.filter(pk=own.pk).update(organization=house.acme)
    acme = operations.pin(improvement=own, by=aisha, at=AUGUST, kpi=KPI, baseline_from=FIRST, baseline_to=ACTED_ON)

    assert (everybody.baseline["count"], everybody.organizations) == (84, None)
    assert (acme.baseline["count"], acme.organizations) == (42, [house.acme.pk])
    assert [may_see_figures(aisha, each) for each in (everybody, acme)] == [False, True]
    with pytest.raises(NotAllowed):
        operations.pin(
            improvement=own, by=aisha, at=AUGUST, kpi=KPI, baseline_from=FIRST, baseline_to=ACTED_ON,
            organization=house.umbrella,
        )  # fmt: skip


def test_figures_outside_ones_roles_are_not_on_the_page_nor_in_the_api(client, house, ready):
    measure = ready()
    compared(house, measure)
    Record.objects.filter(pk=measure.improvement_id).update(organization=house.acme)
    RoleGrant.objects.filter(user=house.tom).update(organization=house.acme)
    address = measure.improvement.get_absolute_url()

    client.force_login(house.ines)
    whole = client.get(f"{address}measures/").content.decode()
    client.force_login(house.tom)
    hidden = client.get(f"{address}measures/").content.decode()
    steps = client.get(f"{address}steps/").content.decode()

    assert "Median before 9.5 min" in whole
    assert "Median before" not in hidden
    assert "9.5 min" not in hidden
    assert "9.5 min" not in steps


@pytest.fixture
def realized(house, ready):
    def make(**said):
        measure = ready(**said)
        compared(house, measure, at=moment("2026-05-25 09:00"))
        improvement = measure.improvement
        operations.answer(improvement=improvement, by=house.ines, at=AUGUST, step=6, texts={"statement": "It helped."})
        operations.realize(improvement=improvement, by=house.ines, at=AUGUST)
        return measure

    return make


def test_a_result_is_looked_at_again_after_three_months_once(house, realized):
    measure = realized(after=days(ACTED_ON, 120, 5, a_day=2))

    counts = [operations.remeasure(at=AUGUST), operations.remeasure(at=AUGUST)]

    later = Verdict.objects.get(measure=measure, months=3)
    assert counts == [1, 0]
    assert (later.after_from, later.after_to, later.word) == (date(2026, 6, 1), date(2026, 7, 13), Word.REACHED)
    assert measure.improvement.state == State.ACTIVE  # the row that was read before
    assert Improvement.objects.get(pk=measure.improvement_id).decayed_at is None


def test_a_result_that_is_gone_proposes_a_new_loop(house, realized):
    measure = realized(after=days(ACTED_ON, 44, 4, a_day=3) + days(ACTED_ON + timedelta(days=44), 60, 11, a_day=2))

    operations.remeasure(at=AUGUST)

    improvement = Improvement.objects.get(pk=measure.improvement_id)
    assert improvement.decayed_at == AUGUST
    again = operations.reopen(improvement=improvement, by=house.ines, at=AUGUST, reason="It came back")
    assert (again.state, again.loop, again.decayed_at) == (State.ACTIVE, 2, None)
    assert [each.loop for each in Measure.objects.filter(improvement=again).order_by("pk")] == [1, 2]
    assert Measure.objects.get(improvement=again, loop=2).baseline == measure.baseline


def test_other_improvements_on_the_same_measure_are_named_to_those_who_may_see_them(house, ready, bring_to):
    measure = ready()
    other = bring_to("active")
    said = {"by": house.ines, "at": AUGUST}
    operations.pin(improvement=other, **said, kpi=KPI, baseline_from=FIRST, baseline_to=ACTED_ON)
    operations.take_effect(improvement=other, **said, acted_on=date(2026, 4, 20))
    verdict = compared(house, measure)

    told = presenting.rivals(measure, verdict, house.ines, measure.improvement)

    assert any(other.reference in each for each in told)
    assert not any(other.reference in each for each in presenting.rivals(measure, verdict, house.otto, other))


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [(date(2026, 11, 30), 3, date(2027, 2, 28)), (date(2026, 12, 31), 12, date(2027, 12, 31)),
     (date(2023, 8, 31), 6, date(2024, 2, 29)), (date(2026, 9, 1), 3, date(2026, 12, 1))],
)  # fmt: skip
def test_months_end_where_the_calendar_ends_them(day, months, wanted):
    assert months_later(day, months) == wanted


def test_the_whole_comparison_in_the_browser(client, house, bring_to, resolve, time_machine):
    resolve(days(FIRST, 42, 10, a_day=2) + days(ACTED_ON, 60, 5, a_day=2))
    improvement = bring_to("active")
    base = improvement.get_absolute_url()
    time_machine.move_to(moment("2026-07-01 09:00"), tick=False)
    client.force_login(house.ines)
    steps = [
        client.post(
            f"{base}baselines/", {"kpi": KPI, "baseline_from": FIRST.isoformat(), "baseline_to": ACTED_ON.isoformat()}
        )
    ]
    one = f"{base}measures/{Measure.objects.get().pk}/"
    steps.append(client.post(one, {"act": "target", "target": "6", "target_date": "2026-09-01"}))
    early = client.post(one, {"act": "compare"})
    steps.append(client.post(f"{base}effect/", {"acted_on": ACTED_ON.isoformat(), "settling_days": "0"}))
    steps.append(client.post(one, {"act": "compare"}))

    page = client.get(f"{base}measures/").content.decode()

    assert [each.status_code for each in steps] == [303] * 4
    assert (early.status_code, "from which day it is in effect" in early.content.decode()) == (409, True)
    assert "Reached." in page
    assert "the target of 6.0 min is reached" in page
