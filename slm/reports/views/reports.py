"""Reports as the provider's people see them: the list, one of them, the rows behind its figures, its file."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import months
from common.numbers import number_in
from common.texts import one_line
from common.time import now
from people.access import can
from people.doors import person_of, requires
from people.models import Organization
from records.views.base import saved

from .. import operations, queries
from ..forms import AnswerForm, CorrectionForm, ReviewForm, Telling, VersionForm
from ..keeping import path_of
from ..models import ReportFile, ReportPlan, ReviewMeeting, ServiceReport
from .base import context_of, lines_of, report_or_404


def _visible(request: HttpRequest, pk: int) -> ServiceReport:
    return report_or_404(ServiceReport.objects.visible_to(request.user), pk)


@require_safe
@requires("report.view")
def reports(request: HttpRequest) -> HttpResponseBase:
    """Reports by what is to be done with them, the newest month first; pages by key."""
    show = request.GET.get("show", "work")
    show = show if show in queries.SHOWN else "work"
    plans = ReportPlan.objects.visible_to(request.user)
    customers = Organization.objects.filter(report_plan__in=plans).order_by("name")
    customer = customers.filter(slug=one_line(request.GET.get("customer", ""))).first()
    month = months.read(request.GET.get("month", ""))
    before = request.GET.get("before", "")
    rows = queries.listed(request.user, show=show, organization=customer, month=month, before=before)
    kept = {"show": show} | ({"customer": customer.slug} if customer else {})
    kept |= {"month": f"{month:%Y-%m}"} if month else {}
    last = rows[queries.ROWS - 1].pk if len(rows) > queries.ROWS else None
    context = {
        "reports": rows[: queries.ROWS],
        "older_url": f"?{urlencode(kept | {'before': last})}" if last else "",
        "newest_url": f"?{urlencode(kept)}" if before else "",
        "customers": customers,
        "customer": customer,
        "month": kept.get("month", ""),
        "show": show,
        "tabs": [
            {"label": label, "url": f"?{urlencode(kept | {'show': each})}", "is_current": each == show}
            for each, label in (
                ("work", _("To do")), ("issued", _("Waiting for the customer")), ("accepted", _("Accepted")),
                ("meeting", _("Review planned")),                ("all", _("All")),
            )
        ],
        "has_plans": customers.exists(),
        "may_prepare": can(request.user, "report.prepare"),
    }  # fmt: skip
    return render(request, "slm/reports/reports.html", context)


@require_safe
@requires("report.view")
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One report with its figures and what can be done with it."""
    return _page(request, _visible(request, pk))


def _page(
    request: HttpRequest, found: ServiceReport, *, forms: dict[str, Telling] | None = None, status: int = 200
) -> Any:
    user = request.user
    may_prepare, may_issue = can(user, "report.prepare", found), can(user, "report.issue", found)
    has_meeting = found.is_frozen and ReviewMeeting.objects.filter(report=found).exists()
    may_meet = found.is_frozen and may_prepare
    seen = {"seen_version": found.version}
    context = context_of(found, base=found.get_absolute_url(), user=user)
    shown: dict[str, Any] = {
        "review_form": ReviewForm(initial={"summary": found.summary, **seen}),
        "version_form": VersionForm(initial=seen, auto_id="version_%s"),
        "answer_form": AnswerForm(),
        "correction_form": CorrectionForm(),
    }
    context |= shown | (forms or {})
    context |= {
        "refused_forms": list((forms or {}).values()),
        "lines": lines_of(found),
        "may_prepare": may_prepare and not found.is_frozen,
        "may_issue": may_issue and found.is_reviewed,
        "may_answer": may_issue and found.is_disputed and context["successor"] is None,
        "may_correct": may_issue and found.is_frozen and context["successor"] is None,
        "receivers": list(found.plan.receivers.order_by("name")),
        "mails": list(found.mails.select_related("user").order_by("user__name")) if found.is_frozen else [],
        "now": now(),
        "has_meeting": has_meeting,
        "meeting_url": reverse("reports:meeting", args=[found.pk]) if has_meeting or may_meet else "",
    }
    return render(request, "slm/reports/report.html", context, status=status)


