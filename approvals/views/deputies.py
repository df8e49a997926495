"""Who decides while somebody is away."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.refusals import Refused
from common.time import now
from people.access import access_of
from people.doors import person_of, requires
from people.models import User
from records.views.base import pressed, see_other

from .. import deputizing, operations
from ..forms import DeputyForm
from ..models import Deputy
from .decisions import place_of

SHOWN_AT_MOST = 100


def _others(user: Any) -> Any:
    """People for whom the viewer may name deputies, themselves included; None where that is only themselves."""
    access = access_of(user)
    if not access.allows("approval.delegate_for_others"):
        return None
    return User.objects.active().filter(access.rows("approval.delegate_for_others", own=Q(pk=user.pk)))


def _address(request: HttpRequest) -> str:
    return reverse("portal_approvals:deputies" if place_of(request) == "portal" else "approvals:deputies")


@requires("approval.delegate")
@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """One's own deputies, those one stands in for, and with the right those of others; and a form for a new one."""
    person, moment, others = person_of(request), now(), _others(request.user)
    form = DeputyForm(request.POST or None, viewer=person, people=others)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            made = operations.name_deputy(person=said.pop("person", None) or person, by=person, at=moment, **said)
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(
                request, _("%(deputy)s decides for %(person)s.") % {"deputy": made.deputy, "person": made.person}
            )
            return see_other(request, _address(request))
    rows = Deputy.objects.select_related("person", "deputy", "made_by")
    seen = Q(person=person) | Q(deputy=person)
    if others is not None:
        seen |= Q(person__in=others)
    shown = list(rows.filter(seen).order_by("-valid_to", "-id")[:SHOWN_AT_MOST])
    theirs = {person.pk}
    if others is not None:
        theirs |= set(others.filter(pk__in={row.person_id for row in shown}).values_list("pk", flat=True))
    today = deputizing.day_of(person, moment)
    return render(
        request,
        "approvals/deputies.html",
        {
            "form": form,
            "rows": [(row, _state(row, today), row.person_id in theirs and row.valid_to > today) for row in shown],
            "place": place_of(request),
        },
        status=422 if form.errors else 200,
    )


@requires("approval.delegate")
@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End a deputyship."""
    person = person_of(request)
    others = _others(person)
    seen = Q(person=person) if others is None else Q(person=person) | Q(person__in=others)
    row = Deputy.objects.filter(seen, pk=pk).first()
    if row is None:
        raise Http404
    return pressed(
        request, lambda: operations.end_deputy(deputy=row, by=person, at=now()),
        url=_address(request), said=_("Ended."),
    )  # fmt: skip


def _state(row: Deputy, today: Any) -> str:
    if row.valid_to <= today:
        return _("over")
    return _("in force") if row.valid_from <= today else _("to come")
