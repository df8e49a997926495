"""Pages of scheduled reports: the list, one with its runs, and its form."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.numbers import number_in
from common.refusals import NotAllowed, Refused
from people.access import can
from people.doors import person_of, requires
from records.views.base import pressed, saved

from .. import known
from . import operations
from .forms import ScheduleForm
from .models import Schedule
from .sources import source_of

OPERATION = "dashboard.schedule"
MOST_LISTED, RUNS = 300, 20


@require_safe
@requires(OPERATION)
def schedules(request: HttpRequest) -> HttpResponse:
    """One's own, and all for those who oversee them."""
    found = Schedule.objects.visible_to(request.user).select_related("owner", "dashboard")[:MOST_LISTED]
    return render(request, "measurement/schedules/list.html", {"schedules": found})


@require_safe
@requires(OPERATION)
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """When it goes out, to whom, and how each run went."""
    found = _seen(request, pk)
    context = {
        "schedule": found,
        "runs": found.runs.prefetch_related("letters__user")[:RUNS],
        "receivers": found.receivers.order_by("name", "pk"),
        "leavings": found.leavings.select_related("user"),
        "is_own": found.owner_id == request.user.pk,
        "may_take_over": not found.owner.is_active and can(request.user, "dashboard.oversee"),
        "measure": _subject(found.kpi, found.page, found.query),
    }
    return render(request, "measurement/schedules/schedule.html", context)


@requires(OPERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan one: `?dashboard=`, `?kpi=&query=` or `?page=&query=` say of what."""
    user = person_of(request)
    if request.method != "POST":
        kpi, page = request.GET.get("kpi", "")[:80], request.GET.get("page", "")[:40]
        dashboard, query = number_in(request.GET.get("dashboard")), request.GET.get("query", "")[:1000]
        if page and not source_of(page).may_see(user, query):
            raise Http404
        initial = {
            "kpi": kpi, "page": page, "query": query, "name": _subject(kpi, page, query), "every": "week",
            "dashboard": dashboard, "weekday": "0", "month_day": 1, "time": "07:00",
            "zone": get_current_timezone_name(), "has_pdf": True, "receivers": user.email,
        }  # fmt: skip
        return _page(request, ScheduleForm(viewer=user, is_page=bool(kpi or page), initial=initial))
    form = ScheduleForm(request.POST, viewer=user, is_page=bool(request.POST.get("kpi") or request.POST.get("page")))
    return _save(request, form, lambda: operations.create(by=user, at=now(), **form.values()))


@requires(OPERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what goes out, when and to whom."""
    user, found = person_of(request), _seen(request, pk)
    if found.owner_id != user.pk:
        raise NotAllowed.because("not_allowed", _("Only its owner changes this report."))
    if request.method != "POST":
        return _page(request, ScheduleForm.of(found, user), found)
    form = ScheduleForm(request.POST, viewer=user, is_page=found.dashboard_id is None)
    return _save(request, form, lambda: operations.change(
        schedule=found, by=user, at=now(), version=form.cleaned_data["version"], **form.values()
    ), found)  # fmt: skip


def _save(request: HttpRequest, form: ScheduleForm, act: Any, found: Schedule | None = None) -> HttpResponse:
    return saved(
        request, form, lambda said: act(), ask=lambda status: _page(request, form, found, status=status),
        url=lambda made: made.get_absolute_url(), said=_("Scheduled report saved."),
        over=("version", found) if found else None,
    )  # fmt: skip


def _page(
    request: HttpRequest, form: ScheduleForm, found: Schedule | None = None, *, status: int = 200
) -> HttpResponse:
    kpi, page, query = (str(form[name].value() or "") for name in ("kpi", "page", "query"))
    context = {"form": form, "schedule": found, "measure": _subject(kpi, page, query)}
    return render(request, "measurement/schedules/form.html", context, status=status)


def _subject(kpi: str, page: str, query: str) -> str:
    """What is sent, where it is no dashboard."""
    try:
        return source_of(page).title(query) if page else _measure(kpi)
    except Refused:
        return page  # typed into the address, or of an app that is gone


def _measure(kpi: str) -> str:
    return next((str(each.name) for each in known.kpis() if each.id == kpi), kpi) if kpi else ""


def _act(request: HttpRequest, pk: int, act: Any, done: str) -> HttpResponse:
    found = _seen(request, pk)
    return pressed(
        request, lambda: act(schedule=found, by=request.user, at=now()),
        url=reverse("schedules:schedule", args=[pk]), said=done,
    )  # fmt: skip


@requires(OPERATION)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing until it goes on."""
    return _act(request, pk, operations.pause, _("Paused."))


@requires(OPERATION)
@require_POST
def resumption(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with the next time."""
    return _act(request, pk, operations.resume, _("Goes on."))


@requires("dashboard.oversee")
@require_POST
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over one whose owner has left."""
    return _act(request, pk, operations.take_over, _("Yours now. It stays paused until you let it go on."))


@requires(OPERATION)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove it with the memory of its runs."""
    operations.remove(schedule=_seen(request, pk), by=request.user, at=now())
    messages.success(request, _("Scheduled report removed."))
    return redirect("schedules:schedules")


@requires("inbox.use")
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Get a report no more, or again, as one of those who receive it; each letter leads here."""
    user = person_of(request)
    found = get_object_or_404(Schedule.objects.received_by(user).select_related("owner"), pk=pk)
    if request.method != "POST":
        context = {"schedule": found, "left": found.leavings.filter(user=user).first()}
        return render(request, "measurement/schedules/leaving.html", context)
    act = operations.come_back if request.POST.get("back") else operations.leave
    return pressed(request, lambda: act(schedule=found, by=user, at=now()), url=reverse("schedules:leaving", args=[pk]))


def _seen(request: HttpRequest, pk: int) -> Schedule:
    rows = Schedule.objects.visible_to(person_of(request)).select_related("owner", "dashboard")
    return get_object_or_404(rows, pk=pk)
