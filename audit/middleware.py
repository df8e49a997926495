"""Name the door of every request, and give each request an id that error pages and the log share."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .acts import acting
from .models import Channel


def client_address(request: HttpRequest) -> str | None:
    """
    The caller's address. Forwarded headers count only behind as many proxies as the settings name.

    OWASP ASVS 5.0 V4.1.3: a header that anybody can send is no evidence.
    """
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if trusted and len(forwarded) >= trusted:
        return forwarded[-trusted]
    return request.META.get("REMOTE_ADDR") or None


class ActMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = secrets.token_hex(6)  # type: ignore[attr-defined]
        channel = Channel.API if request.path.startswith("/api/") else Channel.WEB
        with acting(channel=channel, request_id=request.reference, address=client_address(request)):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["X-Request-Id"] = request.reference  # type: ignore[attr-defined]
        return response
