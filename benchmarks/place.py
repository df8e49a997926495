"""Where the benchmarks run: a throwaway database on the servers at hand, and a cache of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

from itsm.embedded import location
from itsm.embedded.servers import for_one_command

DATABASE = "steward_bench"
CACHE_NUMBER = 5


@contextmanager
def throwaway(*, keep: bool) -> Iterator[None]:
    """
    Make the database, point the settings at it and drop it in the end; `keep` leaves it for looking around.

    Call it before anything of Django is imported: the settings read the environment once.
    """
    with for_one_command(purpose="the benchmarks"):
        home_url = os.environ.get("DATABASE_URL") or location.database_url()
        redis = urlsplit(os.environ.get("REDIS_URL") or location.redis_url())
        _remake(home_url)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "itsm.settings.base",
            "DATABASE_URL": _named(home_url, DATABASE),
            "REDIS_URL": f"unix://{redis.path}?db={CACHE_NUMBER}"
            if redis.scheme == "unix"
            else urlunsplit(redis._replace(path=f"/{CACHE_NUMBER}")),
            "STEWARD_API_REQUESTS_PER_MINUTE": "0",
            "STEWARD_STATEMENT_TIMEOUT_MS": "0",
            "STEWARD_LOG_LEVEL": "ERROR",
        }
        try:
            yield
        finally:
            if not keep:
                _drop(home_url)


def bare(*, autocommit: bool = True) -> connection:
    """Connect to the benchmark database without Django."""
    made = psycopg2.connect(os.environ["DATABASE_URL"], options="-c timezone=UTC -c jit=off")
    if autocommit:
        made.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return made


def prepare() -> None:
    """Set Django up, make the tables and collect the static files, as a start of the product does."""
    import django  # the settings read what `throwaway` wrote into the environment

    django.setup()
    from django.core.cache import cache

    from itsm.embedded.prepare import collect_static_files, migrate

    cache.clear()
    migrate()
    collect_static_files()


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _remake(url: str) -> None:
    _drop(url)
    _execute(url, f'CREATE DATABASE "{DATABASE}"')


def _drop(url: str) -> None:
    _execute(url, f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    made = psycopg2.connect(url)
    try:
        made.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with made.cursor() as cursor:
            cursor.execute(statement)
    finally:
        made.close()
