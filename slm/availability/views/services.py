"""Availability of all services, and of one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.months import Month
from common.refusals import Refused
from common.time import now
from people.access import can
from people.doors import requires

from .. import explain, redundancy
from ..chain import chain_of, needs_of
from ..forms import RedundancyForm
from ..models import Redundancy
from ..months import read
from ..queries import Side, outages_of, side_of
from ..standing import Board, bars_label, bars_of, open_outages, rows_of

ROWS = 25
OUTAGES_SHOWN = 50


@require_safe
@requires("availability.view")
def overview(request: HttpRequest) -> HttpResponseBase:
    """Every service against what was promised for it: this month, the budget, the year."""
    at, side = now(), side_of(request.user)
    page = Paginator(side.services(), ROWS).get_page(request.GET.get("page"))
    board = Board(list(page), at=at, organization_id=side.organization_id)
    context = {
        "page": page,
        "rows": rows_of(board),
        "month": board.month,
        "side": side,
        "may_record": can(request.user, "outage.record"),
    }
    return render(request, "slm/availability/overview.html", context)


@require_safe
@requires("availability.view")
def service(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One service in one month, with the sum laid open."""
    return _page(request, slug)


def _page(request: HttpRequest, slug: str, *, form: RedundancyForm | None = None) -> HttpResponseBase:
    at, side = now(), side_of(request.user)
    found = get_object_or_404(side.services(), slug=slug)
    month = read(request.GET.get("month", ""), at=at)
    needed, groups = needs_of(found, side.services())
    board = Board([found, *needed], at=at, month=month, organization_id=side.organization_id)
    year = board.year(found)
    standing = year[-1]
    costs = explain.costs_of(board.book, found.pk, month)
    outages = list(outages_of(side, found, month, at=at)[: OUTAGES_SHOWN + 1])
    may_group = can(request.user, "redundancy.edit") and len(needed) > 1
    context: dict[str, Any] = {
        "service": found,
        "side": side,
        "list_url": _outages_url(side, slug, month),
        "failures_url": _outages_url(side, slug, month, kind="counted"),
        "month": month,
        "following": month.following if month.is_over(at) else None,
        "standing": standing,
        "open": open_outages([found], at=at).get(found.pk),
        "year": list(reversed(year)),
        "bars": bars_of(year),
        "bars_label": bars_label(year),
        "windows": board.windows(found) if board.is_present else (),
        "sentences": explain.sentences(standing, costs, is_present=board.is_present),
        "next_hour": explain.next_hour(standing) if board.is_present else "",
        "drawing": explain.drawing_of(board.book, found.pk, month),
        "outages": outages[:OUTAGES_SHOWN],
        "has_more": len(outages) > OUTAGES_SHOWN,
        "chain": chain_of(needed, groups, {each.pk: board.standing(each).so_far.availability for each in needed}),
        "may_record": can(request.user, "outage.record"),
        "form": form or (RedundancyForm(needed=needed) if may_group else None),
        "may_group": may_group,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "slm/availability/service.html", context, status=status)


def _outages_url(side: Side, slug: str, month: Month, **narrowed: str) -> str:
    """What makes up the numbers of a month: the list of outages, or the part of the page that others see."""
    if not side.is_inside:
        return "#outages"
    return f"{reverse('availability:outages')}?{urlencode({'service': slug, 'month': month.slug, **narrowed})}"


@require_POST
@requires("redundancy.edit")
def grouping(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Say that some of the services needed stand in for each other."""
    side = side_of(request.user)
    found = get_object_or_404(side.services(), slug=slug)
    form = RedundancyForm(request.POST, needed=needs_of(found, side.services())[0])
    if not form.is_valid():
        return _page(request, slug, form=form)
    try:
        redundancy.group(
            service=found,
            by=request.user,
            at=now(),
            name=form.cleaned_data["name"],
            needed=form.cleaned_data["needed"],
            members=list(form.cleaned_data["members"]),
        )
    except Refused as refused:
        form.tell(refused.refusals)
        return _page(request, slug, form=form)
    messages.success(request, _("Group made."))
    return redirect("availability:service", slug)


@require_POST
@requires("redundancy.edit")
def ungrouping(request: HttpRequest, slug: str, key: int) -> HttpResponseBase:
    """Say that every one of a group is needed again."""
    side: Side = side_of(request.user)
    found = get_object_or_404(Redundancy, pk=key, service__in=side.services().filter(slug=slug))
    redundancy.ungroup(redundancy=found, by=request.user, at=now())
    messages.success(request, _("Group taken apart. Each of its services is needed again."))
    return redirect("availability:service", slug)
