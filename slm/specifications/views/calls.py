"""What a call is, by the cells: while it is typed, beside a ticket, in the portal, on a page of its own."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.numbers import number_in
from common.time import now
from people.doors import requires
from records.views.base import is_worked_on_by, record_or_404
from services.queries import services_visible_to
from services.specifications import operations
from services.specifications.classifying import LONGEST, Verdict, classify


def verdict_of(request: HttpRequest, text: str, service: Any = None) -> Verdict:
    """What the person's call is, today."""
    return classify(request.user, text, on=operations.local_day(now()), service=service)


def asked_of(request: HttpRequest) -> tuple[str, Any]:
    """The words and the service of the form or of the address."""
    text = request.GET.get("title", "") or request.GET.get("q", "")
    service = services_visible_to(request.user).filter(pk=number_in(request.GET.get("service")) or 0).first()
    return " ".join(text.replace("\x00", "").split())[:LONGEST], service


@requires("specification.view")
@require_safe
def typed(request: HttpRequest) -> HttpResponse:
    """Beside a ticket that is being typed."""
    text, service = asked_of(request)
    return render(request, "slm/specifications/_beside.html", {"verdict": verdict_of(request, text, service)})


@requires("specification.view")
@require_safe
def beside(request: HttpRequest, number: int) -> HttpResponse:
    """Beside a ticket, for those who work on it."""
    record = record_or_404(request.user, number)
    if not is_worked_on_by(request.user, record):
        raise Http404
    return render(
        request, "slm/specifications/_beside.html", {"verdict": verdict_of(request, record.title, record.service)}
    )


@requires("service.view")
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """In the portal, under what is being typed."""
    text, service = asked_of(request)
    return render(request, "slm/specifications/_portal_answer.html", {"verdict": verdict_of(request, text, service)})


@requires("specification.view")
@require_safe
def asking(request: HttpRequest) -> HttpResponse:
    """The same on a page of its own, with what else speaks of it."""
    text, service = asked_of(request)
    context = {
        "text": text,
        "chosen": service,
        "services": services_visible_to(request.user).live().order_by("name"),
        "verdict": verdict_of(request, text, service),
    }
    return render(request, "slm/specifications/asking.html", context)
