"""Editing one field in place, with the priority beside it; two people on the same field both keep their text."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from audit.models import Entry
from common.refusals import NotAllowed, Refused, Stale
from people.access import require
from people.doors import person_of, requires
from records.priority import matrix
from records.views.base import act_and_return, is_worked_on_by, record_or_404, see_other

from .. import operations
from ..forms import FIELDS, PriorityForm, as_text, field_form
from ..models import Incident
from .ticket import parts


def _worked_on(request: HttpRequest, number: int) -> Incident:
    record = record_or_404(request.user, number, Incident)
    if not is_worked_on_by(request.user, record):
        raise Http404
    return record


def saved(request: HttpRequest, record: Incident) -> HttpResponse:
    """Answer a change: the new parts of the page for scripts, the page itself for plain forms."""
    if request.headers.get("HX-Request"):
        answer = parts(request, record.pk)
        latest = Entry.objects.filter(subject_kind="record", subject_id=record.pk, actor=person_of(request)).order_by(
            "-id"
        )
        entry = latest.filter(action="incident.edited").first()
        if entry is not None:
            toast = {"text": _("Saved."), "undo_url": f"{record.get_absolute_url()}edits/{entry.pk}/undo/"}
            answer["HX-Trigger"] = json.dumps({"steward:toast": toast})
        return answer
    return see_other(request, record.get_absolute_url())


@method_decorator(requires("incident.edit"), name="dispatch")
class Field(View):
    """GET a small form, POST the value. The form carries the version and the value that the person saw."""

    def get(self, request: HttpRequest, number: int, name: str) -> HttpResponse:
        record = _worked_on(request, number)
        self._known(name)
        require(request.user, "incident.edit", record)
        return self._ask(request, record, name, field_form(name, viewer=request.user, record=record))

    def post(self, request: HttpRequest, number: int, name: str) -> HttpResponse:
        record = _worked_on(request, number)
        self._known(name)
        form = field_form(name, viewer=request.user, data=request.POST)
        if not form.is_valid():
            return self._ask(request, record, name, form, status=422)
        version = request.POST.get("version", "")
        value = form.cleaned_data[name]
        said: dict[str, Any] = {
            "incident": record,
            "by": request.user,
            "at": now(),
            "values": {name: value if value is not None or name in NULLABLE else ""},
            "version": int(version) if version.isdigit() else None,
        }
        try:
            operations.edit(**said)
        except NotAllowed:
            raise
        except Stale:
            fresh = _worked_on(request, number)
            current = as_text(field_form(name, viewer=request.user, record=fresh), name)
            if current != request.POST.get("original", ""):
                return self._conflict(request, fresh, name, form, current)
            # Somebody changed another field meanwhile: both changes stand.
            return self._save_again(request, fresh, name, form, said)
        except Refused as refused:
            form.add_error(name, str(refused))
            return self._ask(request, record, name, form, status=422)
        return saved(request, record)

    def _save_again(
        self, request: HttpRequest, fresh: Incident, name: str, form: Any, said: dict[str, Any]
    ) -> HttpResponse:
        try:
            operations.edit(**said | {"version": fresh.version})
        except Refused as refused:
            form.add_error(name, str(refused))
            return self._ask(request, fresh, name, form, status=409)
        return saved(request, fresh)

    def _known(self, name: str) -> None:
        if name not in FIELDS:
            raise Http404

    def _conflict(self, request: HttpRequest, fresh: Incident, name: str, form: Any, current: str) -> HttpResponse:
        latest = (
            Entry.objects.filter(subject_kind="record", subject_id=fresh.pk, action="incident.edited")
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
        self, request: HttpRequest, record: Incident, name: str, form: Any, *, status: int = 200, conflict: Any = None
    ) -> HttpResponse:
        original = as_text(field_form(name, viewer=request.user, record=record), name)
        part = "#form" if request.headers.get("HX-Request") else ""
        return render(
            request,
            "incidents/field.html" + part,
            {
                "record": record,
                "name": name,
                "form": form,
                "field": form[name],
                "original": original,
                "conflict": conflict,
            },
            status=status,
        )


NULLABLE = frozenset({"service", "item", "category", "affected_count", "outage_from", "outage_to"})


def _shown(form: Any, name: str, value: str) -> str:
    """A sent value as people read it: the name behind a key."""
    field = form.fields[name]
    queryset = getattr(field, "queryset", None)
    if queryset is not None:
        chosen = queryset.filter(pk=int(value)).first() if value.isdigit() else None
        return field.label_from_instance(chosen) if chosen is not None else _("nothing")
    return dict(getattr(field, "choices", ())).get(value, value) or _("nothing")


@method_decorator(requires("incident.edit"), name="dispatch")
class Priority(View):
    """Impact and urgency give the priority; another one needs a reason."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        record = _worked_on(request, number)
        require(request.user, "incident.edit", record)
        initial = {"impact": record.impact, "urgency": record.urgency, "reason": record.priority_reason}
        if record.is_priority_overridden:
            initial["priority"] = record.priority
        return self._ask(request, record, PriorityForm(initial=initial))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        record = _worked_on(request, number)
        form = PriorityForm(request.POST)
        if not form.is_valid():
            return self._ask(request, record, form, status=422)
        said, version = form.cleaned_data, request.POST.get("version", "")
        about: dict[str, Any] = {
            "incident": record,
            "by": request.user,
            "at": now(),
            "version": int(version) if version.isdigit() else None,
        }
        try:
            operations.judge(**about, **said)
        except NotAllowed:
            raise
        except Refused as refused:
            for each in refused.refusals:
                form.add_error(each.field if each.field in form.fields else None, str(each.message))
            return self._ask(request, _worked_on(request, number), form, status=409 if refused.status == 412 else 422)
        return saved(request, record)

    def _ask(self, request: HttpRequest, record: Incident, form: PriorityForm, *, status: int = 200) -> HttpResponse:
        part = "#form" if request.headers.get("HX-Request") else ""
        context = {"record": record, "form": form, "matrix": matrix()}
        return render(request, "incidents/priority.html" + part, context, status=status)


@requires("incident.assign")
@require_POST
def taking(request: HttpRequest, number: int) -> HttpResponse:
    """I take it: assigned to me and started, with one key."""
    record = _worked_on(request, number)
    return act_and_return(
        request,
        record,
        lambda: operations.take(incident=record, by=request.user, at=now()),
        said=_("%(reference)s is yours.") % {"reference": record.reference},
    )


@requires("incident.edit")
@require_POST
def undo(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Take one's own change of fields back."""
    record = _worked_on(request, number)
    try:
        operations.undo_edit(incident=record, by=request.user, at=now(), entry_id=key)
    except Refused as refused:
        messages.error(request, str(refused))
    return see_other(request, record.get_absolute_url())
