"""Compiled calendars stay in the process, and a page of clocks asks the database at most once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from calendars import operations, registry
from calendars.models import Calendar, CalendarVersion

from .conftest import EIGHT_TO_SIX, MONDAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_clocks_with_known_versions_need_no_query(oslo: Calendar, rows: int, django_assert_num_queries: Any) -> None:
    registry.business_time(oslo.pk, 1)

    with django_assert_num_queries(0):
        for _row in range(rows):
            registry.business_time(oslo.pk, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_current_versions_cost_one_query_and_one_for_each_new_calendar(
    oslo: Calendar, rows: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        for _row in range(rows):
            registry.current(oslo.pk)


def test_many_versions_are_compiled_with_one_query(oslo: Calendar, django_assert_num_queries: Any) -> None:
    operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:1], exceptions=[], by=None, at=MONDAY)

    with django_assert_num_queries(1):
        registry.preload({(oslo.pk, 1), (oslo.pk, 2)})
        one, two = registry.business_time(oslo.pk, 1), registry.business_time(oslo.pk, 2)

    assert (len(one.spec.weekly), len(two.spec.weekly)) == (5, 1)


def test_a_change_is_seen_at_once_by_the_process_that_made_it(oslo: Calendar) -> None:
    assert registry.current(oslo.pk).version == 1

    operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:1], exceptions=[], by=None, at=MONDAY)

    assert registry.current(oslo.pk).version == 2
    assert len(registry.current(oslo.pk).time.spec.weekly) == 1


def test_a_change_by_another_process_is_seen_after_five_seconds(
    oslo: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(registry, "monotonic", lambda: clock[0])
    assert registry.current(oslo.pk).version == 1
    spec = oslo.as_spec()
    CalendarVersion.objects.create(calendar=oslo, number=2, document=spec.as_document(), created_at=MONDAY)
    Calendar.objects.filter(pk=oslo.pk).update(version=2)

    clock[0] += 4.9
    before = registry.current(oslo.pk).version
    clock[0] += 0.2
    after = registry.current(oslo.pk).version

    assert (before, after) == (1, 2)


def test_a_version_that_was_rolled_back_leaves_no_hours_behind(oslo: Calendar) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        operations.save_hours(calendar=oslo, windows=EIGHT_TO_SIX[:1], exceptions=[], by=None, at=MONDAY)
        assert len(registry.business_time(oslo.pk, 2).spec.weekly) == 1
        raise Undone
    CalendarVersion.objects.create(calendar=oslo, number=2, document=oslo.as_spec().as_document(), created_at=MONDAY)
    Calendar.objects.filter(pk=oslo.pk).update(version=2)
    registry.load_current()

    assert len(registry.business_time(oslo.pk, 2).spec.weekly) == 5


def test_unknown_calendars_and_versions_are_told(oslo: Calendar) -> None:
    with pytest.raises(Calendar.DoesNotExist):
        registry.business_time(oslo.pk + 1)
    with pytest.raises(CalendarVersion.DoesNotExist):
        registry.business_time(oslo.pk, 7)


def test_current_arithmetic_is_that_of_the_calendar(oslo: Calendar) -> None:
    due = registry.current(oslo.pk).time.add(MONDAY, timedelta(hours=1))

    assert due == MONDAY + timedelta(hours=1)
