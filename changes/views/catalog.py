"""Models of standard changes: list, page, and the acts on one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.models import Entry
from common.forms import tell
from common.numbers import version_in
from common.refusals import NotAllowed, Refused
from people.access import access_of
from people.doors import requires
from records.rendering import render as render_text
from records.views.base import see_other

from .. import operations
from ..enums import ModelState
from ..forms import ModelForm
from ..models import Change, ChangeModel
from ..queries import landing

LATEST = 20
ACTS = {
    "change_model.proposed": _("proposed"),
    "change_model.changed": _("changed"),
    "change_model.approved": _("approved"),
    "change_model.renewed": _("renewed"),
    "change_model.suspended": _("suspended"),
    "change_model.retired": _("retired"),
}


@requires("record.queue")
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """Every model with its state, uses and successes."""
    context = {"models": landing.models(), "can_set": access_of(request.user).allows("change.set_models")}
    return render(request, "changes/models.html", context)


@requires("record.queue")
@require_safe
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """One model: what it says, how it went, what was decided about it."""
    return _show(request, get_object_or_404(ChangeModel.objects.select_related("owner", "team"), slug=slug))


def _show(request: HttpRequest, found: ChangeModel, *, status: int = 200, **said: Any) -> HttpResponse:
    access = access_of(request.user)
    can_set = access.allows("change.set_models") and found.state != ModelState.RETIRED
    entries = Entry.objects.filter(subject_kind="change_model", subject_id=found.pk).select_related("actor")
    texts = (
        (_("Implementation plan"), found.implementation_plan), (_("Test plan"), found.test_plan),
        (_("Back-out plan"), found.back_out_plan), (_("Communication plan"), found.communication_plan),
    )  # fmt: skip
    figures = next((each for each in landing.models() if each.pk == found.pk), found)
    context = {
        "model": figures,
        "texts": [(label, render_text(text)) for label, text in texts if text],
        "services": list(found.services.all()),
        "latest": list(
            Change.objects.visible_to(request.user)
            .filter(model=found)
            .select_related("assignee")
            .order_by("-pk")[:LATEST]
        ),
        "history": [(ACTS.get(entry.action, entry.action), entry) for entry in entries.order_by("-id")[:LATEST]],
        "can_set": can_set,
        "can_approve": can_set and request.user.pk != found.owner_id,
        "can_use": found.state == ModelState.APPROVED and access.allows("change.create"),
    }
    return render(request, "changes/model.html", {**context, **said}, status=status)


@requires("change.set_models")
@require_http_methods(["GET", "HEAD", "POST"])
def new_model(request: HttpRequest) -> HttpResponse:
    """Propose a model."""
    if request.method != "POST":
        return _ask(request, ModelForm(viewer=request.user, initial={"owner": request.user.pk}))
    return _save(request, lambda said: operations.propose_model(by=request.user, at=now(), **said))


@requires("change.set_models")
@require_http_methods(["GET", "HEAD", "POST"])
def revision(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a model."""
    found = get_object_or_404(ChangeModel, slug=slug)
    if request.method != "POST":
        initial = {name: getattr(found, name) for name in ModelForm.base_fields if name not in ("steps", "services")}
        initial |= {"steps": "\n".join(found.steps), "services": list(found.services.all())}
        initial |= {"owner": found.owner_id, "team": found.team_id}
        return _ask(request, ModelForm(viewer=request.user, initial=initial), model=found)
    typed = request.POST.get("version", "")
    version = version_in(typed)
    return _save(
        request,
        lambda said: operations.change_model(model=found, by=request.user, at=now(), values=said, version=version),
        model=found,
    )


def _save(request: HttpRequest, act: Callable[[dict[str, Any]], ChangeModel], **about: Any) -> HttpResponse:
    form = ModelForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _ask(request, form, status=422, **about)
    try:
        saved = act(form.cleaned_data)
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.refusals)
        return _ask(request, form, status=422, **about)
    messages.success(request, _("Saved."))
    return see_other(request, f"/changes/models/{saved.slug}/")


def _ask(request: HttpRequest, form: ModelForm, *, model: Any = None, status: int = 200) -> HttpResponse:
    return render(request, "changes/model_form.html", {"form": form, "model": model}, status=status)


@requires("change.set_models")
@require_POST
def judgment(request: HttpRequest, slug: str) -> HttpResponse:
    """Approve or renew, suspend, retire: `act` says what."""
    found = get_object_or_404(ChangeModel, slug=slug)
    about: dict[str, Any] = {"model": found, "by": request.user, "at": now()}
    reason, typed = request.POST.get("reason", ""), request.POST.get("expires_date", "")

    def approve() -> None:
        try:
            day = parse_date(typed)
        except ValueError:
            day = None
        if day is None:
            raise Refused.because("required", gettext("Say until when it is approved."), "expires_date")
        operations.approve_model(**about, expires_date=day)

    acts: dict[str, Callable[[], Any]] = {
        "approve": approve,
        "suspend": lambda: operations.suspend_model(**about, reason=reason),
        "retire": lambda: operations.retire_model(**about, reason=reason),
    }
    name = request.POST.get("act", "")
    if name not in acts:
        raise Http404
    try:
        acts[name]()
    except NotAllowed:
        raise
    except Refused as refused:
        return _show(request, found, status=409, refusal=refused, typed={"reason": reason, "expires_date": typed})
    return see_other(request, f"/changes/models/{found.slug}/")
