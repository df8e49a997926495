"""The person's own time zone, language and words for the request."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from common.speech import speaking

from .vocabularies.layers import spoken_by, spoken_to_strangers


class PersonalSettingsMiddleware:
    """
    Show moments in the viewer's zone and texts in the viewer's language and words.

    The API always speaks UTC, and the words in which it is documented.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/api/", "/static/", "/health/")):
            return self.get_response(request)
        if not request.user.is_authenticated:
            with spoken_to_strangers():
                return self.get_response(request)
        # Files are data: the same for everybody of a language.
        is_file = request.GET.get("format") == "csv"
        words = speaking(request.user.language) if is_file else spoken_by(request.user)
        with timezone.override(ZoneInfo(request.user.time_zone)), words:
            return self.get_response(request)
