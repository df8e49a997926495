"""The schema, its readable page, and the answer for addresses that lead nowhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation

from common.problems import NOT_FOUND, Problem, as_plain_response
from people.doors import public


class Schema(SpectacularAPIView):
    """The OpenAPI document. Open to everybody: it says what can be asked, and nothing of what is stored."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    content_negotiation_class = DefaultContentNegotiation


class Docs(SpectacularSwaggerSplitView):
    """The schema for reading and trying out; requests go with the reader's own session."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    content_negotiation_class = DefaultContentNegotiation
    url_name = "api:schema"


@csrf_exempt
@public
def elsewhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Serve an address that was written without its last slash; answer 404 for any other."""
    if not request.path.endswith("/"):
        try:
            found = resolve(request.path + "/")
        except Resolver404:
            found = None
        if found is not None and found.func is not elsewhere:
            return found.func(request, *found.args, **found.kwargs)
    problem = Problem(NOT_FOUND, _("There is no such address. The schema at /api/v1/schema/ lists them all."))
    return as_plain_response(problem, request)
