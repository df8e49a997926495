"""Deployments: the list, one of them, and saying by hand how it went."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.forms import tell
from common.numbers import number_in
from common.refusals import NotAllowed, Refused
from common.time import now
from people.access import access_of
from people.doors import person_of, requires
from records.views.base import see_other
from services.models import Service

from .. import operations
from ..enums import State
from ..forms import ResultForm
from ..models import Deployment, Environment
from ..queries import narrowed

ROWS = 50
COMMITS_SHOWN = 20
RELATED = ("service", "environment", "team", "requester", "model", "change", "incident", "reported_by", "repaired_by")
FILTERS = ("q", "service", "environment", "state")
LONGEST_TYPED = 100


@require_safe
@requires("deployment.view")
def deployments(request: HttpRequest) -> HttpResponseBase:
    """What pipelines asked for and what became of it, the newest first, a page at a time by key."""
    seen = Deployment.objects.visible_to(request.user)
    services = list(Service.objects.filter(pk__in=seen.values("service")).order_by("name"))
    environments = list(Environment.objects.all())
    typed = {name: request.GET.get(name, "").strip()[:LONGEST_TYPED] for name in FILTERS}
    service = next((each for each in services if each.slug == typed["service"]), None)
    rows = narrowed(
        seen.select_related("service", "environment", "change"),
        text=typed["q"].replace("\x00", ""),
        environment=typed["environment"] if any(typed["environment"] == each.slug for each in environments) else "",
        state=typed["state"] if typed["state"] in State.values else "",
    )
    if typed["service"]:
        rows = rows.filter(service=service) if service else rows.none()
    before = number_in(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: ROWS + 1])
    shown, has_older = found[:ROWS], len(found) > ROWS
    asked = {name: value for name, value in typed.items() if value}
    context = {
        "deployments": shown,
        "typed": typed,
        "services": services,
        "environments": environments,
        "states": State.choices,
        "chips": _chips(asked, service),
        "newer_url": "" if before is None else f"?{urlencode(asked)}",
        "older_url": f"?{urlencode(asked | {'before': str(shown[-1].pk)})}" if has_older else "",
        "is_narrowed": bool(asked) or before is not None,
    }
    return render(request, "changes/pipelines/deployments.html", context)


def _chips(asked: dict[str, str], service: Service | None) -> list[dict[str, str]]:
    labels = {"q": _("Version"), "service": _("Service"), "environment": _("Environment"), "state": _("State")}
    return [
        {
            "label": f"{labels[name]}: {service.name if name == 'service' and service else value}",
            "remove_url": f"?{urlencode({other: said for other, said in asked.items() if other != name})}",
        }
        for name, value in asked.items()
    ]


@require_safe
@requires("deployment.view")
def deployment(request: HttpRequest, key: int) -> HttpResponseBase:
    """One deployment: what was asked, what was answered, how it went."""
    return _page(request, _found(request, key))


def _found(request: HttpRequest, key: int) -> Deployment:
    return get_object_or_404(Deployment.objects.visible_to(request.user).select_related(*RELATED), pk=key)


def _page(request: HttpRequest, found: Deployment, *, status: int = 200, form: Any = None) -> HttpResponseBase:
    access = access_of(request.user)
    may_report = found.is_running and access.allows_on("deployment.report", found)
    commits = list(found.commits.all()[: COMMITS_SHOWN + 1])
    context = {
        "deployment": found,
        "commits": commits[:COMMITS_SHOWN],
        "more_commits": found.commits.count() - COMMITS_SHOWN if len(commits) > COMMITS_SHOWN else 0,
        "repaired": list(found.repaired.visible_to(request.user).order_by("-pk")),
        "sees_incident": found.incident is not None and access.allows_on("record.view", found.incident),
        "form": form or (ResultForm(viewer=request.user) if may_report else None),
    }
    return render(request, "changes/pipelines/deployment.html", context, status=status)


@require_POST
@requires("deployment.report")
def result(request: HttpRequest, key: int) -> HttpResponseBase:
    """Say how it went, where the pipeline could not."""
    found = _found(request, key)
    form = ResultForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        done = operations.report(deployment=found, by=person_of(request), at=now(), **form.cleaned_data)
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.refusals)
        return _page(request, _found(request, key), form=form, status=409)
    messages.success(request, done.change_note or _("Reported."))
    return see_other(request, done.get_absolute_url())
