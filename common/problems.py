"""
Problem documents (RFC 9457): every error of the REST API answers in this one shape, whatever raised it.

`type` is a URN for machines, `detail` a sentence for people, `errors` the single reasons with the field each is about.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from . import outages
from .refusals import NotAllowed, Refused, Stale

MEDIA_TYPE = "application/problem+json"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """One kind of problem: last part of its URN, HTTP status, title."""

    code: str
    status: int
    title: Any


MALFORMED = Kind("malformed", 400, _("The request can't be read"))
UNAUTHENTICATED = Kind("unauthenticated", 401, _("Nobody is signed in"))
NOT_ALLOWED = Kind("not-allowed", 403, _("Not allowed"))
SCOPE_MISSING = Kind("scope-missing", 403, _("The token lacks a scope"))
NOT_FOUND = Kind("not-found", 404, _("Not found"))
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, _("This address does not know the method"))
REFUSED = Kind("refused", 409, _("The act was refused"))
STALE = Kind("stale", 412, _("Changed meanwhile"))
TOO_LARGE = Kind("too-large", 413, _("Too large"))
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, _("Unknown kind of content"))
UNFIT = Kind("unfit", 422, _("A value does not fit"))
PRECONDITION_REQUIRED = Kind("precondition-required", 428, _("A version is needed"))
THROTTLED = Kind("throttled", 429, _("Too many requests"))
BROKEN = Kind("error", 500, _("Steward failed"))
UNAVAILABLE = Kind("unavailable", 503, _("Busy"))

KINDS = (
    MALFORMED, UNAUTHENTICATED, NOT_ALLOWED, SCOPE_MISSING, NOT_FOUND, METHOD_NOT_ALLOWED, REFUSED, STALE, TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE, UNFIT, PRECONDITION_REQUIRED, THROTTLED, BROKEN, UNAVAILABLE,
)  # fmt: skip
_BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}


class Problem(Exception):
    """A problem that a door of the API finds itself: raised as a `Kind` with a sentence."""

    def __init__(
        self,
        kind: Kind,
        detail: Any,
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.kind, self.detail, self.errors = kind, detail, list(errors)
        self.headers = dict(headers or {})
        self.more = more
        super().__init__(str(detail))


def document(problem: Problem, request: Any) -> dict[str, Any]:
    """The members of the problem document; `request_id` is the one that our log carries."""
    return {
        "type": f"urn:problem-type:steward:{problem.kind.code}",
        "title": str(problem.kind.title),
        "status": problem.kind.status,
        "detail": str(problem.detail),
        "instance": getattr(request, "path", ""),
        "request_id": getattr(request, "reference", ""),
        "errors": [dict(each) for each in problem.errors],
        **problem.more,
    }


def as_plain_response(problem: Problem, request: Any) -> JsonResponse:
    """Answer outside of REST framework: for addresses that lead nowhere."""
    return JsonResponse(
        document(problem, request),
        status=problem.kind.status,
        content_type=MEDIA_TYPE,
        headers=problem.headers or None,
    )


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """Turn whatever a view raised into a problem document. What nobody foresaw is logged and answers 500."""
    request = context.get("request")
    inner = getattr(request, "_request", request)
    problem = _problem_of(error)
    if problem is None:
        _logger.exception("The API failed at %s", getattr(inner, "path", ""))
        got_request_exception.send(sender=exception_handler, request=inner)
        problem = Problem(
            BROKEN, _("Something broke on our side and was logged. Try again, or quote the request id to support.")
        )
    return Response(
        document(problem, inner),
        status=problem.kind.status,
        headers=problem.headers or None,
        content_type=MEDIA_TYPE,
    )


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return _of_refusal(error)
    if isinstance(error, Http404):
        return Problem(NOT_FOUND, _("There is nothing here that you may see. Check the address and the number."))
    if isinstance(error, PermissionDenied):
        return Problem(NOT_ALLOWED, str(error) or _("You may not do this."))
    if isinstance(error, RequestDataTooBig):
        return Problem(TOO_LARGE, _("The request is larger than Steward takes. Send less at a time."))
    if isinstance(error, SuspiciousOperation | BadRequest | MultiPartParserError):
        return Problem(MALFORMED, _("The request can't be read. Check its headers and its body."))
    if outages.is_outage(error):
        _logger.warning("Database, cache or disk do not serve us: %s", error)
        if outages.is_full_disk(error):
            return Problem(
                UNAVAILABLE,
                _("The disk of the server is full. Nothing was changed; try again when there is room."),
                headers={"Retry-After": "300"},
            )
        return Problem(
            UNAVAILABLE,
            _("The database is busy. Nothing was changed; try again in a few seconds."),
            headers={"Retry-After": "5"},
        )
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_refusal(error: Refused) -> Problem:
    errors = [
        {"code": each.code, "message": str(each.message), **({"field": each.field} if each.field else {})}
        for each in error.refusals
    ]
    if isinstance(error, NotAllowed):
        kind = SCOPE_MISSING if any(each.code == "scope_missing" for each in error.refusals) else NOT_ALLOWED
    elif isinstance(error, Stale):
        kind = STALE
    else:
        # A sentence about one field is for whoever filled it in; one without is about the state of things.
        kind = UNFIT if all(each.field for each in error.refusals) else REFUSED
    return Problem(kind, str(error), errors=errors)


def _of_framework(error: exceptions.APIException) -> Problem:
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait) + 1)  # type: ignore[attr-defined]
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flat(error.detail))
        return Problem(UNFIT, " ".join(dict.fromkeys(each["message"] for each in errors)), errors=errors)
    sentences: dict[type, Any] = {
        exceptions.NotAuthenticated: _("Sign in, or send a token: Authorization: Bearer TOKEN."),
        exceptions.NotFound: _("There is nothing here that you may see. Check the address and the number."),
        exceptions.Throttled: _("You have sent too many requests in this minute. Wait, then go on."),
        exceptions.UnsupportedMediaType: _("This address does not read such content. Send application/json."),
    }
    kind = _BY_STATUS.get(error.status_code, MALFORMED if error.status_code < 500 else BROKEN)
    return Problem(kind, sentences.get(type(error), error.detail), headers=headers)


def _flat(detail: Any, path: tuple[str, ...] = ()) -> Iterable[dict[str, Any]]:
    """One entry for each message of a validation error, with the field as a dotted path."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _flat(inner, path if isinstance(inner, str) else (*path, str(number)))
    else:
        found = {"code": getattr(detail, "code", "unfit"), "message": str(detail)}
        if path:
            found["field"] = ".".join(path)
        yield found
