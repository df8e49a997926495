"""A ceiling on requests per person and minute, counted in the shared cache."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from common.time import now

WINDOW_SECONDS = 60


class PerPersonThrottle(BaseThrottle):
    """
    Count the requests of each person in each minute; over the setting, answer 429.

    A counter, not a list of moments: it costs one round trip however many requests there are. Zero switches it off.
    """

    def allow_request(self, request: Any, view: Any) -> bool:
        limit = settings.API_REQUESTS_PER_MINUTE
        if not limit or request.user is None:
            return True
        self.second = now().timestamp()
        key = f"api:{request.user.pk}:{int(self.second // WINDOW_SECONDS)}"
        if cache.add(key, 1, timeout=2 * WINDOW_SECONDS):
            return True
        try:
            return cache.incr(key) <= limit
        except ValueError:  # The key ran out between the two questions: a new window.
            return True

    def wait(self) -> float:
        return WINDOW_SECONDS - self.second % WINDOW_SECONDS
