"""Send a workaround to everybody who waits: preview, confirm, do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from common.refusals import Refused
from people.doors import requires
from records import tasks
from records.bulk import runs
from records.views.base import see_other

from ..forms import SendingForm
from ..models import KnownError
from ..queries.known_errors import waiting_for
from ..sending import NAME
from .known_errors import found

SURE_ABOVE = 20


@method_decorator(requires("problem.send_workaround"), name="dispatch")
class Sending(View):
    """
    GET asks and shows who would get it; POST sends. More than 20 recipients have to be confirmed.

    Up to 50 are sent at once, more by a worker whose progress the page shows.
    """

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        known = found(request.user, number)
        return self._ask(request, known, SendingForm(initial={"text": known.workaround}))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        known = found(request.user, number)
        form = SendingForm(request.POST)
        if not form.is_valid() or "preview" in request.POST:
            return self._ask(request, known, form, status=200 if form.is_valid() else 422)
        records = list(waiting_for(known, request.user)[: runs.MOST + 1])
        inputs = self._inputs(known, form)
        seen = runs.preview(records=records, act=NAME, inputs=inputs, by=request.user, at=now())
        if seen.changed > SURE_ABOVE and not form.cleaned_data["confirmed"]:
            form.add_error(
                "confirmed",
                ngettext(
                    "%(count)d person gets it. Tick this to send it.",
                    "%(count)d people get it. Tick this to send it.",
                    seen.changed,
                )
                % {"count": seen.changed},
            )
            return self._ask(request, known, form, status=422)
        try:
            if not seen.changed:
                raise Refused.because("nobody", _("Nobody would get it."))
            run = runs.plan(records=records, act=NAME, inputs=inputs, by=request.user, at=now())
        except Refused as refused:
            form.add_error(None, str(refused))
            return self._ask(request, known, form, status=422)
        if len(records) <= runs.AT_ONCE:
            runs.finish(run=run, at=now())
        else:
            tasks.work_bulk.delay(run_id=run.pk)
        return see_other(request, reverse("records:bulk_run", args=[run.pk]))

    def _inputs(self, known: KnownError, form: SendingForm) -> dict[str, Any]:
        return {
            "known_error": known.pk,
            "text": form.cleaned_data["text"],
            "resolve": form.cleaned_data["resolve"],
        }

    def _ask(self, request: HttpRequest, known: KnownError, form: SendingForm, *, status: int = 200) -> HttpResponse:
        inputs = {
            "known_error": known.pk,
            "text": str(form["text"].value() or ""),
            "resolve": bool(form["resolve"].value()),
        }
        records = list(waiting_for(known, request.user).select_related("requester")[: runs.MOST])
        seen = runs.preview(records=records, act=NAME, inputs=inputs, by=request.user, at=now())
        left_out = {each.pk for group in seen.skipped.values() for each in group}
        context = {
            "known": known,
            "problem": known.problem,
            "form": form,
            "preview": seen,
            "receivers": [each for each in records if each.pk not in left_out],
            "is_sure_needed": seen.changed > SURE_ABOVE,
        }
        return render(request, "problems/sending.html", context, status=status)
