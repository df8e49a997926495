"""Names to choose from, for pickers of people."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from people.doors import requires
from people.queries import people_visible_to

SUGGESTED_AT_MOST = 8


@requires("approval.decide")
@require_safe
def people(request: HttpRequest) -> JsonResponse:
    """People whose name, e-mail or phone holds what was typed, among those whom the viewer may see."""
    text = request.GET.get("q", "")[:100].replace("\x00", "").strip()
    found = people_visible_to(request.user).active().select_related("organization")
    rows = found.matching(text)[:SUGGESTED_AT_MOST] if text else []
    return JsonResponse(
        [
            {
                "id": person.pk,
                "label": person.name,
                "detail": " · ".join(part for part in (str(person.organization), person.job_title) if part),
            }
            for person in rows
        ],
        safe=False,
    )
