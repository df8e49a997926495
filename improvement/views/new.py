"""A new improvement: from nothing, from the record that gives the idea, or from the figures of a measure."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from common.refs import parse_reference
from measurement import known
from people.doors import requires
from records import once, practices
from records.models import Record
from records.views.making import made_once
from services.queries import services_visible_to

from .. import operations
from ..enums import Origin
from ..forms import NewImprovementForm
from ..operations.creation import ORIGINS


@method_decorator(requires("improvement.create"), name="dispatch")
class NewImprovement(View):
    """GET the form, filled from `?from=INC-1042` or `?kpi=inc-mttrs&service=vpn`; POST makes exactly one of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        record, kpi = self._record(request.GET.get("from", "")), _kpi(request.GET.get("kpi", ""))
        initial: dict[str, Any] = {"origin": Origin.PERSON}
        if record is not None:
            initial = {
                "title": record.title, "origin": ORIGINS.get(record.kind, Origin.PERSON), "service": record.service_id,
                "category": record.category_id,
            }  # fmt: skip
        elif kpi is not None:
            initial = {"title": _("Better: %(measure)s") % {"measure": kpi.name}, "origin": Origin.SIGNAL}
            service = services_visible_to(request.user).filter(slug=request.GET.get("service", "")).first()
            initial["service"] = service.pk if service is not None else None
        if request.GET.get("origin") in Origin.values:
            initial["origin"] = request.GET["origin"]
        return self._ask(request, NewImprovementForm(initial=initial, viewer=request.user), token=once.new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewImprovementForm(request.POST, viewer=request.user)

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, token=token, status=status)

        return made_once(request, form, lambda: self._write(request, form), ask=ask)

    def _write(self, request: HttpRequest, form: NewImprovementForm) -> str:
        kpi = _kpi(request.POST.get("kpi", ""))
        improvement = operations.create(
            by=request.user,
            at=now(),
            **form.cleaned_data,
            raised_from=self._record(request.POST.get("from", "")),
            kpi=kpi.id if kpi is not None else "",
        )
        messages.success(request, _("%(reference)s is in the register.") % {"reference": improvement.reference})
        return str(improvement.get_absolute_url())

    def _record(self, typed: str) -> Any:
        """What gives the idea; None when the person sees none of that name."""
        kinds = practices.of("improvement").raised_from
        rows = Record.objects.visible_to(self.request.user).filter(pk=parse_reference(typed) or 0, kind__in=kinds)
        return rows.first()

    def _ask(self, request: HttpRequest, form: NewImprovementForm, *, token: str, status: int = 200) -> HttpResponse:
        said = request.POST if request.method == "POST" else request.GET
        context = {
            "form": form,
            "token": token,
            "record": self._record(said.get("from", "")),
            "kpi": _kpi(said.get("kpi", "")),
        }
        return render(request, "improvement/new.html", context, status=status)


def _kpi(name: str) -> Any:
    """The measure of this id; None when there is none."""
    return next((each for each in known.kpis() if each.id == name), None) if name else None
