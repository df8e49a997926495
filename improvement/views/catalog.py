"""Goals and scales: what improvements trace to and are scored by."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.forms import tell
from common.numbers import version_in
from common.refusals import NotAllowed, Refused
from people.access import access_of
from people.doors import requires
from records.views.base import see_other

from .. import operations
from ..forms import GoalForm, ScaleForm
from ..models import Goal, Scale

GOALS, SCALES = "/improvements/?view=goals", "/improvements/scales/"


@requires("improvement.set_goals")
@require_http_methods(["GET", "HEAD", "POST"])
def new_goal(request: HttpRequest) -> HttpResponse:
    """Write down a goal."""
    if request.method != "POST":
        return _ask_goal(request, GoalForm(viewer=request.user, is_new=True))
    form = GoalForm(request.POST, viewer=request.user, is_new=True)
    return _save(
        request, form, lambda: operations.create_goal(by=request.user, at=now(), **form.cleaned_data), _ask_goal, GOALS
    )


@requires("improvement.set_goals")
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, key: int) -> HttpResponse:
    """Change a goal."""
    found = get_object_or_404(Goal.objects.visible_to(request.user), pk=key)
    if request.method != "POST":
        names = ("title", "description", "organization", "owner", "is_active")
        initial = {name: getattr(found, name) for name in names}
        return _ask_goal(request, GoalForm(initial=initial, viewer=request.user), goal=found)
    form = GoalForm(request.POST, viewer=request.user)
    return _save(
        request,
        form,
        lambda: operations.change_goal(
            goal=found, by=request.user, at=now(), version=_version(request), **form.cleaned_data
        ),
        _ask_goal,
        GOALS,
        goal=found,
    )


@requires("record.queue")
@require_http_methods(["GET", "HEAD"])
def scales(request: HttpRequest) -> HttpResponse:
    """The three scales with their weights."""
    can_set = access_of(request.user).allows("improvement.set_scales")
    return render(request, "improvement/scales.html", {"scales": Scale.objects.order_by("pk"), "can_set": can_set})


@requires("improvement.set_scales")
@require_http_methods(["GET", "HEAD", "POST"])
def scale(request: HttpRequest, key: int) -> HttpResponse:
    """Change the words and the weight of one scale."""
    found = get_object_or_404(Scale, pk=key)
    if request.method != "POST":
        initial: dict[str, Any] = {f"level_{level}": text for level, text in enumerate(found.texts, start=1)}
        return _ask_scale(request, ScaleForm(initial={"weight": found.weight, **initial}), scale=found)
    form = ScaleForm(request.POST)
    return _save(
        request,
        form,
        lambda: operations.change_scale(
            scale=found, by=request.user, at=now(), weight=form.cleaned_data["weight"], texts=form.texts,
            version=_version(request),
        ),
        _ask_scale,
        SCALES,
        scale=found,
    )  # fmt: skip


def _version(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return version_in(typed)


def _save(request: HttpRequest, form: Any, act: Any, ask: Any, address: str, **about: Any) -> HttpResponse:
    if not form.is_valid():
        return ask(request, form, status=422, **about)
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.refusals)
        return ask(request, form, status=422, **about)
    messages.success(request, _("Saved."))
    return see_other(request, address)


def _ask_goal(request: HttpRequest, form: GoalForm, *, goal: Any = None, status: int = 200) -> HttpResponse:
    return render(request, "improvement/goal.html", {"form": form, "goal": goal}, status=status)


def _ask_scale(request: HttpRequest, form: ScaleForm, *, scale: Any = None, status: int = 200) -> HttpResponse:
    return render(request, "improvement/scale.html", {"form": form, "scale": scale}, status=status)
