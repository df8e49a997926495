"""What came in at once: the list, one of them with its incidents, and the acts on it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refs import parse_reference
from common.refusals import Refused
from common.time import now
from people.doors import person_of, requires
from records.models import Record

from .. import decided as decisions
from .. import operations
from .. import together as looking
from ..enums import ClusterState
from ..models import DecidedBurst
from .incidents import ROWS

OPERATION = "cluster.view"
RELATED = ("decided_by", "problem")


@require_safe
@requires(OPERATION)
def together(request: HttpRequest) -> HttpResponseBase:
    """Bursts of the latest 90 days, or those that somebody decided about."""
    state = request.GET.get("state", "")
    state = state if state in (ClusterState.ACCEPTED, ClusterState.DISMISSED) else ClusterState.PROPOSED.value
    context: dict[str, Any] = {
        "state": state,
        "tabs": [
            {"label": label, "url": f"?state={each}", "is_current": each == state}
            for each, label in (
                (ClusterState.PROPOSED.value, _("Proposed")),
                (ClusterState.ACCEPTED.value, _("Made problems")),
                (ClusterState.DISMISSED.value, _("Dismissed")),
            )
        ],
    }
    if state == ClusterState.PROPOSED:
        context["look"] = looking.look(person_of(request), at=now())
    else:
        rows = DecidedBurst.objects.visible_to(request.user).filter(state=state).select_related(*RELATED)
        page = Paginator(rows.order_by("-decided_at", "-pk"), ROWS).get_page(request.GET.get("page"))
        context |= {"page": page, "decided": decisions.named(page.object_list), "query": f"state={state}"}
    return render(request, "problems/finding/together.html", context)


@require_safe
@requires(OPERATION)
def incidents(request: HttpRequest) -> HttpResponseBase:
    """One burst that is proposed, with its incidents."""
    return _proposed(request, _asked(request.GET))


def _asked(query: Any) -> looking.Asked:
    try:
        return looking.read(query)
    except (ValueError, OverflowError):
        raise Http404 from None


def _proposed(
    request: HttpRequest, asked: looking.Asked, *, refused: Refused | None = None, act: str = "", status: int = 200
) -> HttpResponseBase:
    rows = looking.rows_behind(asked, person_of(request))
    organizations = sorted(set(rows.order_by().values_list("organization_id", flat=True)))
    value = asked.dimension.shown([asked.key])[asked.key].label
    query = {
        "by": asked.dimension.name,
        "value": asked.dimension.slug(asked.key),
        "from": asked.first_at.isoformat(),
        "to": asked.latest_at.isoformat(),
    }
    decided = decisions.decided_about(
        request.user, name=query["by"], value=query["value"], first_at=asked.first_at, latest_at=asked.latest_at
    )
    context = {
        "asked": query,
        "decided": decided,
        "label": asked.dimension.label,
        "value": value,
        "first_at": asked.first_at,
        "latest_at": asked.latest_at,
        "page": _page(request, rows),
        "query": urlencode(query),
        "may_open": decided is None and bool(organizations) and operations.may_open_burst(request.user, organizations),
        "may_decide": decided is None
        and bool(organizations)
        and operations.may_decide_burst(request.user, organizations),
        "title": request.POST.get("title", decisions.subject_of(value, asked.first_at)),
        "problem_typed": request.POST.get("problem", ""),
        "reason": request.POST.get("reason", ""),
        "refusals": refused.refusals if refused else (),
        "act": act,
        "longest_reason": operations.LONGEST_REASON,
        "linked_at_most": operations.LINKED_AT_MOST,
    }
    return render(request, "problems/finding/burst.html", context, status=status)


def _page(request: HttpRequest, rows: Any) -> Any:
    rows = rows.select_related("service", "team").order_by("-pk")
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


@require_safe
@requires(OPERATION)
def decided(request: HttpRequest, key: int) -> HttpResponseBase:
    """One burst that somebody decided about."""
    return _decided(request, _found(request, key))


def _found(request: HttpRequest, key: int) -> DecidedBurst:
    return get_object_or_404(DecidedBurst.objects.visible_to(request.user).select_related(*RELATED), pk=key)


def _decided(
    request: HttpRequest, found: DecidedBurst, *, refused: Refused | None = None, status: int = 200
) -> HttpResponseBase:
    ((_row, label, value),) = decisions.named([found])
    may_decide = operations.may_decide_burst(request.user, found.organization_ids)
    context = {
        "decided": found,
        "label": label,
        "value": value,
        "first_at": found.first_at,
        "latest_at": found.latest_at,
        "page": _page(request, decisions.incidents_of(found, request.user)),
        "query": "",
        "may_take_back": found.is_dismissed and may_decide,
        "refusals": refused.refusals if refused else (),
    }
    return render(request, "problems/finding/burst.html", context, status=status)


def _acted(request: HttpRequest, act: str, do: Callable[[looking.Asked], DecidedBurst]) -> HttpResponseBase:
    """Do the act and go where it leads; refused, show the page as it is with what was typed."""
    asked = _asked(request.POST)
    try:
        made = do(asked)
    except Refused as refused:
        status = refused.status if refused.refusals[0].field is None else 422
        return _proposed(request, asked, refused=refused, act=act, status=status)
    return redirect(made.problem if made.problem else "finding:together")


@require_POST
@requires("cluster.decide")
def acceptance(request: HttpRequest) -> HttpResponseBase:
    """Open it as a problem, or link it with one, and go there."""

    def accept(asked: looking.Asked) -> DecidedBurst:
        typed = request.POST.get("problem", "").strip()
        if "problem" in request.POST and not typed:
            raise Refused.because("required", _("Name the problem that causes them."), "problem")
        problem = Record.objects.visible_to(request.user).filter(pk=parse_reference(typed) or 0).first()
        if typed and problem is None:
            raise Refused.because(
                "unknown", _("There is no problem “%(typed)s”. Type a reference such as PRB-1042.") % {"typed": typed},
                "problem",
            )  # fmt: skip
        made = operations.accept_burst(
            asked=asked, by=person_of(request), at=now(), title=request.POST.get("title", ""), problem=problem
        )
        said = _("%(reference)s linked.") if problem else _("%(reference)s opened.")
        messages.success(request, said % {"reference": made.problem.reference if made.problem else ""})
        return made

    return _acted(request, "linking" if request.POST.get("problem") is not None else "acceptance", accept)


@require_POST
@requires("cluster.decide")
def dismissal(request: HttpRequest) -> HttpResponseBase:
    """Say that no problem lies behind it."""

    def dismiss(asked: looking.Asked) -> DecidedBurst:
        reason = request.POST.get("reason", "")
        made = operations.dismiss_burst(asked=asked, by=person_of(request), at=now(), reason=reason)
        messages.success(request, _("Dismissed. You can take that back under “Dismissed”."))
        return made

    return _acted(request, "dismissal", dismiss)


@require_POST
@requires("cluster.decide")
def reconsideration(request: HttpRequest, key: int) -> HttpResponseBase:
    """Take a dismissal back."""
    found = _found(request, key)
    try:
        operations.reconsider_burst(decided=found, by=person_of(request), at=now())
    except Refused as refused:
        return _decided(request, _found(request, key), refused=refused, status=refused.status)
    return redirect("finding:together")
