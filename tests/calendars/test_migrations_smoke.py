import pytest


@pytest.mark.django_db
def test_x():
    from datetime import *

    from calendars.seeds import ensure_default_calendars

    print(ensure_default_calendars(at=datetime(2025, 5, 26, tzinfo=UTC)))
