"""No door without a lock: every address of the project names the operation it serves, or says that it is open."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from people import matrix

# Doors of others, which bring their own locks: sign-in throttled by allauth, set-up pages behind `setup.edit`.
LOCKED_ELSEWHERE = ("allauth.", "django.contrib.admin.", "django.contrib.auth.")


def routes(patterns: Any = None, before: str = "/") -> Iterator[tuple[str, Any]]:
    """Address and view of every route."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield before + str(each.pattern), each.callback


def own_routes() -> list[tuple[str, Any]]:
    return [(path, view) for path, view in routes() if not _module(view).startswith(LOCKED_ELSEWHERE)]


def _module(view: Any) -> str:
    owner = getattr(view, "admin_site", None) or getattr(view, "model_admin", None)
    return type(owner).__module__ + "." if owner is not None else getattr(view, "__module__", "") + "."


def _is_api(view: Any) -> bool:
    return hasattr(getattr(view, "cls", None), "operations")


def test_every_page_names_its_operation_or_says_that_it_is_public():
    unmarked = [path for path, view in own_routes() if not _is_api(view) and not hasattr(view, "operation")]

    assert unmarked == []


def test_every_operation_that_a_route_names_stands_in_the_matrix():
    known = {rule.operation for rule in matrix.rules()}
    named = {view.operation for _path, view in own_routes() if getattr(view, "operation", None)}
    named |= {each for _path, view in own_routes() if _is_api(view) for each in view.cls.operations.values()}

    assert named - known == set()


def test_every_method_of_the_api_names_its_operation():
    missing = [
        (path, method)
        for path, view in own_routes()
        if _is_api(view)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if hasattr(view.cls, method.lower()) and method not in view.cls.operations
    ]

    assert missing == []
    assert sum(_is_api(view) for _path, view in own_routes()) > 40


def test_only_these_addresses_are_open_to_everybody():
    public = sorted(path for path, view in own_routes() if getattr(view, "operation", "") is None)

    assert public == [
        "/api/v1/^(?P<rest>.*)$",
        "/api/v1/docs/",
        "/api/v1/schema/",
        "/appearance/",
        "/health/keeping-up/",
        "/health/live/",
        "/health/ready/",
    ]
