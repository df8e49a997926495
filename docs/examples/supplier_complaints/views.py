"""The pages of complaints: one of them, and a new one. Their list is a view of the queue."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from common.refs import parse_reference
from people.doors import requires
from records import once, practices
from records.enums import LinkKind
from records.models import Record
from records.operations import link
from records.views.making import made_once
from records.views.page import RecordPage

from . import operations
from .forms import FIELDS, NewComplaintForm


class ComplaintPage(RecordPage):
    """One complaint: the page that every record has, with the fields of this one."""

    kind = "supplier_complaint"
    list_url = "/queue/?q=kind:supplier_complaint"
    fields = FIELDS
    facts = ("supplier", "promised", "answer", "remedy", "service", "team", "assignee", "tags")


@method_decorator(requires("supplier_complaint.create"), name="dispatch")
class NewComplaint(View):
    """GET the form, filled from `?from=INC-1042`; POST makes exactly one complaint of it, linked to that record."""

    def get(self, request: HttpRequest) -> HttpResponse:
        about = self._about(request.GET.get("from", ""))
        initial = {"title": about.title, "service": about.service_id} if about is not None else {}
        form = NewComplaintForm(initial=initial, viewer=request.user)
        return self._ask(request, form, about=about, token=once.new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        about = self._about(request.POST.get("from", ""))
        form = NewComplaintForm(request.POST, viewer=request.user)

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, about=about, token=token, status=status)

        return made_once(request, form, lambda: self._write(request, form, about=about), ask=ask)

    @transaction.atomic
    def _write(self, request: HttpRequest, form: NewComplaintForm, *, about: Any) -> str:
        said: dict[str, Any] = {"by": request.user, "at": now()}
        made = operations.create(**said, **form.cleaned_data)
        if about is not None:
            link(record=made, to=about, kind=LinkKind.RELATED_TO, **said)
        messages.success(request, _("%(reference)s written.") % {"reference": made.reference})
        return made.get_absolute_url()

    def _about(self, typed: str) -> Any:
        """What it is complained about; None when the person sees none of that name."""
        kinds = practices.of("supplier_complaint").raised_from
        rows = Record.objects.visible_to(self.request.user).filter(pk=parse_reference(typed) or 0, kind__in=kinds)
        return rows.first()

    def _ask(
        self, request: HttpRequest, form: NewComplaintForm, *, about: Any, token: str, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "token": token, "about": about}
        return render(request, "supplier_complaints/new.html", context, status=status)
