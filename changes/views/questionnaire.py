"""The risk questionnaire: the questions with their weights, and writing them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.numbers import version_in
from common.refusals import NotAllowed, Refused
from people.access import access_of
from people.doors import requires
from records.views.base import see_other

from .. import operations
from ..enums import Band
from ..forms import QuestionForm
from ..models import RiskFactor
from ..queries.risk import MOST_POINTS, UPPER_SCORES

SHOWN_VERSIONS = 50


@requires("record.queue")
@require_safe
def risk_questions(request: HttpRequest) -> HttpResponse:
    """What is asked, what an answer weighs, and what the score comes to."""
    factors = list(RiskFactor.objects.prefetch_related("choices").order_by("-is_active", "position", "pk"))
    bands = dict(Band.choices)
    lowest = 0
    scores = []
    for band, upper in UPPER_SCORES.items():
        scores.append({"band": band, "label": bands[band], "lowest": lowest, "upper": upper})
        lowest = upper + 1
    context = {
        "factors": [(factor, bands.get(factor.raises_to, "")) for factor in factors],
        "most": MOST_POINTS * sum(factor.weight for factor in factors if factor.is_active),
        "scores": scores,
        "can_set": access_of(request.user).allows("change.set_risk"),
    }
    return render(request, "changes/questions.html", context)


@requires("change.set_risk")
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest) -> HttpResponse:
    """Write a question."""
    if request.method != "POST":
        return _ask(request, QuestionForm(initial={"weight": 1, "position": 100, "is_active": True}))
    return _save(request, lambda said: operations.write_question(by=request.user, at=now(), **said))


@requires("change.set_risk")
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Change a question."""
    found = get_object_or_404(RiskFactor.objects.prefetch_related("choices"), key=key)
    if request.method != "POST":
        return _ask(request, QuestionForm(initial=QuestionForm.initial_of(found)), factor=found)
    typed = request.POST.get("version", "")
    version = version_in(typed)
    return _save(
        request,
        lambda said: operations.revise_question(factor=found, by=request.user, at=now(), values=said, version=version),
        factor=found,
    )


def _save(request: HttpRequest, act: Callable[[dict[str, Any]], RiskFactor], **about: Any) -> HttpResponse:
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422, **about)
    try:
        act(form.said())
    except NotAllowed:
        raise
    except Refused as refused:
        for each in refused.refusals:
            field = "answer_0" if each.field == "answers" else each.field
            form.add_error(field if field in form.fields else None, str(each.message))
        return _ask(request, form, status=409, **about)
    messages.success(request, _("Saved."))
    return see_other(request, "/changes/risk/")


def _ask(request: HttpRequest, form: QuestionForm, *, factor: Any = None, status: int = 200) -> HttpResponse:
    versions = [] if factor is None else list(factor.versions.select_related("created_by")[:SHOWN_VERSIONS])
    context = {"form": form, "factor": factor, "versions": versions, "bands": dict(Band.choices)}
    return render(request, "changes/question_form.html", context, status=status)
