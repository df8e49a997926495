"""The ledger: told when a period is over, told anew when facts come late, never changed."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from incidents import operations
from measurement import known, queries, rebuild
from measurement.drill import Drill
from measurement.ledger import closing
from measurement.ledger.counting import Counter
from measurement.ledger.models import Cause, LateFact, LedgerReading
from measurement.periods import Range
from measurement.scope import scope_of
from slm.sweep import sweep
from tests.conftest import moment
from tests.measurement.conftest import day


def figures(kpi, first, *, grain="day", organization=0):
    rows = LedgerReading.objects.filter(kpi=kpi, grain=grain, first_day=day(first), organization_id=organization)
    return [(row.edition, row.value, row.cause) for row in rows.order_by("edition")]


@pytest.fixture
def closed(house, log_incident):
    """One incident opened on 2 March and resolved on the next day; everything up to 4 March is closed."""
    incident = operations.take(incident=log_incident(), by=house.tom, at=moment("2026-03-02 09:01"))
    operations.resolve(incident=incident, by=house.tom, at=moment("2026-03-03 09:30"), code="fixed", text="Done.")
    rebuild.rebuild_all(at=moment("2026-03-04 12:00"))
    closing.close(at=moment("2026-03-04 12:00"), day_from=day("2026-02-27"), say=str)
    return incident


def check(**options):
    call_command("close_ledger", check=True, stdout=StringIO(), **options)


def test_days_and_months_that_are_over_are_told_once(closed, house):
    assert figures("inc-volume", "2026-03-02") == [(1, 1.0, Cause.CLOSING)]
    assert figures("inc-volume", "2026-03-03") == [(1, 0.0, Cause.CLOSING)]
    assert figures("inc-volume", "2026-03-04") == []  # not over yet
    assert figures("inc-backlog", "2026-03-02") == [(1, 1.0, Cause.CLOSING)]
    assert figures("inc-reopen", "2026-03-02") == [(1, None, Cause.CLOSING)]  # nothing resolved is no zero
    assert figures("inc-volume", "2026-02-01", grain="month") == [(1, 0.0, Cause.CLOSING)]
    assert figures("inc-volume", "2026-03-01", grain="month") == []
    assert figures("inc-volume", "2026-03-02", organization=house.acme.pk) == [(1, 1.0, Cause.CLOSING)]
    assert figures("inc-volume", "2026-03-02", organization=house.umbrella.pk) == []

    assert closing.close(at=moment("2026-03-04 13:00"), say=str) == 0
    check()


def test_every_measure_is_told_with_what_its_page_shows(closed, house, subtests):
    told = {
        row.kpi: row
        for row in LedgerReading.objects.filter(grain="day", first_day=day("2026-03-03"), organization_id=0)
    }
    assert set(told) == {kpi.id for kpi in known.kpis()}
    for kpi in known.kpis():
        with subtests.test(kpi.id):
            [series] = queries.series(kpi, Range(day("2026-03-03"), day("2026-03-04")), scope_of(house.ada))
            assert told[kpi.id].value == series.total.number


def test_a_late_fact_gives_a_second_figure_and_keeps_the_first(closed, house, log_incident):
    log_incident(at=moment("2026-03-02 15:00"), title="Told on paper")

    closing.close(at=moment("2026-03-05 12:00"), say=str)

    assert figures("inc-volume", "2026-03-02") == [(1, 1.0, Cause.CLOSING), (2, 2.0, Cause.LATE)]
    first, second = LedgerReading.objects.filter(kpi="inc-volume", first_day=day("2026-03-02"), organization_id=0)
    assert first.fingerprint != second.fingerprint and second.by is None
    assert figures("inc-volume", "2026-03-03") == [(1, 0.0, Cause.CLOSING)]
    # It stood at the end of each day since.
    assert figures("inc-backlog", "2026-03-04")[-1] == (1, 1.0, Cause.CLOSING)
    assert figures("inc-backlog", "2026-03-03") == [(1, 0.0, Cause.CLOSING), (2, 1.0, Cause.LATE)]
    assert not LateFact.objects.exists()
    check()


def test_rows_that_change_places_are_seen_though_the_figure_is_the_same(closed, house, log_incident):
    """One incident more in the stock of a day, one less: the same number of other rows."""
    before = LedgerReading.objects.get(kpi="inc-backlog", grain="day", first_day=day("2026-03-03"), organization_id=0)
    other = log_incident(at=moment("2026-03-03 08:00"))
    closing.close(at=moment("2026-03-05 01:00"), say=str)
    operations.reopen(incident=closed, by=house.maria, at=moment("2026-03-05 08:00"), reason="It is back.")
    operations.take(incident=other, by=house.tom, at=moment("2026-03-05 08:01"))
    closing.close(at=moment("2026-03-05 12:00"), say=str)

    assert (before.value, figures("inc-backlog", "2026-03-03")[1:]) == (0.0, [(2, 1.0, "late"), (3, 2.0, "late")])
    latest = LedgerReading.objects.filter(kpi="inc-backlog", grain="day", first_day=day("2026-03-03")).latest("edition")
    assert closed.pk in {entry.subject_id for entry in Entry.objects.filter(pk__in=latest.acts)}
    check()


def test_a_figure_cannot_be_changed_or_removed(closed):
    row = LedgerReading.objects.filter(kpi="inc-volume").first()
    for act in (
        lambda: LedgerReading.objects.filter(pk=row.pk).update(value=7),
        lambda: LedgerReading.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_what_was_changed_behind_the_house_s_back_is_found_and_told_by_hand_with_a_reason(closed, house):
    type(closed).objects.filter(pk=closed.pk).update(opened_at=moment("2026-03-01 09:00"))

    with pytest.raises(CommandError, match="differs from the records"):
        check(day_from=day("2026-03-01"), day_to=day("2026-03-02"))

    def again(first, by=house.ada, reason="The import was wrong."):
        closing.restate_by_hand(
            kpi=known.kpi("inc-volume"), grain="day", first_day=day(first), is_sample=False, by=by,
            at=moment("2026-03-05 09:00"), reason=reason,
        )  # fmt: skip

    with pytest.raises(NotAllowed):
        again("2026-03-02", by=house.tom)
    for refused in (lambda: again("2026-03-02", reason=" "), lambda: again("2026-03-03"), lambda: again("2020-01-01")):
        with pytest.raises(Refused):
            refused()
    again("2026-03-02")
    again("2026-03-01")

    assert figures("inc-volume", "2026-03-02")[-1] == (2, 0.0, Cause.BY_HAND)
    row = LedgerReading.objects.get(kpi="inc-volume", first_day=day("2026-03-01"), organization_id=0, edition=2)
    assert (row.by, row.reason, row.value) == (house.ada, "The import was wrong.", 1.0)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-03-29T00:30:00", "2026-03-29"),
        ("2026-10-25T00:30:00", "2026-10-25"),
        ("2026-10-25T01:30:00", "2026-10-25"),
    ],
)
def test_hours_that_are_skipped_or_happen_twice_count_on_their_day(settings, log_incident, at, first):
    settings.TIME_ZONE = "Europe/Berlin"
    log_incident(at=datetime.fromisoformat(at).replace(tzinfo=UTC))
    volume, span = known.kpi("inc-volume"), Range(day(first), day(first) + timedelta(days=1))

    assert Counter(span, [volume], is_sample=False).figures(volume)[0].counts == (1,)


def test_what_stands_is_looked_for_once_and_is_of_its_own_kind(
    house, log_incident, log_problem, standard, django_assert_num_queries
):
    log_incident(at=moment("2026-03-02 09:00"))
    log_problem(at=moment("2026-03-02 09:00"))
    sweep(moment("2026-03-04 12:00"))
    standing = [known.kpi(name) for name in ("inc-backlog", "inc-backlog-age", "inc-open-breached")]
    span = Range(day("2026-03-03"), day("2026-03-04"))

    with django_assert_num_queries(1):
        counter = Counter(span, standing, is_sample=False)
        together = [counter.figures(kpi)[0] for kpi in standing]

    alone = [Counter(span, [kpi], is_sample=False).figures(kpi)[0] for kpi in standing]
    assert together == alone
    assert [figure.counts for figure in together] == [(1,), (0, 1), (1,)]
    assert Drill(standing[0], span, scope_of(house.tom)).everything() == 1
