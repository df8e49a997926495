"""Meetings ahead and over, and planning a new one."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from approvals.models import Board
from common.refusals import Refused
from common.time import now
from people.access import can
from people.doors import person_of, requires

from .. import operations
from ..forms import PlanForm
from ..models import BoardAction, Meeting

ROWS = 30
SHOWN_ACTIONS = 50


@requires("cab.view")
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Meetings that come, one's open actions, and the minutes of those that were."""
    seen = Meeting.objects.visible_to(request.user).select_related("board", "chair")
    mine = BoardAction.objects.filter(owner=person_of(request), done_at=None).select_related("meeting")
    over = seen.over().annotate(item_count=Count("items"))
    older = seen.filter(key=request.GET.get("older", "")[:20].replace("\x00", "")).first()
    if older is not None:
        over = over.filter(Q(starts_at__lt=older.starts_at) | Q(starts_at=older.starts_at, pk__lt=older.pk))
    rows = list(over[: ROWS + 1])
    context = {
        "ahead": list(seen.ahead().annotate(item_count=Count("items"))) if older is None else [],
        "over": rows[:ROWS],
        "is_first": older is None,
        "newer_url": reverse("board:landing") if older is not None else "",
        "older_url": f"?older={rows[ROWS - 1].key}" if len(rows) > ROWS else "",
        "mine": list(mine.order_by("due_date", "pk")[:SHOWN_ACTIONS]),
        "may_plan": can(request.user, "cab.plan"),
        "has_board": Board.objects.filter(is_active=True).exists(),
        "may_make_board": can(request.user, "approval_policy.edit"),
        "today": localtime(now()).date(),
    }
    return render(request, "changes/board/landing.html", context)


@requires("cab.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting; its agenda is gathered at once."""
    person, at = person_of(request), now()
    initial = {"starts_at": _next_slot(at), "board": Board.objects.filter(slug="cab").first()}
    form = PlanForm(request.POST or None, viewer=person, is_new=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.create(by=person, at=at, **form.cleaned_data)
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("Planned. Those invited get a mail within five minutes."))
            return redirect(made)
    status = 422 if request.method == "POST" else 200
    has_board = Board.objects.filter(is_active=True).exists()
    return render(request, "changes/board/plan.html", {"form": form, "has_board": has_board}, status=status)


def _next_slot(at: datetime) -> Any:
    """Ten o'clock, a week from now, where the viewer is."""
    return (localtime(at) + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
