"""Addresses, forms with their fields, and templates as they are."""

import hashlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, get_resolver


def routes() -> dict[str, Any]:
    """Every address: what answers it and which operation its door asks for."""
    found: dict[str, Any] = {}
    for number, (route, pattern) in enumerate(_walk(get_resolver().url_patterns)):
        view = pattern.callback
        answers = getattr(view, "cls", None) or getattr(view, "view_class", None) or view
        found[route or "/"] = {
            "name": pattern.name or "",
            "place": number,
            "view": f"{answers.__module__}.{getattr(answers, '__qualname__', type(answers).__qualname__)}",
            "asks": str(getattr(view, "operation", None) or getattr(answers, "operations", None) or ""),
        }
    return found


def _walk(patterns: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        else:
            yield from _walk(each.url_patterns, route)


def fields() -> dict[str, Any]:
    """Every form of a page and every body of the API: its fields, their types, and whether they are needed."""
    # Late: every worker imports this module, and needs nothing of the API.
    from rest_framework import serializers

    get_resolver().url_patterns  # noqa: B018 - loads the views, and with them the forms
    _load_forms(_ours())
    found: dict[str, Any] = {}
    for form in _below(forms.BaseForm):
        if _is_ours(form):
            known = getattr(form, "base_fields", {})
            found[f"form {form.__module__}.{form.__qualname__}"] = {n: _field(each) for n, each in known.items()}
    for shape in _below(serializers.Serializer):
        if _is_ours(shape):
            declared = getattr(shape, "_declared_fields", {})
            found[f"api {shape.__module__}.{shape.__qualname__}"] = {n: _field(each) for n, each in declared.items()}
    return found


def _field(field: Any) -> list[Any]:
    return [type(field).__name__, bool(getattr(field, "required", False)), bool(getattr(field, "disabled", False))]


@cache
def _load_forms(names: frozenset[str]) -> None:
    """Load the modules of forms that no view has loaded yet: what there is must not depend on what was opened."""
    for name in sorted(names):
        package = import_module(name)
        for each in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}."):
            if each.name.rsplit(".", 1)[-1].endswith(("form", "forms")):
                import_module(each.name)


def _below(base: type) -> Iterator[type]:
    seen: set[type] = set()
    waiting: list[type] = [base]
    while waiting:
        known: list[type] = waiting.pop().__subclasses__()
        for each in known:
            if each not in seen:
                seen.add(each)
                waiting.append(each)
                yield each


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in _ours() and "<locals>" not in kind.__qualname__


@cache
def _ours() -> frozenset[str]:
    """Our packages, those apps that stand beside `manage.py`, and the practices that this installation added."""
    here = {each.name for each in apps.get_app_configs() if "." not in each.name and _stands_here(each.path)}
    return frozenset({*here, *settings.ADDED_PRACTICES})


def _stands_here(path: str) -> bool:
    return Path(path).parent == Path(settings.BASE_DIR)


def _template_folders() -> list[Any]:
    added = [Path(apps.get_app_config(name.rpartition(".")[2]).path) / "templates" for name in settings.ADDED_PRACTICES]
    return [*settings.TEMPLATES[0]["DIRS"], *added]  # type: ignore[call-overload] # a list of settings of Django's own shape


def templates() -> dict[str, str]:
    """Every template of ours by the digest of its text."""
    found = {}
    for folder in (Path(str(each)) for each in _template_folders()):
        for path in folder.rglob("*"):
            if path.is_file():
                found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return found
