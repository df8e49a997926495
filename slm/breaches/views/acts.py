"""Acts on breaches: explain one or many, ask for an excuse, take it back, send it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from common.numbers import numbers_in
from common.refusals import Refused
from common.time import now
from people.doors import person_of, requires
from records.views.base import saved

from .. import excuses, listing, operations
from ..forms import DeferralForm, ExcuseForm, ExplanationForm, ManyForm, ReasonForm, Telling
from ..models import Breach
from .breaches import breach_page, found_or_404, list_page

TOLD_AT_MOST = 5


def _acted(
    request: HttpRequest, found: Breach, said: str, do: Callable[[], Any], *, form: Telling, name: str
) -> HttpResponseBase:
    """Do the act and go back where the person came from; refused, show the breach with what was typed."""
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return saved(
        request, form, lambda _data: do(), said=said, url=back if is_ours else found.get_absolute_url(),
        ask=lambda status: breach_page(
            request, found_or_404(request.user, found.pk), forms={name: form}, status=status
        ),
    )  # fmt: skip


@require_POST
@requires("breach.explain")
def explanation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say why the target was missed."""
    found = found_or_404(request.user, pk)
    form = ExplanationForm(request.POST, breach=found)
    return _acted(
        request, found, _("Explanation saved."), form=form, name="explanation_form",
        do=lambda: operations.explain(
            breach=found,
            by=person_of(request),
            at=now(),
            cause=form.cleaned_data["cause"],
            text=form.cleaned_data["text"],
            version=form.cleaned_data["seen_version"],
        ),
    )  # fmt: skip


@require_POST
@requires("breach.explain")
def explanations(request: HttpRequest) -> HttpResponseBase:
    """Explain the selected misses with one cause."""
    user = person_of(request)
    asked = listing.Asked.read(request.GET, user)
    keys = set(numbers_in(request.POST.getlist("breach")))
    form = ManyForm(request.POST)
    if not form.is_valid():
        return list_page(request, asked, many=form, chosen=keys, status=422)
    rows = Breach.objects.visible_to(user).select_related("record").filter(pk__in=keys)
    try:
        result = operations.explain_many(
            breaches=list(rows[: operations.MANY_AT_MOST + 1]), by=user, at=now(), cause=form.cleaned_data["cause"],
            text=form.cleaned_data["text"],
        )  # fmt: skip
    except Refused as refused:
        form.tell(refused.refusals)
        return list_page(request, asked, many=form, chosen=keys, status=refused.status)
    if result.done:
        told = ngettext("%(count)s miss explained.", "%(count)s misses explained.", result.done)
        messages.success(request, told % {"count": result.done})
    for breach, why in result.refused[:TOLD_AT_MOST]:
        messages.warning(request, f"{breach.record.reference}: {why}")
    if len(result.refused) > TOLD_AT_MOST:
        more = len(result.refused) - TOLD_AT_MOST
        messages.warning(
            request, ngettext("%(count)s more was skipped.", "%(count)s more were skipped.", more) % {"count": more}
        )
    return redirect(f"/breaches/{asked.url()}")


@require_POST
@requires("breach.ask_excuse")
def excuse(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask to have the miss excused."""
    found = found_or_404(request.user, pk)
    form = ExcuseForm(request.POST, breach=found, viewer=request.user)
    return _acted(
        request, found, _("Excuse asked for. Those who decide have been told."), form=form, name="excuse_form",
        do=lambda: excuses.request(
            breach=found,
            by=person_of(request),
            at=now(),
            clause=form.cleaned_data["clause"],
            evidence=form.cleaned_data["evidence"],
            attachment=form.cleaned_data.get("attachment"),
            version=form.cleaned_data["seen_version"],
        ),
    )  # fmt: skip


@require_POST
@requires("breach.ask_excuse")
def excuse_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the request back."""
    found = found_or_404(request.user, pk)
    form = ReasonForm(request.POST, auto_id="return_%s")
    return _acted(
        request, found, _("Request taken back."), form=form, name="return_form",
        do=lambda: excuses.take_back(
            breach=found, by=person_of(request), at=now(), reason=form.cleaned_data["reason"]
        ),
    )  # fmt: skip


@require_POST
@requires("breach.view")
def deferral(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the request back for more evidence."""
    found = found_or_404(request.user, pk)
    form = DeferralForm(request.POST, auto_id="deferral_%s")
    return _acted(
        request, found, _("Sent back. Whoever asked has been told."), form=form, name="deferral_form",
        do=lambda: excuses.defer(breach=found, by=person_of(request), at=now(), reason=form.cleaned_data["reason"]),
    )  # fmt: skip
