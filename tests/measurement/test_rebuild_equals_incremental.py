"""Whatever people do, in whatever order: the readings that acts leave behind are those that a full count gives."""

import random
from datetime import timedelta

import numpy as np
import pytest

from audit.outbox import dispatch_due
from common.refusals import Refused
from incidents import operations
from incidents.models import Incident
from measurement import declarations, drill, queries, rebuild
from measurement.cells import pack
from measurement.models import Reading
from measurement.periods import Range
from measurement.scope import scope_of
from records import operations as record_operations
from services.models import Service
from slm.enums import ReopenPolicy
from slm.sweep import sweep
from tests.conftest import moment
from tests.measurement.conftest import day

FIELDS = ["family", "cube", "is_sample", "grain", "first_day", "definition", "cells"]
WHOLE = Range(day("2026-02-01"), day("2026-09-01"))


def readings():
    return sorted((*map(str, row[:-1]), bytes(row[-1])) for row in Reading.objects.values_list(*FIELDS))


class History:
    """Random acts on random incidents, one after the other; acts that the product refuses leave no trace."""

    def __init__(self, seed, house, services, log_incident):
        self.random = random.Random(seed)
        self.house, self.services, self.log = house, services, log_incident
        self.at = moment("2026-03-02 09:00")
        self.keys = []

    def go_on(self):
        hours = self.random.choice([0, 1, 5, 11, 24, 24, 48, 24 * 6] if self.random.random() < 0.97 else [24 * 31])
        self.at += timedelta(hours=hours, minutes=self.random.randrange(60), microseconds=self.random.randrange(10**6))
        acts = [
            self.open, self.open, self.assign, self.take, self.take, self.resolve, self.resolve, self.resolve,
            self.reopen, self.reopen, self.reopen, self.close, self.cancel, self.hold,
            self.resume, self.levels, self.service, self.reply, self.sweep,
        ]  # fmt: skip
        try:
            self.random.choice(acts)()
        except Refused:
            return

    def one(self, *states):
        fitting = Incident.objects.filter(state__in=states or ["new", "assigned", "in_progress", "on_hold", "resolved"])
        return self.random.choice(list(fitting.order_by("pk"))) if fitting else self.open()

    def open(self):
        incident = self.log(
            at=self.at,
            opened_at=self.at - timedelta(hours=self.random.choice([0, 0, 30])),
            reason="By phone.",
            impact=self.random.randint(1, 3),
            urgency=self.random.randint(1, 3),
            service=self.random.choice([None, *self.services]),
            source=self.random.choice(["phone", "monitoring"]),
            is_sample=self.random.random() < 0.2,
        )
        self.keys.append(incident.pk)
        return incident

    def assign(self):
        team = self.random.choice([self.house.first_line, self.house.networks])
        operations.assign(incident=self.one("new", "assigned", "in_progress"), by=self.house.tom, at=self.at, team=team)

    def take(self):
        operations.take(incident=self.one("new", "assigned"), by=self.house.tom, at=self.at)

    def resolve(self):
        service = self.random.choice(self.services)
        operations.resolve(
            incident=self.one("assigned", "in_progress", "on_hold"),
            by=self.house.tom,
            at=self.at,
            code="fixed",
            text="Done.",
            service=service,
        )

    def reopen(self):
        operations.reopen(incident=self.one("resolved"), by=self.house.maria, at=self.at, reason="Again.")

    def close(self):
        operations.close(incident=self.one("resolved"), by=self.house.maria, at=self.at)

    def cancel(self):
        operations.cancel(incident=self.one("new", "assigned"), by=self.house.aisha, at=self.at, reason="By mistake.")

    def hold(self):
        wake_at = self.at + timedelta(days=2)
        operations.hold(
            incident=self.one("assigned", "in_progress"),
            by=self.house.tom,
            at=self.at,
            hold_for="schedule",
            wake_at=wake_at,
        )

    def resume(self):
        operations.resume(incident=self.one("on_hold"), by=self.house.tom, at=self.at)

    def levels(self):
        impact, urgency = self.random.randint(1, 3), self.random.randint(1, 3)
        record_operations.set_levels(record=self.one(), by=self.house.tom, at=self.at, impact=impact, urgency=urgency)

    def service(self):
        values = {"service": self.random.choice(self.services)}
        operations.edit(incident=self.one(), by=self.house.tom, at=self.at, values=values)

    def reply(self):
        record_operations.reply(record=self.one(), by=self.house.tom, at=self.at, text="We are on it.")

    def sweep(self):
        sweep(at=self.at)
        deliver(self.at)


