"""How the services and agreements of the sample stood four weeks ago, and stand now."""

from datetime import datetime, timedelta

from slm.standings.looking import look

BACK = timedelta(weeks=4)


def look_back(*, at: datetime) -> None:
    """Look them over, once agreements and contracts are told."""
    for moment in (at - BACK, at):
        look(at=moment, is_sample=True)
