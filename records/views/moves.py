"""One door for every move of every practice: `/incidents/INC-1042/resolution/`."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from common.forms import tell
from common.numbers import version_in
from common.refusals import NotAllowed, Refused, Stale
from people.doors import requires

from ..forms import MoveForm
from ..models import Comment
from ..transitions import offers
from ..workflow import Move, moves_of
from .base import address_for, is_worked_on_by, record_or_404, see_other

TEMPLATE = "records/move.html"
QUESTION_MARKS = ("?", "\u061f", "\uff1f")


@method_decorator(requires("record.view"), name="dispatch")
class MoveDoor(View):
    """
    GET asks what the move needs, POST makes it. The right for the move itself is asked by the one door of states.

    :cvar model: kind of record, set where the address is declared.
    """

    model: Any = None

    def get(self, request: HttpRequest, number: int, noun: str) -> HttpResponse:
        record, move = self._find(request, number, noun)
        initial = {"text": _latest_words(record)} if any(each.name == "text" for each in move.inputs) else None
        form = MoveForm(move=move, record=record, viewer=request.user, initial=initial)
        return self._ask(request, record, move, form)

    def post(self, request: HttpRequest, number: int, noun: str) -> HttpResponse:
        record, move = self._find(request, number, noun)
        form = MoveForm(request.POST, move=move, record=record, viewer=request.user)
        if not form.is_valid():
            return self._ask(request, record, move, form, status=422)
        version = request.POST.get("version", "")
        act = getattr(record.practice.operations, move.name)
        inputs = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        try:
            act(
                **{record.kind: record},
                by=request.user,
                at=now(),
                version=version_in(version),
                **_with_required(move, inputs),
            )
        except NotAllowed:
            raise
        except Stale as stale:
            fresh = record_or_404(request.user, number, self.model)
            return self._ask(request, fresh, move, form, status=409, refusal=stale)
        except Refused as refused:
            asked = frozenset(each.field for each in refused.refusals if each.field)
            form = MoveForm(request.POST, move=move, record=record, viewer=request.user, asked=asked)
            form.is_valid()
            tell(form, refused.refusals)
            return self._ask(request, record, move, form, status=422)
        messages.success(
            request, _("%(reference)s: %(label)s, done.") % {"reference": record.reference, "label": move.label}
        )
        return see_other(request, address_for(request.user, record))

    def _find(self, request: HttpRequest, number: int, noun: str) -> tuple[Any, Move]:
        record = record_or_404(request.user, number, self.model)
        if not is_worked_on_by(request.user, record):
            raise Http404
        move = next((each for each in moves_of(type(record)).values() if each.noun == noun), None)
        if move is None:
            raise Http404
        return record, move

    def _ask(
        self,
        request: HttpRequest,
        record: Any,
        move: Move,
        form: MoveForm,
        *,
        status: int = 200,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        offer = next((each for each in offers(record, by=request.user, at=now()) if each.move == move), None)
        part = "#form" if request.headers.get("HX-Request") else ""
        context = {"record": record, "move": move, "form": form, "refusal": refusal, "offer": offer}
        return render(request, TEMPLATE + part, context, status=status)


def _with_required(move: Move, inputs: dict[str, Any]) -> dict[str, Any]:
    """Empty texts for what the move wants and the form left out, so that the move itself says what is missing."""
    wanted = {each.name: "" for each in move.inputs if each.required}
    if move.needs_reason:
        wanted["reason"] = ""
    return wanted | inputs


def _latest_words(record: Any) -> str:
    """The latest public reply of our side, which often says what was done; a question never does."""
    latest = (
        Comment.objects.filter(record_id=record.pk, is_public=True, is_from_requester_side=False)
        .order_by("-at", "-id")
        .values_list("text", flat=True)
        .first()
    )
    return "" if not latest or latest.rstrip().endswith(QUESTION_MARKS) else latest
