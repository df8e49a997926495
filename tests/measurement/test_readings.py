"""Readings: counted on the right day, counted again when an act touches them, and always what the records say."""

from incidents import operations
from measurement import declarations, queries, rebuild
from measurement.drill import Drill
from measurement.models import Mark, Reading
from measurement.periods import Range
from measurement.scope import scope_of
from measurement.spreads import spreads
from tests.conftest import moment
from tests.measurement.conftest import day


def value(name, viewer, day_from, day_to, **filters):
    span = Range(day(day_from), day(day_to))
    [series] = queries.series(declarations.kpi(name), span, scope_of(viewer, **filters))
    return series.total


def test_an_incident_counts_on_the_day_it_was_opened(house, log_incident):
    log_incident(at=moment("2026-03-02 09:00"))
    rebuild.settle_marks()

    assert value("inc-volume", house.tom, "2026-03-02", "2026-03-03").number == 1
    assert value("inc-volume", house.tom, "2026-03-03", "2026-03-04").number == 0


def test_an_act_leaves_one_mark_and_the_task_removes_it(log_incident):
    log_incident()

    assert Mark.objects.count() == 1
    assert rebuild.settle_marks() == 1
    assert not Mark.objects.exists()


def test_backlog_falls_when_an_incident_is_resolved_and_rises_when_it_is_reopened(house, log_incident):
    incident = log_incident()
    incident = operations.take(incident=incident, by=house.tom, at=moment("2026-03-02 09:05"))
    incident = operations.resolve(
        incident=incident, by=house.tom, at=moment("2026-03-04 10:00"), code="fixed", text="Restarted."
    )
    rebuild.settle_marks()

    assert value("inc-backlog", house.tom, "2026-03-01", "2026-03-04").number == 1
    assert value("inc-backlog", house.tom, "2026-03-01", "2026-03-05").number == 0

    operations.reopen(incident=incident, by=house.maria, at=moment("2026-03-05 08:00"), reason="It is back.")
    rebuild.settle_marks()

    assert value("inc-backlog", house.tom, "2026-03-01", "2026-03-05").number == 1
    assert rebuild.compare(heal=False) == {}


def test_a_share_without_anything_measured_is_not_a_number(house):
    result = value("inc-reopen", house.tom, "2026-03-01", "2026-04-01")

    assert (result.number, result.text) == (None, "n/a")


def test_an_incident_grows_old_after_thirty_days(house, log_incident):
    log_incident(at=moment("2026-01-31 23:59"))
    rebuild.settle_marks()

    assert value("inc-backlog-age", house.tom, "2026-03-01", "2026-03-02").number == 0
    assert value("inc-backlog-age", house.tom, "2026-03-02", "2026-03-03").number == 100


def test_otto_gets_only_the_cells_of_his_own_organization(house, log_incident):
    log_incident()
    rebuild.settle_marks()

    assert value("inc-volume", house.otto, "2026-03-02", "2026-03-03").number == 0
    assert value("inc-volume", house.otto, "2026-03-02", "2026-03-03", organization=house.acme.pk).number == 0
    assert value("inc-volume", house.maria, "2026-03-02", "2026-03-03").number == 0
    assert value("inc-volume", house.tom, "2026-03-02", "2026-03-03", organization=house.acme.pk).number == 1


def test_a_question_across_both_cubes_is_counted_from_the_records(house, vpn, log_incident):
    log_incident()
    log_incident(impact=1, urgency=1)
    rebuild.settle_marks()

    assert value("inc-volume", house.tom, "2026-03-02", "2026-03-03", service=vpn.pk, priority=1).number == 1


def test_the_list_behind_a_number_is_as_long_as_the_number(house, log_incident):
    open_one = log_incident()
    log_incident(at=moment("2026-03-03 09:00"))
    rebuild.settle_marks()
    kpi = declarations.kpi("inc-backlog")

    drill = Drill(kpi, Range(day("2026-03-01"), day("2026-03-03")), scope_of(house.tom))

    assert [row.pk for row in drill.rows()["incident.flow"]] == [open_one.pk]


def test_every_kpi_opens_a_list_for_every_part(house, log_incident, subtests):
    log_incident()
    rebuild.rebuild_all()
    for kpi in declarations.kpis():
        with subtests.test(kpi.id):
            drill = Drill(kpi, Range(day("2026-03-01"), day("2026-03-03")), scope_of(house.tom))

            for part in ("counted", "missed", "measured"):
                for rows in drill.rows(part).values():
                    assert rows.count() >= 0
            assert spreads(kpi, drill.span, drill.scope) == {}


def test_rebuilding_writes_the_readings_that_the_marks_gave(log_incident):
    log_incident()
    rebuild.settle_marks()
    days = (
        Reading.objects.filter(grain="day")
        .order_by("pk")
        .values_list("family", "cube", "first_day", "cells", "singles")
    )
    before = [(*row[:-2], *map(bytes, row[-2:])) for row in days]

    rebuild.rebuild_all()

    assert [(*row[:-2], *map(bytes, row[-2:])) for row in days.all()] == before
    assert before
