"""On what the targets of an agreement rest: the statements beside them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.time import now
from people.doors import requires
from services.models import Service
from services.specifications import operations, queries
from services.specifications.models import Statement

from ...models import Agreement
from ..tracing import about_calls, checked, shared_availability

SERVICES = 50


@requires("agreement.view")
@require_safe
def of_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """The statements that its targets keep, by service, and what does not fit."""
    found = get_object_or_404(about_calls(Agreement.objects.visible_to(request.user)), slug=slug)
    services = [found.service] if found.service else list(Service.objects.live().order_by("name")[: SERVICES + 1])
    standing = queries.in_force(
        services[:SERVICES], on=operations.local_day(now()), statements=Statement.objects.all()
    )  # fmt: skip
    shared = shared_availability()
    checks = [(each, checked(standing.get(each.pk), [found], shared=shared)) for each in services[:SERVICES]]
    context = {
        "agreement": found,
        "checks": [(service, check, list(check.findings)) for service, check in checks if service.pk in standing],
        "unsaid": [service for service, _check in checks if service.pk not in standing],
        "has_more": len(services) > SERVICES,
    }
    return render(request, "slm/specifications/of_agreement.html", context)
