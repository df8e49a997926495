"""Doors for the channels on which one hears of what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusals import Refused
from notifications import preferences
from notifications.models import Channel
from people.doors import person_of, requires

CHANNELS = tuple(Channel)


@requires("inbox.use")
@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest) -> HttpResponse:
    """Show which kinds of news come where; a POST of all that are wanted, as `kind:channel`, changes it."""
    person = person_of(request)
    if request.method != "POST":
        return _page(request, preferences.wanted_by(person))
    pairs = (value.partition(":") for value in request.POST.getlist("wanted"))
    wanted = {(kind, channel) for kind, _colon, channel in pairs}
    try:
        preferences.choose(by=person, wanted=wanted)
    except Refused as refused:
        return _page(request, wanted, errors=[("decision-product", str(refused))], status=422)
    messages.success(request, _("News saved."))
    answer = HttpResponseRedirect(request.path)
    answer.status_code = 303
    return answer


def _page(
    request: HttpRequest,
    wanted: set[tuple[str, str]],
    *,
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    known = preferences.known()
    rows = [
        (
            meaning,
            [
                {
                    "value": f"{kind.value}:{channel.value}",
                    "id": f"{kind.value}-{channel.value}",
                    "label": channel.label,
                    "exists": (kind.value, channel.value) in known,
                    "is_on": (kind.value, channel.value) in wanted,
                }
                for channel in CHANNELS
            ],
        )
        for kind, meaning in preferences.MEANINGS.items()
    ]
    context = {"rows": rows, "channels": CHANNELS, "errors": errors, "has_address": bool(person_of(request).email)}
    return render(request, "profile/news.html", context, status=status)
