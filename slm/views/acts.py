"""Doors of the acts on an agreement: each a noun below its address."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.numbers import version_in
from common.refusals import Refused
from common.time import now
from people import access
from people.doors import person_of, requires
from records.views.base import saved

from .. import applying, operations, tasks
from ..forms import ConclusionForm, NoticeForm, PaperForm
from ..models import Agreement
from .agreements import find
from .page import applied, page


@requires("agreement.edit")
@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Let both sides sign the draft."""
    found = find(request, slug)
    version = _version(request)
    return _do(request, found, lambda who: operations.offer(version=version, **who), _("Offered for signature."))


@requires("agreement.view")
@require_POST
def signatures(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign as the person who is named."""
    found = find(request, slug)
    side, version = request.POST.get("side", ""), _version(request)
    return _do(
        request,
        found,
        lambda who: operations.sign(side=side, version=version or 0, **who),
        _("Signed version %(number)s.") % {"number": version},
    )


@requires("agreement.sign")
@require_POST
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a signature that stands on paper."""
    found = find(request, slug)
    side, version = request.POST.get("side", ""), _version(request)
    form = PaperForm(request.POST)
    return _with_form(
        request,
        found,
        ("paper", form),
        lambda who: operations.record_signature(side=side, version=version or 0, **who, **form.cleaned_data),
        _("The signature is recorded."),
    )


@requires("agreement.edit")
@require_POST
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Call for a review now."""
    found = find(request, slug)
    return _do(request, found, lambda who: operations.call_review(**who), _("Under review; it stays in force."))


@requires("agreement.edit")
@require_POST
def conclusion(request: HttpRequest, slug: str) -> HttpResponse:
    """End a review that changes nothing."""
    found = find(request, slug)
    form = ConclusionForm(request.POST)
    return _with_form(
        request,
        found,
        ("conclusion", form),
        lambda who: operations.conclude_review(**who, **form.cleaned_data),
        _("The review is over; the agreement goes on unchanged."),
    )


@requires("agreement.edit")
@require_POST
def withdrawal(request: HttpRequest, slug: str) -> HttpResponse:
    """Drop the version that is drafted beside the one in force."""
    found = find(request, slug)
    version = _version(request)
    return _do(request, found, lambda who: operations.withdraw_draft(version=version, **who), _("Draft dropped."))


@requires("agreement.edit")
@require_POST
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """Give notice."""
    found = find(request, slug)
    form = NoticeForm(request.POST)
    return _with_form(
        request,
        found,
        ("notice", form),
        lambda who: operations.give_notice(**who, **form.cleaned_data),
        _("Notice is given; the agreement holds until then."),
    )


@requires("agreement.edit")
@require_POST
def notice_withdrawal(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the agreement go on."""
    found = find(request, slug)
    return _do(request, found, lambda who: operations.withdraw_notice(**who), _("The agreement goes on."))


@requires("agreement.edit")
@require_POST
def retirement(request: HttpRequest, slug: str) -> HttpResponse:
    """Have no new clock start under the agreement."""
    found = find(request, slug)
    done = _("Agreement “%(name)s” retired.") % {"name": found.name}
    return _do(request, found, lambda who: operations.retire(**who), done)


@requires("agreement.edit")
@require_POST
def reinstatement(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a retired agreement up again."""
    found = find(request, slug)
    done = _("“%(name)s” is a draft again, to be signed anew.") % {"name": found.name}
    return _do(request, found, lambda who: operations.reinstate(**who), done)


@requires("agreement.edit")
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, slug: str) -> HttpResponse:
    """Have open tickets under earlier versions go by the one in force, and see how far that is."""
    found = find(request, slug)
    if request.method == "GET":
        if not request.headers.get("HX-Request"):
            return redirect(f"{found.get_absolute_url()}#application")
        return render(
            request, "slm/_application.html", {"agreement": found, "is_asked": True, **applied(found, at=now())}
        )

    def act(who: dict[str, Any]) -> None:
        asked = applying.ask(version=_version(request), **who)
        tasks.ring_for_application(agreement=asked.pk, version=asked.version, by=person_of(request).pk)

    return _do(request, found, act, _("Open tickets are being brought to the version in force."))


def _do(request: HttpRequest, found: Agreement, act: Callable[[dict[str, Any]], Any], done: str) -> HttpResponse:
    """Do an act; a refusal is said on the page of the agreement as it stands then."""
    try:
        act({"agreement": found, "by": request.user, "at": now()})
    except Refused as refused:
        if not access.can(request.user, "agreement.view"):
            raise
        for each in refused.refusals:
            messages.error(request, str(each))
        return page(request, find(request, found.slug), status=refused.status)
    messages.success(request, done)
    return redirect("slm:agreement", found.slug)


def _with_form(
    request: HttpRequest, found: Agreement, named: tuple[str, Any], act: Callable[[dict[str, Any]], Any], done: str
) -> HttpResponse:
    """Do an act with what a form says; nothing typed is lost when it is refused."""
    name, form = named
    return saved(
        request, form, lambda _data: act({"agreement": found, "by": request.user, "at": now()}), said=done,
        url=found.get_absolute_url(),
        ask=lambda status: page(request, find(request, found.slug), status=status, **{name: form, "refused": form}),
    )  # fmt: skip


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return version_in(text)
