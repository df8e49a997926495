"""Boards: who decides together."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.forms import Telling
from common.numbers import number_in
from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.doors import requires
from people.models import User

from .. import operations
from ..forms import PersonField
from ..models import Board
from ..operations.boards import Member

BLANK_ROWS = 3
ROWS_AT_MOST = 60


class BoardForm(Telling):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class MemberForm(forms.Form):
    person = PersonField(label=gettext_lazy("Person"), max_length=200, required=False)
    is_chair = forms.BooleanField(label=gettext_lazy("Chair"), required=False)
    is_mandatory = forms.BooleanField(label=gettext_lazy("Must approve"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].among = User.objects.all()  # type: ignore[attr-defined]


@requires("approval_policy.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a board."""
    form, rows = BoardForm(request.POST or None), _rows(request, None)
    if _is_sent(request) and _are_valid(form, rows):
        try:
            made = operations.create_board(
                by=request.user, at=now(), name=form.cleaned_data["name"], members=_members(rows)
            )
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("Board “%(name)s” made.") % {"name": made.name})
            return redirect("approvals:policies")
    return _page(request, form, rows, None)


@requires("approval_policy.view")
@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sits on a board; with the right to change it, the form that does."""
    found = get_object_or_404(Board.objects.prefetch_related("members__user"), slug=slug)
    initial = {"name": found.name, "is_active": found.is_active, "seen_version": found.version}
    form, rows = BoardForm(request.POST or None, initial=initial), _rows(request, found)
    if request.method == "POST":
        access.require(request.user, "approval_policy.edit")
    if _is_sent(request) and _are_valid(form, rows):
        said = form.cleaned_data
        try:
            operations.revise_board(
                board=found,
                by=request.user,
                at=now(),
                name=said["name"],
                is_active=said["is_active"],
                members=_members(rows),
                version=said["seen_version"],
            )
        except Stale as stale:
            form.add_error(None, str(stale))
            return _page(request, form, rows, found, status=stale.status)
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("Saved. Decisions that run keep the people who were asked."))
            return redirect("approvals:policies")
    return _page(request, form, rows, found)


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST" and "more" not in request.POST


def _are_valid(form: forms.Form, rows: list[MemberForm]) -> bool:
    return all([form.is_valid(), *(row.is_valid() for row in rows)])


def _rows(request: HttpRequest, found: Board | None) -> list[MemberForm]:
    members = list(found.members.all()) if found else []
    data = request.POST if request.method == "POST" else None
    count = len(members) + BLANK_ROWS
    if data is not None:
        sent = number_in(data.get("rows_count"))
        count = count if sent is None else sent
        count += BLANK_ROWS if "more" in data else 0
    initial = [{"person": m.user, "is_chair": m.is_chair, "is_mandatory": m.is_mandatory} for m in members]
    return [
        MemberForm(data, prefix=f"m{n}", initial=initial[n] if n < len(initial) else {})
        for n in range(min(ROWS_AT_MOST, count))
    ]


def _members(rows: list[MemberForm]) -> list[Member]:
    return [
        Member(user=said["person"], is_chair=said["is_chair"], is_mandatory=said["is_mandatory"])
        for said in (row.cleaned_data for row in rows)
        if said.get("person")
    ]


def _page(
    request: HttpRequest, form: BoardForm, rows: list[MemberForm], found: Board | None, status: int | None = None
) -> HttpResponse:
    may_edit = access.can(request.user, "approval_policy.edit")
    if not may_edit:
        for each in (form, *rows):
            for field in each.fields.values():
                field.disabled = True
    errors: list[tuple[str, str]] = []
    if _is_sent(request):
        for each in (form, *rows):
            for name, said in each.errors.items():
                anchor = each[name].id_for_label if name in each.fields else "board-form"
                errors += [(str(anchor), str(sentence)) for sentence in said]
    return render(
        request,
        "approvals/board.html",
        {"form": form, "rows": rows, "board": found, "may_edit": may_edit, "errors": errors},
        status=status or (422 if errors else 200),
    )
