"""Outages: the list, a new one, one of them with its history, and the acts on it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.numbers import number_in
from common.refs import parse_reference
from common.refusals import Refused
from common.texts import one_line
from common.time import now
from people.access import can
from people.doors import person_of, requires
from records import once
from records.models import Record
from records.views.base import record_or_404, saved
from records.views.making import made_once
from services.models import Service
from services.queries import services_visible_to

from .. import operations, sources
from ..forms import CorrectionForm, EndForm, OutageForm, ReasonForm, Telling
from ..history import history_of
from ..models import Outage
from ..months import month_of, read
from ..queries import RELATED, STATES_SHOWN, failures_of, listed, within
from ..spans import micros
from ..writing import duration

ROWS = 50


def found_or_404(user: Any, pk: int) -> Outage:
    """:raises Http404: there is none that the person may see."""
    found: Outage = get_object_or_404(Outage.objects.visible_to(user).select_related(*RELATED), pk=pk)
    return found


@require_safe
@requires("outage.view")
def outages(request: HttpRequest) -> HttpResponseBase:
    """Outages by what became of them, the newest first; pages by key."""
    asked = request.GET
    show = asked.get("show", "")
    show = show if show in STATES_SHOWN else "recorded"
    service = Service.objects.filter(slug=one_line(asked.get("service", ""))).first()
    kind = asked.get("kind", "")
    is_planned = {"planned": True, "unplanned": False}.get(kind)
    month = read(asked["month"], at=now()) if asked.get("month") else None
    failures = None
    if kind == "counted" and show == "recorded" and service is not None and month is not None:
        failures = failures_of(service, month, at=now())
        rows = within(listed(request.user, states=STATES_SHOWN[show], service=service), failures)
    else:
        rows = listed(request.user, states=STATES_SHOWN[show], service=service, is_planned=is_planned, month=month)
    parts = rows.count() if failures is not None else None
    before = asked.get("before", "")
    latest = Outage.objects.visible_to(request.user).filter(pk=number_in(before) or 0).first() if before else None
    if latest is not None:
        older = Q(started_at=latest.started_at, pk__lt=latest.pk) | Q(started_at__lt=latest.started_at)
        rows = rows.filter(Q(started_at__lte=latest.started_at) & older)
    shown = list(rows.order_by("-started_at", "-pk")[: ROWS + 1])
    said = {
        "show": show if show != "recorded" else "",
        "service": service.slug if service else "",
        "kind": kind if is_planned is not None or failures is not None else "",
        "month": month.slug if month else "",
    }
    kept = {name: value for name, value in said.items() if value}
    context = {
        "outages": shown[:ROWS],
        "older_url": f"?{urlencode(kept | {'before': shown[ROWS - 1].pk})}" if len(shown) > ROWS else "",
        "newest_url": f"?{urlencode(kept)}" if before else "",
        "show": show,
        "service": service,
        "kind": said["kind"],
        "month": month,
        "failures": failures,
        "parts": parts,
        "services": services_visible_to(request.user).exclude(stage="pipeline").order_by("name"),
        "is_narrowed": bool(kept.keys() - {"show"}),
        "tabs": [
            {"label": label, "url": f"?{urlencode(kept | {'show': each})}", "is_current": each == show}
            for each, label in (
                ("recorded", _("Recorded")),
                ("proposed", _("Proposed")),
                ("gone", _("Dismissed and withdrawn")),
            )
        ],
        "may_record": can(request.user, "outage.record"),
    }
    return render(request, "slm/availability/outages.html", context)


@require_http_methods(["GET", "POST"])
@requires("outage.record")
def new(request: HttpRequest) -> HttpResponseBase:
    """Record an outage: from a ticket, with what it knows, or by hand."""
    record = _ticket(request)
    if request.method == "GET":
        initial: dict[str, Any] = {"weight": 100}
        if record is not None:
            told = sources.told_by(record)
            initial |= {
                "service": record.service_id,
                "started_at": told.started_at,
                "ended_at": told.ended_at,
                "users_affected": told.users_affected,
            }
        elif request.GET.get("service"):
            known = services_visible_to(request.user).filter(slug=one_line(request.GET["service"])).first()
            initial["service"] = known.pk if known else None
        form = OutageForm(viewer=request.user, initial=initial)
        return _form_page(request, form, record=record, token=once.new_token())
    form = OutageForm(request.POST, viewer=request.user)

    def make() -> str:
        made = operations.record(by=person_of(request), at=now(), record=record, **form.values())
        messages.success(request, _("Outage recorded."))
        return made.get_absolute_url()

    def ask(token: str, status: int) -> HttpResponse:
        return _form_page(request, form, record=record, token=token, status=status)

    return made_once(request, form, make, ask=ask)


def _ticket(request: HttpRequest) -> Record | None:
    """The ticket that the address or the form names, if it can tell of an outage."""
    text = request.POST.get("ticket") or request.GET.get("ticket") or ""
    number = parse_reference(text[:40]) if text else None
    if number is None:
        return None
    record: Record = record_or_404(request.user, number)
    return record if record.kind in sources.kinds() else None


def _form_page(
    request: HttpRequest, form: OutageForm, *, record: Record | None, token: str, status: int = 200
) -> HttpResponse:
    context = {"form": form, "record": record, "token": token}
    return render(request, "slm/availability/new.html", context, status=status)


@require_safe
@requires("outage.view")
def outage(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One outage, with its history and what can be done to it."""
    return _page(request, found_or_404(request.user, pk))


