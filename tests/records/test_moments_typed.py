"""Moments as people type them: on the wall clock where they are."""

from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from records.forms import MomentField
from tests.conftest import moment


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-02T09:00", moment("2026-03-02 08:00")),
        ("2026-10-25T02:30", moment("2026-10-25 00:30")),  # comes twice: the first
        ("2026-10-25T03:00", moment("2026-10-25 02:00")),
        ("1970-01-01T00:00", moment("1969-12-31 23:00")),
    ],
)
def test_a_moment_is_that_of_the_wall_clock(typed, meant):
    with timezone.override(ZoneInfo("Europe/Oslo")):
        assert MomentField().clean(typed) == meant


@pytest.mark.parametrize(
    "typed", ["2026-03-29T02:30", "0001-01-01T00:00", "9999-12-31T23:59", "2200-01-01T00:00", "x", "2026-02-30T09:00"]
)
def test_a_moment_that_never_is_or_that_nobody_means_is_refused(typed):
    with timezone.override(ZoneInfo("Europe/Oslo")), pytest.raises(ValidationError):
        MomentField().clean(typed)
