"""Helpers of the tests of measures; the agreements are those of the clocks' tests."""

from datetime import date

from tests.problems.conftest import log_problem  # noqa: F401 - a fixture
from tests.slm.conftest import make_agreement, office, standard  # noqa: F401 - fixtures


def day(text: str) -> date:
    return date.fromisoformat(text)