@require_safe
@requires("report.view")
def figure(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """The rows that a figure was counted from."""
    return figure_page(request, _visible(request, pk), key, place="reports")


def figure_page(request: HttpRequest, found: ServiceReport, key: str, *, place: str) -> HttpResponseBase:
    """:param place: `reports` or `portal`."""
    evidence = get_object_or_404(found.evidence, key=key)
    after = number_in(request.GET.get("after"))
    behind = queries.rows_behind(evidence, request.user, after=after or 0)
    context = {
        "report": found,
        "behind": behind,
        "place": place,
        "report_url": request.path.partition("figures/")[0],
        "more_url": f"?after={behind.older_after}" if behind.older_after else "",
        "is_first": after is None,
    }
    return render(request, "slm/reports/figure.html", context)


@require_safe
@requires("report.view")
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an issued report."""
    return paper_of(_visible(request, pk))


def paper_of(found: ServiceReport) -> HttpResponseBase:
    """:raises Http404: it is not issued, or its file is not made yet, or lost."""
    file = ReportFile.objects.filter(report=found, made_at__isnull=False).select_related("report__organization").first()
    if file is None or not path_of(file).exists():
        raise Http404
    return FileResponse(
        path_of(file).open("rb"), as_attachment=True, filename=file.name, content_type="application/pdf"
    )


def _acted(
    request: HttpRequest, pk: int, said: str, do: Callable[[ServiceReport], ServiceReport], *, form: Telling, name: str
) -> HttpResponseBase:
    """Do the act and go to what it answers; refused, show the report as it is with what was typed."""
    found = _visible(request, pk)
    return saved(
        request, form, lambda _data: do(found), said=said, url=lambda result: result.get_absolute_url(),
        ask=lambda status: _page(request, _visible(request, pk), forms={name: form}, status=status),
    )  # fmt: skip


@require_POST
@requires("report.prepare")
def compilation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Count the figures anew."""
    form = VersionForm(request.POST, auto_id="version_%s")
    return _acted(
        request, pk, _("Figures counted anew."), form=form, name="version_form",
        do=lambda found: operations.compile_again(
            report=found, by=person_of(request), at=now(), version=form.cleaned_data["seen_version"]
        ),
    )  # fmt: skip


@require_POST
@requires("report.prepare")
def review(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say that the figures were looked through."""
    form = ReviewForm(request.POST)
    return _acted(
        request, pk, _("Report reviewed."), form=form, name="review_form",
        do=lambda found: operations.review(
            report=found, by=person_of(request), at=now(), summary=form.cleaned_data["summary"],
            version=form.cleaned_data["seen_version"],
        ),
    )  # fmt: skip


@require_POST
@requires("report.issue")
def issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Freeze it, and hand it to the customer."""
    form = VersionForm(request.POST, auto_id="version_%s")
    return _acted(
        request, pk, _("Report issued. Its figures are frozen; the file is on its way to the receivers."), form=form,
        name="version_form",
        do=lambda found: operations.issue(
            report=found, by=person_of(request), at=now(), version=form.cleaned_data["seen_version"]
        ),
    )  # fmt: skip


@require_POST
@requires("report.issue")
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer a dispute."""
    form = AnswerForm(request.POST)
    return _acted(
        request, pk, _("Answer sent."), form=form, name="answer_form",
        do=lambda found: operations.answer(
            report=found, by=person_of(request), at=now(), text=form.cleaned_data["text"]
        ),
    )  # fmt: skip


@require_POST
@requires("report.issue")
def correction(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin a corrected edition."""
    form = CorrectionForm(request.POST)
    return _acted(
        request, pk, _("Corrected edition begun, counted from the records of today."), form=form,
        name="correction_form",
        do=lambda found: operations.correct(
            report=found, by=person_of(request), at=now(), **form.cleaned_data
        ),
    )  # fmt: skip
