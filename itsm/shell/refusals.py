"""Turn a refusal that no page has shown at its field into a page that says it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.refusals import Refused

TEMPLATES = {403: "403.html", 409: "409.html", 412: "409.html"}


class RefusalMiddleware:
    """Answers 403, 409 or 412 for a `Refused` that left a page; the API has its own problem documents."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused) or request.path.startswith("/api/"):
            return None
        typed = [value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
        context: dict[str, Any] = {
            "sentence": str(exception),
            "reference": getattr(request, "reference", ""),
            "kept_text": max(typed, key=len, default=""),
        }
        return render(request, TEMPLATES.get(exception.status, "409.html"), context, status=exception.status)
