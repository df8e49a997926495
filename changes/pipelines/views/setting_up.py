"""Connecting pipelines: environments with their policy, and what to paste."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import get_default_timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.numbers import version_in
from common.time import now
from people.access import access_of
from people.doors import person_of, requires
from records.views.base import saved
from services.queries import services_visible_to

from ...models import ChangeModel
from .. import operations, snippets
from ..forms import EnvironmentForm
from ..models import Environment

ADDRESS = "/changes/pipelines/"
POLICY = ("name", "is_production", "needs_change", "is_active")


@require_safe
@requires("deployment.view")
def pipelines(request: HttpRequest) -> HttpResponseBase:
    """Environments, and the job for a service and a model."""
    day = now().astimezone(get_default_timezone()).date()
    services = list(services_visible_to(request.user).live().order_by("name"))
    models = list(ChangeModel.objects.usable(day).order_by("name"))
    service = next((each for each in services if each.slug == request.GET.get("service")), None) or next(
        iter(services), None
    )
    model = next((each for each in models if each.slug == request.GET.get("model")), None) or next(iter(models), None)
    context = {
        "environments": list(Environment.objects.all()),
        "services": services,
        "models": models,
        "service": service,
        "model": model,
        "jobs": snippets.jobs(
            url=settings.BASE_URL,
            service=service.slug if service else "my-service",
            model=model.slug if model else "my-model",
        ),
        "script": snippets.script(),
        "can_set": access_of(request.user).allows("deployment.set_environments"),
        "can_set_models": access_of(request.user).allows("change.set_models"),
    }
    return render(request, "changes/pipelines/pipelines.html", context)


@require_safe
@requires("deployment.view")
def script(request: HttpRequest) -> HttpResponseBase:
    """The script as a file."""
    return HttpResponse(
        snippets.script(),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{snippets.SCRIPT_NAME}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("deployment.set_environments")
def new_environment(request: HttpRequest) -> HttpResponseBase:
    """Add an environment."""
    if request.method != "POST":
        return _ask(request, EnvironmentForm(is_new=True))
    return _save(
        request,
        EnvironmentForm(request.POST, is_new=True),
        lambda said: operations.create_environment(by=person_of(request), at=now(), **said),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("deployment.set_environments")
def environment(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Change what holds for an environment."""
    found = get_object_or_404(Environment, slug=slug)
    if request.method != "POST":
        initial = {name: getattr(found, name) for name in POLICY}
        return _ask(request, EnvironmentForm(is_new=False, initial=initial), environment=found)
    typed = request.POST.get("version", "")
    version = version_in(typed)
    return _save(
        request,
        EnvironmentForm(request.POST, is_new=False),
        lambda said: operations.change_environment(
            environment=found, by=person_of(request), at=now(), values=said, version=version
        ),
        environment=found,
    )


def _save(
    request: HttpRequest, form: EnvironmentForm, act: Callable[[dict[str, Any]], Environment], **about: Any
) -> HttpResponse:
    return saved(request, form, act, ask=lambda status: _ask(request, form, status=status, **about), url=ADDRESS)


def _ask(
    request: HttpRequest, form: EnvironmentForm, *, environment: Environment | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "environment": environment}
    return render(request, "changes/pipelines/environment.html", context, status=status)