def _page(request: HttpRequest, found: Outage, *, forms: dict[str, Telling] | None = None, status: int = 200) -> Any:
    user, at = request.user, now()
    may_record, may_correct = can(user, "outage.record"), can(user, "outage.correct")
    ticket = Record.objects.visible_to(user).filter(pk=found.record_id).first() if found.record_id else None
    shown: dict[str, Any] = {
        "end_form": EndForm(initial={"ended_at": at}),
        "dismissal_form": ReasonForm(auto_id="dismissal_%s"),
        "withdrawal_form": ReasonForm(auto_id="withdrawal_%s"),
    }
    context = (
        shown
        | (forms or {})
        | {
            "outage": found,
            "ticket": ticket,
            "month": month_of(min(found.started_at, at)),
            "lasted": duration(micros(found.ended_at or max(at, found.started_at)) - micros(found.started_at)),
            "refused_forms": list((forms or {}).values()),
            "lines": history_of(found),
            "may_confirm": may_record and found.is_proposed,
            "may_end": may_record and found.is_live and found.is_open,
            "may_correct": may_correct and found.is_live,
            "may_dismiss": may_correct and found.is_proposed,
            "may_withdraw": may_correct and found.is_counted,
        }
    )
    return render(request, "slm/availability/outage.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires("outage.correct")
def correction(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change what was written down, with the reason."""
    found = found_or_404(request.user, pk)
    if request.method == "GET":
        initial = OutageForm.initial_of(found) | {"seen_version": found.version}
        return _correcting(request, found, CorrectionForm(viewer=request.user, outage=found, initial=initial))
    form = CorrectionForm(request.POST, viewer=request.user, outage=found)
    if not form.is_valid():
        return _correcting(request, found, form, status=422)
    try:
        operations.correct(
            outage=found,
            by=person_of(request),
            at=now(),
            values=form.changed_values(found),
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["seen_version"],
        )
    except Refused as refused:
        form.tell(refused.refusals)
        return _correcting(request, found, form, status=refused.status if refused.status == 412 else 422)
    messages.success(request, _("Outage corrected. What stood before remains in its history."))
    return redirect(found)


def _correcting(request: HttpRequest, found: Outage, form: CorrectionForm, status: int = 200) -> HttpResponseBase:
    return render(request, "slm/availability/correction.html", {"form": form, "outage": found}, status=status)


def _acted(
    request: HttpRequest, pk: int, said: str, do: Callable[[Outage], Any], *, form: Telling, name: str
) -> HttpResponseBase:
    """Do the act and go back; refused, show the outage as it is with what was typed."""
    found = found_or_404(request.user, pk)
    return saved(
        request, form, lambda _data: do(found), said=said, url=found.get_absolute_url(),
        ask=lambda status: _page(request, found_or_404(request.user, pk), forms={name: form}, status=status),
    )  # fmt: skip


@require_POST
@requires("outage.record")
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say since when it works again."""
    form = EndForm(request.POST)
    return _acted(
        request, pk, _("Outage ended."), form=form, name="end_form",
        do=lambda found: operations.end(
            outage=found, by=person_of(request), at=now(), ended_at=form.cleaned_data["ended_at"]
        ),
    )  # fmt: skip


@require_POST
@requires("outage.record")
def confirmation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let a proposed outage count."""
    form = Telling(request.POST)
    return _acted(
        request, pk, _("Outage confirmed. It counts from now on."), form=form, name="confirmation_form",
        do=lambda found: operations.confirm(outage=found, by=person_of(request), at=now()),
    )  # fmt: skip


@require_POST
@requires("outage.correct")
def dismissal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say that there was no outage behind the ticket."""
    form = ReasonForm(request.POST, auto_id="dismissal_%s")
    return _acted(
        request, pk, _("Proposal dismissed."), form=form, name="dismissal_form",
        do=lambda found: operations.dismiss(
            outage=found, by=person_of(request), at=now(), reason=form.cleaned_data["reason"]
        ),
    )  # fmt: skip


@require_POST
@requires("outage.correct")
def withdrawal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take an outage back that was none."""
    form = ReasonForm(request.POST, auto_id="withdrawal_%s")
    return _acted(
        request, pk, _("Outage withdrawn. It counts no more."), form=form, name="withdrawal_form",
        do=lambda found: operations.withdraw(
            outage=found, by=person_of(request), at=now(), reason=form.cleaned_data["reason"]
        ),
    )  # fmt: skip
