"""A new ticket in thirty seconds on the phone: a caller, a line, the rest if there is time."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from common.numbers import number_in
from common.refusals import NotAllowed, Refused
from people.access import access_of, can
from people.doors import person_of, requires
from people.models import User
from people.queries import people_visible_to
from records import once, panels
from records import operations as record_operations
from records.models import Draft, Record
from records.priority import priority_of
from records.views.base import see_other
from services.queries import services_visible_to

from .. import operations, suggestions
from ..forms import NewTicketForm
from ..similar import similar_to

DRAFT = "new"
KEPT = ("caller", "caller_text", "title", "service", "description", "tags", "resolution")


def _number(text: str) -> int:
    return number_in(text) or 0


@method_decorator(requires("incident.create"), name="dispatch")
class NewTicket(View):
    """GET the form with the draft, or with what the address says; POST makes exactly one ticket of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, "incident.create_for_others"):
            return see_other(request, f"/portal/new/?{request.GET.urlencode()}".rstrip("?"))
        draft = Draft.objects.filter(user=person_of(request), record=None, composer=DRAFT).first()
        initial: dict[str, Any] = dict(draft.content) if draft and not request.GET else {}
        asked = {"caller": "caller", "text": "title", "service": "service"}
        initial |= {name: request.GET[key] for key, name in asked.items() if key in request.GET}
        form = NewTicketForm(initial=initial, viewer=request.user)
        return self._ask(request, form, token=once.new_token(), draft=draft if initial else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewTicketForm(request.POST, viewer=request.user)
        token = request.POST.get("token", "")
        if not form.is_valid():
            return self._ask(request, form, token=token, status=422)
        then = request.POST.get("then", "")
        try:
            url, is_new = once.act_once(
                user=request.user, token=token, at=now(), act=lambda: self._log(request, form, then)
            )
        except NotAllowed:
            raise
        except Refused as refused:
            for each in refused.refusals:
                field = {"text": "resolution", "requester": "caller_text"}.get(each.field or "", each.field)
                form.add_error(field if field in form.fields else None, str(each.message))
            return self._ask(request, form, token=token or once.new_token(), status=422)
        if is_new:
            record_operations.discard_draft(user=request.user, record=None, composer=DRAFT)
        if then == "next":
            service = form.cleaned_data["service"]
            return see_other(request, f"/new/?service={service.pk}" if service else "/new/")
        return see_other(request, url)

    def _log(self, request: HttpRequest, form: NewTicketForm, then: str) -> str:
        """One ticket, with the new person if there is one; answers its address."""
        said, moment = form.cleaned_data, now()
        requester = said["caller"] or operations.add_caller(
            by=request.user,
            at=moment,
            name=said["caller_text"],
            organization=said["person_organization"],
            email=said["person_email"],
            phone=said["person_phone"],
        )
        ticket: dict[str, Any] = {
            "by": request.user,
            "at": moment,
            "requester": requester,
            **{name: said[name] for name in
               ("title", "description", "service", "item", "category", "impact", "urgency", "source", "tags")},
        }  # fmt: skip
        if then == "resolve":
            record = operations.log_and_resolve(**ticket, code=said["code"], text=said["resolution"])
            words = _("%(reference)s logged and resolved.")
        else:
            record = operations.log_and_assign(**ticket, assignee=said["assignee"])
            words = _("%(reference)s logged for %(name)s.")
        messages.success(request, words % {"reference": record.reference, "name": requester})
        return str(record.get_absolute_url())

    def _ask(
        self, request: HttpRequest, form: NewTicketForm, *, token: str, status: int = 200, draft: Draft | None = None
    ) -> HttpResponse:
        context = {
            "form": form,
            "token": token,
            "draft": draft,
            "is_fresh": status == 200,
            "wants_person": bool(form.errors.get("person_organization")),
        }
        caller = _caller(request.user, str(form["caller"].value() or ""))
        context["caller"] = caller
        context["caller_text"] = caller.name if caller else form["caller_text"].value() or ""
        context["caller_error"] = " ".join([*form.errors.get("caller_text", []), *form.errors.get("caller", [])])
        context["preview"] = _preview(request, _values(form), caller)
        return render(request, "incidents/new.html", context, status=status)


def _values(form: NewTicketForm) -> dict[str, str]:
    return {name: str(form[name].value() or "") for name in ("title", "service", "impact", "urgency")}


def _caller(user: Any, key: str) -> User | None:
    return people_visible_to(user).active().select_related("organization").filter(pk=_number(key)).first()  # type: ignore[attr-defined]


def _preview(request: HttpRequest, values: dict[str, str], caller: User | None) -> dict[str, Any]:
    """Everything the panel beside the form shows."""
    services = services_visible_to(request.user)
    service = services.filter(pk=_number(values.get("service", ""))).first()
    title = values.get("title", "").replace("\x00", "").strip()
    guess = suggestions.guess_service(request.user, title) if service is None else None
    levels = _number(values.get("impact", "")) or 3, _number(values.get("urgency", "")) or 2
    priority = priority_of(*levels) if max(levels) <= 3 else priority_of(3, 2)
    typed = urlencode({"title": title, "service": getattr(service or guess, "pk", "")})
    agreement, due = suggestions.due_previews(requester=caller, service=service or guess, priority=priority, at=now())
    return {
        "caller": caller,
        "open_of_caller": suggestions.open_of(request.user, caller),
        "guess": guess,
        "priority": priority,
        "agreement": agreement,
        "due": due,
        "alike": _alike(request.user, title, service or guess),
        "panels": [f"{each}?{typed}" for each in panels.beside_new("incident", access_of(request.user))],
    }


def _alike(user: Any, title: str, service: Any) -> list[Record]:
    if len(title) < suggestions.SHORTEST_WORDS:
        return []
    return list(similar_to(user, title=title, service_id=service.pk if service else None, is_open=True))


@requires("incident.create_for_others")
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Priority, due moments, a guess at the service, and tickets that read alike, as one fragment."""
    caller = _caller(request.user, request.GET.get("caller", ""))
    return render(request, "incidents/_new_preview.html", {"preview": _preview(request, request.GET.dict(), caller)})


@requires("incident.create_for_others")
@require_safe
def callers(request: HttpRequest) -> JsonResponse:
    """People to choose from, as the picker wants them."""
    found = suggestions.callers(request.user, request.GET.get("q", "")[:100])
    options = [
        {
            "id": person.pk,
            "label": person.name,
            "detail": " · ".join(
                part
                for part in (str(person.organization), person.job_title, person.location, person.phone, person.email,
                             _("VIP") if person.is_vip else "")
                if part
            ),
        }
        for person in found
    ]  # fmt: skip
    return JsonResponse(options, safe=False)


@requires("incident.create_for_others")
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed."""
    content = {name: request.POST.get(name, "") for name in KEPT}
    has_words = any(content[name].strip() for name in ("caller_text", "title", "description", "resolution"))
    try:
        record_operations.save_draft(
            user=request.user, record=None, composer=DRAFT, content=content if has_words else {}, at=now()
        )
    except Refused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain")
    return HttpResponse(status=204)