def deliver(at):
    """Let the outbox tell the measures of clocks that expired between acts."""
    while dispatch_due(at=at + timedelta(seconds=1)):
        pass


@pytest.mark.parametrize(
    ("seed", "zone"), [(0, "Pacific/Auckland"), (1, "America/Havana"), (2, "Pacific/Auckland"), (3, "America/Havana")]
)
def test_what_acts_leave_behind_is_what_a_full_count_gives(seed, zone, settings, house, vpn, log_incident, standard):
    settings.TIME_ZONE = zone
    standard.reopen_policy = ReopenPolicy.RESTART if seed % 2 else ReopenPolicy.RESUME
    standard.save()
    mail = Service.objects.create(name="Mail", slug="mail")
    history = History(seed, house, [vpn, mail], log_incident)
    rebuild.rebuild_all()
    for step in range(90):
        history.go_on()
        if step % 7 == seed:
            rebuild.settle_marks(rows=3)
    deliver(history.at)
    while rebuild.settle_marks():
        pass

    incremental = readings()

    assert rebuild.compare(heal=False) == {}
    rebuild.rebuild_all()
    assert readings() == incremental
    assert len(incremental) > 50
    assert_lists_are_as_long_as_numbers(house.tom)


def assert_lists_are_as_long_as_numbers(viewer):
    scope = scope_of(viewer)
    for kpi in declarations.kpis():
        for part in (WHOLE, Range(WHOLE.day_from, day("2026-03-20")), Range(day("2026-03-05"), day("2026-04-11"))):
            total = queries.series(kpi, part, scope)[0].total
            rows = drill.Drill(kpi, part, scope).rows(drill.MEASURED)
            whole = total.denominator if kpi.is_ratio else total.numerator
            assert sum(each.count() for each in rows.values()) == whole, (kpi.id, part)
            if kpi.unit == "percent":
                hits = drill.Drill(kpi, part, scope).rows(drill.COUNTED)
                assert sum(each.count() for each in hits.values()) == total.numerator, (kpi.id, part)
                missed = drill.Drill(kpi, part, scope).rows(drill.MISSED)
                assert sum(each.count() for each in missed.values()) == total.missed, (kpi.id, part)


def test_both_cubes_and_the_records_themselves_give_the_same_total(house, vpn, log_incident, standard):
    history = History(7, house, [vpn], log_incident)
    for _step in range(40):
        history.go_on()
    rebuild.rebuild_all()
    scope = scope_of(house.tom)

    for kpi in declarations.kpis():
        by_team = queries.series(kpi, WHOLE, scope, by="team")
        by_priority = queries.series(kpi, WHOLE, scope, by="priority")
        crossed = [
            queries.series(kpi, WHOLE, scope.narrowed(priority=priority), by="service") for priority in range(1, 6)
        ]
        totals = [each.total.numerator for each in by_team]
        assert sum(totals) == sum(each.total.numerator for each in by_priority)
        assert sum(totals) == sum(each.total.numerator for found in crossed for each in found)


def test_a_stale_reading_is_found_and_healed(log_incident):
    log_incident()
    rebuild.settle_marks()
    stale = pack(np.array([0]), np.array([[5]] * 6))
    Reading.objects.filter(family="incident.flow", cube="total").update(cells=stale)

    assert set(rebuild.compare()) == {"incident.flow"}
    assert rebuild.compare() == {}
