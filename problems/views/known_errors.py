"""Known errors: the list with its search, one of them, and what is offered beside an incident."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from common.forms import tell
from common.numbers import number_in, version_in
from common.refusals import NotAllowed, Refused, Stale
from people.access import access_of, can
from people.doors import requires
from records.models import Record
from records.rendering import render as render_text
from records.views.base import is_worked_on_by, record_or_404, see_other
from search.marking import WORDS, Marker

from .. import operations
from ..forms import KnownErrorForm
from ..models import KnownError, KnownErrorUse
from ..queries import known_errors
from ..queries.suggesting import beside, for_typed
from .problem import tabs_of

PAGE_ROWS = 50
USES_SHOWN = 50


@requires("record.read_notes")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All known errors that the person may see: published ones, or withdrawn ones too."""
    text = request.GET.get("q", "").replace("\x00", "")[:200]
    everything = request.GET.get("show") == "all"
    rows = known_errors.listed(request.user, text=text, everything=everything)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "found": _marked(page.object_list, text), "text": text, "everything": everything}
    return render(request, "problems/known_errors.html", context)


def _marked(rows: Any, text: str) -> list[tuple[KnownError, Any, Any]]:
    """Each with its title, and a piece of its symptom where somebody searches, the words marked."""
    words = WORDS.findall(text.lower())
    if not words:
        return [(each, each.title, "") for each in rows]
    marker = Marker(words)
    return [(each, marker.marked(each.title), marker.marked(marker.piece(each.symptom))) for each in rows]


def found(user: Any, number: int) -> KnownError:
    """:raises Http404: there is no such known error that the person may see from the inside."""
    rows = KnownError.objects.visible_to(user).with_counts().select_related("problem__service", "published_by")
    known = get_object_or_404(rows, pk=number)
    if not is_worked_on_by(user, known.problem):
        raise Http404
    return known


@requires("record.read_notes")
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Symptom, cause, workaround, who got it and whether it helped."""
    known = found(request.user, number)
    if request.path != known.get_absolute_url():
        return see_other(request, known.get_absolute_url())
    seen = Record.objects.visible_to(request.user).filter(pk__in=known.uses.values("record"))
    uses = known.uses.filter(record__in=seen).exclude(use="dismissed").select_related("record", "by", "worked_by")
    access = access_of(request.user)
    context = {
        "known": known,
        "problem": known.problem,
        "problem_tabs": tabs_of(known.problem, "known-error", known),
        "symptom": render_text(known.symptom),
        "cause": render_text(known.cause),
        "workaround": render_text(known.workaround),
        "uses": uses[:USES_SHOWN],
        "can_edit": known.is_published and access.allows_on("problem.edit", known.problem),
        "can_send": known.is_published and known.has_workaround and access.allows("problem.send_workaround"),
        "waiting": known_errors.waiting_for(known, request.user).count(),
    }
    return render(request, "problems/known_error.html", context)


@method_decorator(requires("problem.edit"), name="dispatch")
class Revision(View):
    """Change the texts of a known error."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        known = found(request.user, number)
        initial = {
            name: getattr(known, name) for name in ("title", "symptom", "cause", "is_cause_confirmed", "workaround")
        }
        initial["workaround"] = known.workaround if known.has_workaround else _("none")
        initial |= {"services": known.services.all(), "items": known.items.all()}
        return self._ask(request, known, KnownErrorForm(initial=initial, viewer=request.user))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        known = found(request.user, number)
        form = KnownErrorForm(request.POST, viewer=request.user)
        if not form.is_valid():
            return self._ask(request, known, form, status=422)
        values = dict(form.cleaned_data)
        version = request.POST.get("version", "")
        try:
            operations.revise(
                known_error=known,
                by=request.user,
                at=now(),
                services=values.pop("services"),
                items=values.pop("items"),
                values=values,
                version=version_in(version),
            )
        except NotAllowed:
            raise
        except Refused as refused:
            tell(form, refused.refusals)
            status = 409 if isinstance(refused, Stale) else 422
            return self._ask(request, found(request.user, number), form, status=status)
        return see_other(request, known.get_absolute_url())

    def _ask(self, request: HttpRequest, known: KnownError, form: Any, *, status: int = 200) -> HttpResponse:
        context = {"known": known, "problem": known.problem, "form": form}
        return render(request, "problems/known_error_form.html", context, status=status)


@requires("record.read_notes")
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """Known errors that fit what is being typed on a new ticket."""
    title, service = request.GET.get("title", ""), request.GET.get("service", "")
    service_id = number_in(service)
    offered = for_typed(request.user, title=title, service_id=service_id)
    return render(request, "problems/_offered.html", {"offered": offered})


@requires("record.read_notes")
@require_safe
def offered_beside(request: HttpRequest, number: int) -> HttpResponse:
    """Known errors for a ticket that is being worked on."""
    record = record_or_404(request.user, number)
    if not is_worked_on_by(request.user, record):
        raise Http404
    context = {
        "record": record,
        "offered": beside(request.user, record),
        "can_reply": record.closed_at is None and can(request.user, "record.reply", record),
        "can_send": not record.is_done and can(request.user, "problem.send_workaround", record),
    }
    return render(request, "problems/_offered.html", context)


@requires("record.reply")
@require_POST
def use(request: HttpRequest, number: int, reference: int) -> HttpResponse:
    """
    What became of a known error on a ticket: `act` is inserted, sent, resolved, dismissed, worked or failed.

    A script that inserted the text gets nothing back, others the panel as it is then.
    """
    record = record_or_404(request.user, reference)
    known = get_object_or_404(KnownError.objects.visible_to(request.user), pk=number)
    if not is_worked_on_by(request.user, record):
        raise Http404
    about: dict[str, Any] = {"by": request.user, "at": now()}
    act = request.POST.get("act", "inserted")
    try:
        match act:
            case "inserted":
                operations.note_insertion(known_error=known, record=record, **about)
            case "sent" | "resolved":
                operations.send_workaround(known_error=known, record=record, resolve=act == "resolved", **about)
            case "dismissed":
                operations.dismiss(known_error=known, record=record, **about)
            case "worked" | "failed":
                given = get_object_or_404(KnownErrorUse, known_error=known, record_id=record.pk)
                operations.tell_outcome(use=given, worked=act == "worked", **about)
            case _:
                raise Http404
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    if act == "inserted":
        return HttpResponse(status=204)
    return see_other(request, record.get_absolute_url())
