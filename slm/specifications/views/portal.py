"""What customers get: their services, and the four cells of each in force."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.time import now
from people.doors import requires
from services.queries import services_visible_to
from services.specifications import operations, queries
from services.specifications.enums import Cell

from .calls import asked_of, verdict_of


@requires("service.view")
@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """Every service that the person may use, with what it is; and what a call would be."""
    services = list(services_visible_to(request.user).live().order_by("name"))
    standing = queries.in_force(
        services, on=operations.local_day(now()), statements=queries.statements_for(request.user)
    )
    first = {
        key: [each for each in found.statements.all() if each.cell == Cell.FACILITY_FUNCTIONALITY]
        for key, found in standing.items()
    }
    text, _service = asked_of(request)
    context = {
        "services": [(each, first.get(each.pk, [])[:3]) for each in services],
        "text": text,
        "asked": urlencode({"text": text}),
        "verdict": verdict_of(request, text) if text else None,
    }
    return render(request, "slm/specifications/portal_catalog.html", context)


@requires("service.view")
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: what is in force for the person's organization."""
    found = get_object_or_404(services_visible_to(request.user).live(), slug=slug)
    on = operations.local_day(now())
    standing = queries.in_force([found], on=on, statements=queries.statements_for(request.user)).get(found.pk)
    context = {
        "service": found,
        "standing": standing,
        "cells": queries.cells(standing.statements.all()) if standing else [],
    }
    return render(request, "slm/specifications/portal_service.html", context)
