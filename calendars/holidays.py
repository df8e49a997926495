"""
Public holidays by country and region, read from the `holidays` library.

What is read here is copied into our tables, so that an update of the library moves no due time by itself.
"""

import datetime
import re
from functools import lru_cache
from importlib import import_module
from typing import Any

FIRST_YEAR = 1990
LAST_YEAR = 2100


def _library() -> Any:
    # Late: three megabytes, in every process, for what is read once a day or by who edits hours.
    return import_module("holidays")


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """List the countries known (ISO 3166-1 alpha-2), each with the codes of its regions."""
    supported = _library().list_supported_countries(include_aliases=False)
    return {country: tuple(regions) for country, regions in sorted(supported.items())}


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Name the countries known, by their codes, in order of the names. The library knows them in English only."""
    names = {
        code: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name)
        for class_name, code, *_others in _library().registry.COUNTRIES.values()
        if code in countries()
    }
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def is_known(country: str, region: str = "") -> bool:
    """Whether holidays of the country, and of the region if one is named, can be read."""
    return country in countries() and (not region or region in countries()[country])


def names_by_date(country: str, region: str, years: range) -> dict[datetime.date, str]:
    """
    Read the public holidays of some years in order of date; several on one date share a name with commas.

    :raises KeyError: the country or the region is not known.
    """
    if not is_known(country, region):
        raise KeyError(country, region)
    # Named outright: left open, the language depends on the Python version and the environment.
    found = _library().country_holidays(country, subdiv=region or None, years=list(years), language="en_US")
    return {day: name.replace("; ", ", ") for day, name in sorted(found.items()) if day.year in years}
