"""A new problem: alone, or from incidents that show it."""

from typing import Any

from django.contrib import messages
from django.contrib.postgres.search import TrigramSimilarity
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from common.refs import parse_reference
from common.refusals import Refused
from people.doors import requires
from records import once
from records.models import Record
from records.views.making import made_once

from .. import operations
from ..forms import NewProblemForm
from ..queries.suggesting import for_typed

SHOWN_AT_MOST = 50


@method_decorator(requires("problem.create"), name="dispatch")
class NewProblem(View):
    """GET the form, filled from `?from=INC-1042` (several with commas); POST makes exactly one problem of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("from", "")
        incidents = _incidents(request.user, typed)
        initial: dict[str, Any] = {"origin": "incident" if len(incidents) < 2 else "trend"}
        if incidents:
            initial |= _what_they_share(incidents)
        initial["incidents"] = " ".join(each.reference for each in incidents)
        return self._ask(request, NewProblemForm(initial=initial, viewer=request.user), token=once.new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewProblemForm(request.POST, viewer=request.user)

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, token=token, status=status)

        return made_once(request, form, lambda: self._log(request, form), ask=ask)

    def _log(self, request: HttpRequest, form: NewProblemForm) -> str:
        said = dict(form.cleaned_data)
        typed = said.pop("incidents")
        incidents = _incidents(request.user, typed)
        found = {each.pk for each in incidents}
        for word in typed.replace(",", " ").split():
            if parse_reference(word) not in found:
                raise Refused.because(
                    "unknown",
                    _("There is no incident “%(word)s”. Correct it or leave it out.") % {"word": word},
                    "incidents",
                )
        problem = operations.create(by=request.user, at=now(), incidents=incidents, **said)
        messages.success(request, _("%(reference)s logged.") % {"reference": problem.reference})
        return str(problem.get_absolute_url())

    def _ask(self, request: HttpRequest, form: NewProblemForm, *, token: str, status: int = 200) -> HttpResponse:
        incidents = _incidents(request.user, str(form["incidents"].value() or ""))
        title = str(form["title"].value() or "")
        context = {
            "form": form,
            "token": token,
            "incidents": incidents[:SHOWN_AT_MOST],
            "count": len(incidents),
            "alike": _open_alike(request.user, title),
            "known": for_typed(request.user, title=title),
        }
        return render(request, "problems/new.html", context, status=status)


def _incidents(viewer: Any, typed: str) -> list[Any]:
    """The records named, as far as the person may see them, in order of their numbers."""
    words = typed.replace(",", " ").split()[: operations.FROM_AT_MOST + 1]
    numbers = {number for word in words if (number := parse_reference(word)) is not None}
    rows = Record.objects.visible_to(viewer).filter(pk__in=numbers, kind="incident")
    return list(rows.select_related("service", "item", "category").order_by("pk"))


def _what_they_share(incidents: list[Any]) -> dict[str, Any]:
    """What all incidents have in common fills the form; the first one gives the subject."""
    first = incidents[0]
    found: dict[str, Any] = {"title": first.title}
    for name in ("service", "item", "category"):
        if len({getattr(each, f"{name}_id") for each in incidents}) == 1:
            found[name] = getattr(first, f"{name}_id")
    return found


def _open_alike(viewer: Any, title: str) -> list[Any]:
    """Open problems with a subject that reads alike: it may be one of them."""
    if len(title.strip()) < 4:
        return []
    rows = Record.objects.visible_to(viewer).filter(kind="problem").exclude(phase="done")
    return list(rows.annotate(alike=TrigramSimilarity("title", title)).filter(alike__gte=0.35).order_by("-alike")[:3])
