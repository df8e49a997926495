"""Answers that say one line and leave the page where it is."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def toast_response(request: HttpRequest, url: str, *, text: str, tone: str = "", **more: Any) -> HttpResponse:
    """
    A toast, and lists that refresh themselves, for scripts; the page at `url` with the line for plain forms.

    :param more: `undo_url` or `view_url`.
    """
    if request.headers.get("HX-Request"):
        told = {"text": text, **({"tone": tone} if tone else {}), **more}
        happened = {"steward:toast": told, "steward:refresh": {}, "steward:done": {}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(happened)})
    (messages.error if tone == "bad" else messages.success)(request, text)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
