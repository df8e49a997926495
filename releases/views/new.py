"""A new release: from nothing, or with the change from which it is raised."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from common.refs import parse_reference
from people.doors import requires
from records import once, practices
from records.models import Record
from records.views.making import made_once

from .. import operations
from ..forms import NewReleaseForm


@method_decorator(requires("release.create"), name="dispatch")
class NewRelease(View):
    """GET the form, filled from `?from=CHG-1042`; POST makes exactly one release of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        change = self._change(request.GET.get("from", ""))
        initial: dict[str, Any] = {}
        if change is not None:
            initial = {"title": change.title, "services": [change.service_id] if change.service_id else []}
        form = NewReleaseForm(initial=initial, viewer=request.user)
        return self._ask(request, form, change=change, token=once.new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        change = self._change(request.POST.get("from", ""))
        form = NewReleaseForm(request.POST, viewer=request.user)

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, change=change, token=token, status=status)

        return made_once(request, form, lambda: self._write(request, form, change=change), ask=ask)

    def _write(self, request: HttpRequest, form: NewReleaseForm, *, change: Any) -> str:
        release = operations.create(
            by=request.user,
            at=now(),
            **form.cleaned_data,
            changes=[change] if change is not None else [],
            source="other",
        )
        messages.success(request, _("%(reference)s planned.") % {"reference": release.reference})
        return f"{release.get_absolute_url()}contents/"

    def _change(self, typed: str) -> Any:
        """What goes into it from the start; None when the person sees none of that name."""
        kinds = practices.of("release").gathers
        rows = Record.objects.visible_to(self.request.user).filter(pk=parse_reference(typed) or 0, kind__in=kinds)
        found = rows.select_related("service").first()
        return None if found is None else found.specific

    def _ask(
        self, request: HttpRequest, form: NewReleaseForm, *, change: Any, token: str, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "token": token, "change": change}
        return render(request, "releases/new.html", context, status=status)
