"""Editing one field in place, with the priority beside it; two people on the same field both keep their text."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from audit.models import Entry
from common.forms import tell
from common.numbers import number_in, version_in
from common.refusals import NotAllowed, Refused, Stale
from people.access import require
from people.doors import person_of, requires

from .. import operations
from ..field_forms import PriorityForm, as_text, field_form
from ..priority import matrix
from .base import pressed, see_other


def saved(request: HttpRequest, page: Any, record: Any, name: str = "") -> HttpResponse:
    """Answer a change: the new parts of the page for scripts, the page itself for plain forms."""
    if request.headers.get("HX-Request"):
        answer = page().parts(request, page.worked_on(request.user, record.pk))
        latest = Entry.objects.filter(subject_kind="record", subject_id=record.pk, actor=person_of(request)).order_by(
            "-id"
        )
        entry = latest.filter(action=f"{record.kind}.edited").first()
        if entry is not None:
            toast = {"text": _("Saved."), "undo_url": f"{record.get_absolute_url()}edits/{entry.pk}/undo/"}
            answer["HX-Trigger"] = json.dumps({"steward:toast": toast})
        return answer
    return see_other(request, page.address_of(record, name))


@method_decorator(requires("record.view"), name="dispatch")
class Field(View):
    """
    GET a small form, POST the value. The form carries the version and the value that the person saw.

    :cvar page: the `RecordPage` of the kind; it says which fields can be edited.
    """

    page: Any = None

    def get(self, request: HttpRequest, number: int, name: str) -> HttpResponse:
        record = self._editable(request, number, name)
        return self._ask(request, record, name, self._form(request, name, record=record))

    def post(self, request: HttpRequest, number: int, name: str) -> HttpResponse:
        record = self._editable(request, number, name)
        form = self._form(request, name, data=request.POST)
        if not form.is_valid():
            return self._ask(request, record, name, form, status=422)
        version = request.POST.get("version", "")
        try:
            self._save(request, record, name, form, version=version_in(version))
        except NotAllowed:
            raise
        except Stale:
            fresh = self.page.worked_on(request.user, number)
            current = as_text(self._form(request, name, record=fresh), name)
            if current != request.POST.get("original", ""):
                return self._conflict(request, fresh, name, form, current)
            return self._save_again(request, fresh, name, form)
        except Refused as refused:
            form.add_error(name, str(refused))
            return self._ask(request, record, name, form, status=422)
        return saved(request, self.page, record, name)

    def _editable(self, request: HttpRequest, number: int, name: str) -> Any:
        record = self.page.worked_on(request.user, number)
        if name not in self.page.fields:
            raise Http404
        require(request.user, f"{record.kind}.edit", record)
        return record

    def _form(self, request: HttpRequest, name: str, *, record: Any = None, data: Any = None) -> Any:
        page = self.page
        return field_form(page.model(), page.fields, name, viewer=request.user, record=record, data=data)

    def _save(self, request: HttpRequest, record: Any, name: str, form: Any, *, version: int | None) -> None:
        value = form.cleaned_data[name]
        if value is None and not record._meta.get_field(name).null:
            value = ""
        record.practice.operations.edit(
            **{record.kind: record}, by=request.user, at=now(), values={name: value}, version=version
        )

    def _save_again(self, request: HttpRequest, fresh: Any, name: str, form: Any) -> HttpResponse:
        """Somebody changed another field meanwhile: both changes stand."""
        try:
            self._save(request, fresh, name, form, version=fresh.version)
        except Refused as refused:
            form.add_error(name, str(refused))
            return self._ask(request, fresh, name, form, status=409)
        return saved(request, self.page, fresh, name)

    def _conflict(self, request: HttpRequest, fresh: Any, name: str, form: Any, current: str) -> HttpResponse:
        latest = (
            Entry.objects.filter(subject_kind="record", subject_id=fresh.pk, action=f"{fresh.kind}.edited")
            .select_related("actor")
            .order_by("-id")
            .first()
        )
        conflict = {
            "who": latest.actor if latest else None,
            "at": latest.at if latest else fresh.updated_at,
            "mine": _shown(form, name, request.POST.get(name, "")),
            "theirs": _shown(form, name, current),
            "theirs_value": current,
        }
        return self._ask(request, fresh, name, form, status=409, conflict=conflict)

    def _ask(
        self, request: HttpRequest, record: Any, name: str, form: Any, *, status: int = 200, conflict: Any = None
    ) -> HttpResponse:
        part = "#form" if request.headers.get("HX-Request") else ""
        context = {
            "record": record,
            "name": name,
            "form": form,
            "field": form[name],
            "original": as_text(self._form(request, name, record=record), name),
            "conflict": conflict,
            "is_alone": not part,
            "back_url": self.page.address_of(record, name),
        }
        return render(request, "records/page/field.html" + part, context, status=status)


def _shown(form: Any, name: str, value: str) -> str:
    """A sent value as people read it: the name behind a key."""
    field = form.fields[name]
    queryset = getattr(field, "queryset", None)
    if queryset is not None:
        chosen = queryset.filter(pk=number_in(value)).first()
        return field.label_from_instance(chosen) if chosen is not None else _("nothing")
    return dict(getattr(field, "choices", ())).get(value, value) or _("nothing")


@method_decorator(requires("record.view"), name="dispatch")
class Priority(View):
    """Impact and urgency give the priority; another one needs a reason."""

    page: Any = None

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        record = self.page.worked_on(request.user, number)
        require(request.user, f"{record.kind}.edit", record)
        initial = {"impact": record.impact, "urgency": record.urgency, "reason": record.priority_reason}
        if record.is_priority_overridden:
            initial["priority"] = record.priority
        return self._ask(request, record, PriorityForm(initial=initial))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        record = self.page.worked_on(request.user, number)
        form = PriorityForm(request.POST)
        if not form.is_valid():
            return self._ask(request, record, form, status=422)
        version = request.POST.get("version", "")
        seen = version_in(version)
        try:
            operations.judge(record=record, by=request.user, at=now(), version=seen, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            tell(form, refused.refusals)
            fresh = self.page.worked_on(request.user, number)
            return self._ask(request, fresh, form, status=409 if refused.status == 412 else 422)
        return saved(request, self.page, record)

    def _ask(self, request: HttpRequest, record: Any, form: PriorityForm, *, status: int = 200) -> HttpResponse:
        part = "#form" if request.headers.get("HX-Request") else ""
        context = {"record": record, "form": form, "matrix": matrix()}
        return render(request, "records/page/priority.html" + part, context, status=status)


@method_decorator(requires("record.view"), name="dispatch")
class Undo(View):
    """Take one's own change of fields back."""

    page: Any = None

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        record = self.page.worked_on(request.user, number)
        return pressed(
            request, lambda: operations.undo_edit(record=record, by=request.user, at=now(), entry_id=key),
            url=record.get_absolute_url(),
        )  # fmt: skip
