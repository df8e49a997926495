"""The review meeting of a report: plan, minutes, actions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.fingerprints import fingerprint_of
from common.refusals import Refused
from common.time import now
from people import access
from people.access import can
from people.doors import person_of, requires
from records.views.base import saved

from .. import operations, register
from ..agenda import points_of
from ..forms import Telling, VersionForm
from ..meeting_forms import ActionForm, MeetingForm, MinutesForm, TopicForm
from ..models import ReviewAction, ReviewMeeting, ServiceReport
from ..queries import actions_of
from .base import report_or_404


def _report(request: HttpRequest, pk: int) -> ServiceReport:
    return report_or_404(ServiceReport.objects.visible_to(request.user).frozen(), pk)


def _meeting(found: ServiceReport) -> ReviewMeeting:
    rows = ReviewMeeting.objects.select_related("report__organization", "chair", "closed_by")
    meeting: ReviewMeeting = get_object_or_404(rows, report=found)
    return meeting


@require_http_methods(["GET", "POST"])
@requires("report.view")
def meeting(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Plan the review where there is none yet; its agenda and minutes where there is."""
    found = _report(request, pk)
    if ReviewMeeting.objects.filter(report=found).exists():
        return _page(request, _meeting(found))
    access.require(request.user, "report.prepare", found)
    if request.method == "GET":
        people = [each.pk for each in found.plan.receivers.all()]
        return _planning(request, found, MeetingForm(report=found, initial={"people": people}))
    form = MeetingForm(request.POST, report=found)
    if not form.is_valid():
        return _planning(request, found, form, status=422)
    try:
        made = operations.plan_meeting(
            report=found, by=person_of(request), at=now(), starts_at=form.cleaned_data["starts_at"],
            place=form.cleaned_data["place"], people=list(form.cleaned_data["people"]),
        )  # fmt: skip
    except Refused as refused:
        form.tell(refused.refusals)
        return _planning(request, found, form, status=refused.status)
    messages.success(request, _("Review planned. Its agenda was made from the report."))
    return redirect(made)


def _planning(request: HttpRequest, found: ServiceReport, form: MeetingForm, *, status: int = 200) -> HttpResponseBase:
    context = {"report": found, "form": form, "points": points_of(found)}
    return render(request, "slm/reports/meeting_plan.html", context, status=status)


def _page(
    request: HttpRequest, found: ReviewMeeting, *, forms: dict[str, Telling] | None = None, status: int = 200
) -> HttpResponseBase:
    report, at = found.report, now()
    shown: dict[str, Any] = {
        "minutes_form": MinutesForm(meeting=found),
        "topic_form": TopicForm(),
        "action_form": ActionForm(report=report, may_register=register.open_to(request.user)),
        "close_form": VersionForm(initial={"seen_version": found.version}, auto_id="close_%s"),
    }
    context = (
        shown
        | (forms or {})
        | {
            "meeting": found,
            "report": report,
            "refused_forms": list((forms or {}).values()),
            "actions": actions_of(found, request.user, at=at),
            "may_register": can(request.user, "report.prepare", report) and register.open_to(request.user),
            "attendees": list(found.attendees.select_related("user")),
            "items": list(found.items.all()),
            "may_write": can(request.user, "report.prepare", report) and not found.is_closed,
            "may_finish": can(request.user, "report.prepare", report),
            "is_genuine": not found.is_closed or fingerprint_of(found.document) == found.fingerprint,
            "now": at,
        }
    )
    return render(request, "slm/reports/meeting.html", context, status=status)


def _acted(
    request: HttpRequest, pk: int, said: str, do: Callable[[ReviewMeeting, Any], Any], *, form_of: Any, name: str
) -> HttpResponseBase:
    """Do the act and go back; refused, show the meeting with what was typed."""
    found = _meeting(_report(request, pk))
    form = form_of(found)
    return saved(
        request, form, lambda _data: do(found, form), said=said, url=found.get_absolute_url(),
        ask=lambda status: _page(request, _meeting(found.report), forms={name: form}, status=status),
    )  # fmt: skip


@require_POST
@requires("report.prepare")
def minutes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write down what was said and who came."""
    return _acted(
        request, pk, _("Minutes saved."),
        lambda found, form: operations.take_minutes(meeting=found, by=person_of(request), at=now(), **form.values()),
        form_of=lambda found: MinutesForm(request.POST, meeting=found),
        name="minutes_form",
    )  # fmt: skip


@require_POST
@requires("report.prepare")
def topic(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add a point by hand."""
    return _acted(
        request, pk, _("Topic added."),
        lambda found, form: operations.add_topic(
            meeting=found, by=person_of(request), at=now(), title=form.cleaned_data["title"]
        ),
        form_of=lambda found: TopicForm(request.POST),
        name="topic_form",
    )  # fmt: skip


@require_POST
@requires("report.prepare")
def action(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give somebody something to do."""
    return _acted(
        request, pk, _("Action given."),
        lambda found, form: operations.give_action(
            meeting=found, by=person_of(request), at=now(), **form.cleaned_data
        ),
        form_of=lambda found: ActionForm(
            request.POST, report=found.report, may_register=register.open_to(request.user)
        ),
        name="action_form",
    )  # fmt: skip


@require_POST
@requires("report.prepare")
def registration(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    """Write an action into the register of improvements."""
    found = _meeting(_report(request, pk))
    row = get_object_or_404(ReviewAction, pk=key, meeting=found)
    made = operations.register_action(action=row, by=person_of(request), at=now())
    reference = made.record.reference if made.record else ""
    messages.success(request, _("Written into the register as %(reference)s.") % {"reference": reference})
    return redirect(found)


@require_POST
@requires("report.prepare")
def closure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Close the minutes."""
    return _acted(
        request, pk, _("Minutes closed. They stay as they are."),
        lambda found, form: operations.close_minutes(
            meeting=found, by=person_of(request), at=now(), version=form.cleaned_data["seen_version"]
        ),
        form_of=lambda found: VersionForm(request.POST, auto_id="close_%s"),
        name="close_form",
    )  # fmt: skip


@require_POST
@requires("report.view")
def completion(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    """Say that an action is done."""
    found = _meeting(_report(request, pk))
    row = get_object_or_404(ReviewAction, pk=key, meeting=found)
    operations.finish_action(action=row, by=person_of(request), at=now())
    messages.success(request, _("Action done."))
    return redirect(found)
