"""
What a load balancer and an operator ask: does the process live, may it get requests, does the work keep up.

The answers hold numbers only; nobody has to sign in to read them.
"""

from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError

from audit.models import Dispatch
from common.time import now
from people.doors import public
from slm.enums import ClockState
from slm.models import Clock

# Twice what we promise: an outbox row is worked within 5 s, a breach recorded within 60 s.
OLDEST_DISPATCH = timedelta(seconds=60)
OLDEST_CLOCK = timedelta(seconds=120)


@public
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200: this process runs. Looks at nothing else, so that a slow database restarts no web server."""
    return JsonResponse({"live": True})


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and the cache takes what is written, else 503 with what fails."""
    parts = {"database": _database_answers(), "cache": _cache_answers()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


@public
@require_safe
@never_cache
def keeping_up(request: HttpRequest) -> JsonResponse:
    """
    Answer 200 when the workers keep up, else 503; either way with the figures, ages in seconds.

    Parked dispatches are counted but fail nothing: they wait for a person, not for a worker.
    """
    at = now()
    try:
        # Two statements, each served by its own partial index; one would read the whole table.
        pending = Dispatch.objects.filter(state=Dispatch.State.PENDING, due_at__lte=at).aggregate(oldest=Min("due_at"))
        parked = Dispatch.objects.filter(state=Dispatch.State.PARKED).count()
        clocks = Clock.objects.filter(state=ClockState.RUNNING, next_level_at__lte=at).aggregate(
            oldest=Min("next_level_at"), waiting=Count("id")
        )
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    dispatch_age = at - (pending["oldest"] or at)
    clock_age = at - (clocks["oldest"] or at)
    keeps_up = dispatch_age <= OLDEST_DISPATCH and clock_age <= OLDEST_CLOCK
    figures = {
        "keeping_up": keeps_up,
        "oldest_dispatch_seconds": round(dispatch_age.total_seconds()),
        "parked_dispatches": parked,
        "oldest_due_clock_seconds": round(clock_age.total_seconds()),
        "due_clocks_waiting": clocks["waiting"],
    }
    return JsonResponse(figures, status=200 if keeps_up else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.set("health", 1, timeout=60)  # written, not read: with a full disk it still reads
    except (RedisError, OSError):
        return False
    return True
