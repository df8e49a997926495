"""Say about an operation what the schema shall tell: summary, body, answers, and each problem it can answer with."""

from collections.abc import Callable, Iterable
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from common.problems import MEDIA_TYPE

from .shapes import ProblemDocument

ALWAYS = (401, 403, 429, 500, 503)
_TITLES = {
    400: "The request can't be read.",
    401: "Nobody is signed in, or the token is no longer good.",
    403: "The matrix does not give this to the caller, or the token lacks the scope.",
    404: "There is nothing here that the caller may see.",
    409: "The act is not possible now; `errors` says what is in its way.",
    412: "Changed by somebody else since it was read; `current` shows how.",
    413: "The body or file is too large.",
    415: "The body is of a kind that is not read here.",
    422: "A value does not fit; `errors` names each field.",
    428: "If-Match is missing.",
    429: "Too many requests in this minute.",
    500: "Steward failed; the request id is in its log.",
    503: "The database is busy; nothing was changed.",
}
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='ETag of the version that was read, for example `"7"`.'
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="A key of the caller's choice. The same request with the same key within 24 hours acts once.",
)


def describe(
    summary: str,
    *,
    takes: Any = None,
    gives: Any = None,
    status: int = 200,
    problems: Iterable[int] = (),
    parameters: Iterable[Any] = (),
    examples: Iterable[tuple[str, Any]] = (),
    description: str = "",
    content: str = "",
) -> Callable[..., Any]:
    """
    Describe one method of a view.

    :param problems: statuses besides those that every operation can answer with.
    :param examples: title and body of requests that work.
    :param content: media type of the answer where it is not JSON.
    """
    statuses = {*ALWAYS, *problems}
    if takes is not None:
        statuses |= {400, 413, 415, 422}
    if parameters:
        statuses |= {400, 422}
    answer = OpenApiResponse(gives, description="Done.") if gives is not None else OpenApiResponse(description="Done.")
    responses: dict[Any, Any] = {(status, content) if content else status: answer}
    for each in sorted(statuses):
        responses[each, MEDIA_TYPE] = OpenApiResponse(ProblemDocument, description=_TITLES[each])
    return extend_schema(
        summary=summary,
        description=description or summary + ".",
        request=takes,
        responses=responses,
        parameters=list(parameters),
        examples=[OpenApiExample(title, value=body, request_only=True) for title, body in examples],
    )
