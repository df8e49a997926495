"""Doors for the page that watches over its own sign-in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.time import now
from people.doors import public, requires

from . import ending


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """
    Say who is signed in here and for how many more seconds; a POST begins the time anew.

    The token is for the forms of pages that were open while somebody signed in again.
    """
    if not request.user.is_authenticated:
        status = 401 if request.method == "POST" else 200
        return JsonResponse({"person": None, "seconds": 0}, status=status)
    if request.method == "POST":
        ending.begin(request.session, at=now())
    return JsonResponse(
        {
            "person": request.user.pk,
            "seconds": ending.seconds_left(request.session, at=now()),
            "token": get_token(request),
        }
    )


@requires("people.profile")
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where signing in from an open page leads: go on in that page."""
    return render(request, "sessions/back.html")
