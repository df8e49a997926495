"""The zones that people can choose."""

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

# Names without a place: fixed offsets with reversed signs, aliases, and the tz project's own files.
_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def is_known(name: str) -> bool:
    """Whether the name is an IANA zone of the installed database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """List the zones to choose from in alphabetical order: UTC and those named for a place."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES))
    return ("UTC", *sorted(places))
