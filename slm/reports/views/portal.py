"""Issued reports as the customer sees them: read, open what the figures count, accept or dispute."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.time import now
from people.doors import person_of, requires
from records.views.base import saved

from .. import operations, queries
from ..enums import MeetingState
from ..forms import CommentForm
from ..models import ReviewAction, ReviewMeeting, ServiceReport
from .base import context_of, report_or_404
from .reports import figure_page, paper_of


def _theirs(request: HttpRequest, pk: int) -> ServiceReport:
    return report_or_404(ServiceReport.objects.open_to_customer(request.user), pk)


@require_safe
@requires("report.read")
def reports(request: HttpRequest) -> HttpResponseBase:
    """Issued reports of one's organization, the newest month first."""
    rows = queries.listed_for_customer(request.user, before=request.GET.get("before", ""))
    last = rows[queries.ROWS - 1].pk if len(rows) > queries.ROWS else None
    context = {"reports": rows[: queries.ROWS], "older_url": f"?before={last}" if last else ""}
    return render(request, "slm/reports/portal_reports.html", context)


@require_safe
@requires("report.read")
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them."""
    return _page(request, _theirs(request, pk))


def _page(request: HttpRequest, found: ServiceReport, *, form: CommentForm | None = None, status: int = 200) -> Any:
    context = context_of(found, base=reverse("portal_reports:report", args=[found.pk]), user=request.user)
    answerable = ServiceReport.objects.answerable_by(request.user).filter(pk=found.pk).exists()
    is_current = context["successor"] is None
    context |= {
        "form": form or CommentForm(),
        "refused_forms": [form] if form else [],
        "may_accept": answerable and is_current and (found.is_issued or found.is_disputed),
        "may_dispute": answerable and is_current and found.is_issued,
        "minutes": ReviewMeeting.objects.filter(report=found, state=MeetingState.CLOSED).first(),
        "own_actions": ReviewAction.objects.filter(meeting__report=found, owner=person_of(request)).open(),
    }
    return render(request, "slm/reports/portal_report.html", context, status=status)


@require_safe
@requires("report.read")
def figure(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """The tickets that a figure was counted from, as far as the person may see them."""
    return figure_page(request, _theirs(request, pk), key, place="portal")


@require_safe
@requires("report.read")
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file."""
    return paper_of(_theirs(request, pk))


def _acted(request: HttpRequest, pk: int, said: str, do: Callable[..., ServiceReport]) -> HttpResponseBase:
    found, form = _theirs(request, pk), CommentForm(request.POST)
    return saved(
        request, form, lambda data: do(report=found, by=person_of(request), at=now(), comment=data["comment"]),
        said=said, url=reverse("portal_reports:report", args=[found.pk]),
        ask=lambda status: _page(request, _theirs(request, pk), form=form, status=status),
    )  # fmt: skip


@require_POST
@requires("report.answer")
def acceptance(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Accept it for the customer."""
    return _acted(request, pk, _("Report accepted."), operations.accept)


@require_POST
@requires("report.answer")
def dispute(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what is not right."""
    return _acted(request, pk, _("Your objection was handed over. You are answered here."), operations.dispute)


@require_POST
@requires("report.read")
def completion(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    """Say that an action that one was given in the review is done."""
    row = get_object_or_404(ReviewAction, pk=key, meeting__report=_theirs(request, pk), owner=person_of(request))
    operations.finish_action(action=row, by=person_of(request), at=now())
    messages.success(request, _("Action done."))
    return redirect("portal_reports:report", pk)
