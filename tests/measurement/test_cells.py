"""Packed cells: what goes in comes out, and the same cells always give the same bytes."""

from datetime import date

import numpy as np
import pytest

from measurement import rebuild
from measurement.cells import SAMPLE_BIT, Cells, day_of, fold, keys_in, number_of, pack, unpack, unpack_all
from measurement.models import Cube, FamilyState, Reading
from tests.conftest import moment
from tests.measurement.conftest import day
from tests.measurement.test_readings import value


@pytest.mark.parametrize(
    "edge", [0, 1, 127, 128, 32_767, 32_768, 2**31 - 1, 2**31, 2**62, -1, -128, -129, -(2**31) - 1]
)
def test_every_width_of_number_comes_out_as_it_went_in(edge):
    places, amounts = np.array([3, 2**61]), np.array([[edge, 1], [0, 0], [1, -1]])

    columns = unpack(pack(places, amounts))

    assert [column.tolist() for column in columns] == [[3, 2**61], [edge, 1], [0, 0], [1, -1]]


def test_cells_in_which_nothing_was_counted_are_left_out():
    assert [each.tolist() for each in unpack(pack(np.array([1, 2]), np.array([[0, 5]])))] == [[2], [5]]
    assert pack(np.array([1, 2]), np.array([[0, 0]])) == b""


def test_many_sheets_read_at_once_say_what_each_says():
    alike = [pack(np.array([5]), np.array([[n], [200 * n]])) for n in (1, 1, 2)]
    longer = pack(np.array([1, 2**40]), np.array([[1, -1], [2**33, 0]]))
    packed = [alike[0], longer, memoryview(alike[1]), alike[2]]

    numbers, columns = unpack_all(packed)

    assert sorted(numbers.tolist()) == [0, 1, 1, 2, 3]
    for number, each in enumerate(packed):
        assert [column[numbers == number].tolist() for column in columns] == [
            column.tolist() for column in unpack(each)
        ]


def test_adding_up_is_exact_in_any_order():
    draw = np.random.default_rng(3)
    groups, amounts = draw.integers(0, 9, 500), draw.integers(-(2**50), 2**50, (2, 500))
    order = draw.permutation(500)

    keys, sums = fold(groups, amounts)
    again = fold(groups[order], amounts[:, order])

    assert keys.tolist() == again[0].tolist()
    assert sums.tolist() == again[1].tolist()
    assert sums.sum(axis=1).tolist() == amounts.sum(axis=1).tolist()


@pytest.mark.parametrize("each", [date(1969, 12, 31), date(2000, 2, 29), date(2026, 3, 29)])
def test_days_have_the_numbers_that_postgresql_gives_them(each):
    assert day_of(number_of(each)) == each
    assert number_of(date(2000, 1, 1)) == 0


def test_the_sample_stands_on_sheets_of_its_own():
    place = 7 << 40 | 5 << 24 | 9 << 4 | 2
    cells = Cells(np.array([0, 0]), np.array([place, place | 1 << SAMPLE_BIT]), np.array([[1, 4]]))

    sheets = {(sheet.cube, sheet.is_sample): unpack(sheet.cells) for sheet in cells.sheets()}

    assert len(sheets) == 2 * len(Cube)
    assert [sheets[Cube.ALL, kind][1].tolist() for kind in (False, True)] == [[1], [4]]
    places = sheets[Cube.ALL, True][0].astype(np.int64)
    assert [keys_in(places, name).tolist() for name in ("service_id", "team_id")] == [[7], [5]]
    assert sheets[Cube.TOTAL, False][0].tolist() == [0]


def test_months_take_the_place_of_days_and_say_the_same(house, log_incident):
    log_incident(at=moment("2026-03-02 09:00"))
    log_incident(at=moment("2026-03-31 23:30"))
    log_incident(at=moment("2026-04-01 00:30"))
    rebuild.rebuild_all(at=moment("2026-06-15 12:00"))
    flow = Reading.objects.filter(family="incident.flow", cube=Cube.TOTAL)
    assert list(flow.filter(grain="month").order_by("first_day").values_list("first_day", flat=True)) == [
        day("2026-03-01"), day("2026-04-01"),
    ]  # fmt: skip

    flow.filter(grain="day", first_day__lt=day("2026-04-01")).delete()

    assert value("inc-backlog", house.tom, "2026-04-01", "2026-05-01").number == 3


def test_months_that_have_passed_are_added_up(log_incident):
    log_incident(at=moment("2026-03-02 09:00"))
    rebuild.rebuild_all(at=moment("2026-03-15 12:00"))
    months = Reading.objects.filter(family="incident.flow", grain="month", cube=Cube.ALL)
    assert not months.exists()

    rebuild.keep_months(at=moment("2026-05-02 02:30"))

    assert [each.first_day for each in months] == [day("2026-03-01")]
    assert rebuild.compare(heal=False) == {}


def test_an_interrupted_count_goes_on_behind_what_is_done(log_incident):
    log_incident()
    rebuild.rebuild_all(at=moment("2026-06-15 12:00"))
    FamilyState.objects.filter(family="incident.resolved").delete()
    told = []

    rebuild.count_missing(at=moment("2026-06-15 12:01"), say=told.append)

    assert [each.split(" in ")[0] for each in told] == ["1 of 1: incident.resolved"]
    assert rebuild.is_built()


def test_readings_of_another_definition_are_not_read(house, log_incident):
    log_incident()
    rebuild.rebuild_all()
    Reading.objects.filter(family="incident.flow").update(definition=99)

    assert value("inc-volume", house.tom, "2026-03-02", "2026-03-03").number == 0
    assert set(rebuild.compare()) == {"incident.flow"}
    assert value("inc-volume", house.tom, "2026-03-02", "2026-03-03").number == 1
