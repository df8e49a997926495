"""A new change: choose how it goes, then say what is changed. From nothing, from a model, or from another record."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import get_default_timezone, now
from django.utils.translation import gettext as _
from django.views import View

from common.refs import parse_reference
from people.doors import requires
from records import once
from records.models import Record
from records.views.making import made_once

from .. import operations
from ..enums import ModelState, Type
from ..forms import NewChangeForm
from ..models import ChangeModel
from ..queries import landing

ORIGINS = ("incident", "problem")


@method_decorator(requires("change.create"), name="dispatch")
class NewChange(View):
    """GET the form, filled from `?model=restart-gateway` and `?from=INC-1042`; POST makes exactly one change of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        model, origin = self._model(request.GET.get("model", "")), self._origin(request.GET.get("from", ""))
        initial: dict[str, Any] = {"type": request.GET.get("type", Type.NORMAL)}
        if origin is not None:
            initial |= {
                "title": origin.title,
                "rationale": _("%(reference)s: %(title)s") % {"reference": origin.reference, "title": origin.title},
                "services": [origin.service_id] if origin.service_id else [],
                "items": origin.item.name if origin.item else "",
            }
        if model is not None:
            initial["title"] = initial.get("title") or model.name
            services = list(model.services.values_list("pk", flat=True)[:2])
            if len(services) == 1:
                initial["services"] = services
        form = NewChangeForm(initial=initial, viewer=request.user, model=model)
        return self._ask(request, form, model=model, origin=origin, token=once.new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        model, origin = self._model(request.POST.get("model", "")), self._origin(request.POST.get("from", ""))
        form = NewChangeForm(request.POST, viewer=request.user, model=model)

        def make() -> str:
            return self._write(request, form, model=model, origin=origin)

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, model=model, origin=origin, token=token, status=status)

        return made_once(request, form, make, ask=ask)

    def _write(self, request: HttpRequest, form: NewChangeForm, *, model: Any, origin: Any) -> str:
        change = operations.create(
            by=request.user, at=now(), **form.cleaned_data, model=model, raised_from=origin, source="other"
        )
        messages.success(request, _("%(reference)s written down.") % {"reference": change.reference})
        return f"{change.get_absolute_url()}plan/"

    def _model(self, slug: str) -> ChangeModel | None:
        """:raises Http404: there is none that can be used today."""
        if not slug:
            return None
        day = now().astimezone(get_default_timezone()).date()
        found: ChangeModel | None = ChangeModel.objects.usable(day).filter(slug=slug).first()
        if found is None:
            raise Http404
        return found

    def _origin(self, typed: str) -> Any:
        """The record that calls for it; None when the person sees none of that name."""
        rows = Record.objects.visible_to(self.request.user).filter(pk=parse_reference(typed) or 0, kind__in=ORIGINS)
        found = rows.select_related("service", "item").first()
        return None if found is None else found.specific

    def _ask(
        self, request: HttpRequest, form: NewChangeForm, *, model: Any, origin: Any, token: str, status: int = 200
    ) -> HttpResponse:
        context = {
            "form": form,
            "token": token,
            "model": model,
            "origin": origin,
            "models": landing.models(states=(ModelState.APPROVED,)),
        }
        return render(request, "changes/new.html", context, status=status)
