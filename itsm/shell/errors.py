"""
Pages for what went wrong: what happened, why, what to do, a reference to quote, and the text the person had typed.

`itsm.urls` names the handlers; views answer other refusals with `error_page`.
"""

import logging
import secrets
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from common import outages

logger = logging.getLogger(__name__)

SECRET_FIELDS = ("password", "token", "csrf")
SHORTEST_KEPT = 20


def new_reference() -> str:
    """A short code that stands on the page and in the log, without letters that are misread by phone."""
    return "".join(secrets.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _ in range(8))


def kept_text(request: HttpRequest) -> str:
    """What the person had written in the form they sent, to be copied; never a password or token."""
    if request.method != "POST" or "form" not in (request.content_type or ""):
        return ""
    texts = [
        value.strip()
        for name, values in request.POST.lists()
        if not any(secret in name.lower() for secret in SECRET_FIELDS)
        for value in values
        if len(value.strip()) >= SHORTEST_KEPT
    ]
    return "\n\n".join(texts)


def error_page(request: HttpRequest, status: int, *, template: str = "", **context: Any) -> HttpResponse:
    """
    Answer with the page of a status: 400, 401, 403, 404, 409, 413, 429 or 503.

    :param context: `sentence` instead of the general reason; `mine` and `theirs` for 409.
    """
    reference = new_reference()
    logger.info("error page %s, reference %s, %s", status, reference, request.path)
    details = {"reference": reference, "kept_text": kept_text(request), **context}
    return render(request, template or f"{status}.html", details, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = str(exception) if exception and exception.args else ""
    return error_page(request, 403, sentence=sentence)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form carries no valid token: signed out in between, or cookies are blocked."""
    logger.info("csrf: %s", reason)
    return error_page(request, 403, template="403_csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """
    Answer 503 when database, cache or disk do not serve us, else 500.

    Uses no context processor and no query: whatever failed may fail again.
    """
    error = sys.exc_info()[1]
    status = 503 if outages.is_outage(error) else 500
    reference = new_reference()
    logger.error("error page %s, reference %s, %s", status, reference, request.path)
    try:
        kept = kept_text(request)
    except Exception:  # The form itself may be what failed; the page must still come.
        logger.exception("the text of the failed request could not be kept")
        kept = ""
    context = {
        "reference": reference,
        "kept_text": kept,
        "sentence": _full_disk() if outages.is_full_disk(error) else "",
    }
    return HttpResponse(get_template(f"{status}.html").render(context), status=status)


def _full_disk() -> str:
    return _(
        "The disk of the server is full, so nothing was saved. Tell the people who run Steward; when there is room "
        "again, send it once more."
    )
