"""Groups of similar incidents: the list, one of them with its evidence, and the acts on it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from common.refusals import Refused
from common.time import now
from people.access import can
from people.doors import person_of, requires
from records.models import Record

from .. import operations, tasks
from ..enums import ClusterState
from ..models import Cluster, ClusterMember, Run
from ..runs import LOST_AFTER

ROWS = 50
SORTS = {
    "lost": (gettext_lazy("most time lost"), ("-lost_minutes", "pk")),
    "count": (gettext_lazy("most incidents"), ("-member_count", "pk")),
    "latest": (gettext_lazy("latest incident"), ("-latest_at", "pk")),
    "alike": (gettext_lazy("most alike"), ("-likeness", "pk")),
}
RELATED = ("service", "category", "category__parent", "item", "problem", "decided_by")


@require_safe
@requires("cluster.view")
def clusters(request: HttpRequest) -> HttpResponseBase:
    """What was found, by what became of it."""
    state = request.GET.get("state", "")
    state = state if state in ClusterState.values else ClusterState.PROPOSED.value
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "lost"
    seen = Cluster.objects.visible_to(request.user)
    rows = seen.filter(state=state).select_related(*RELATED).order_by(*SORTS[sort][1])
    counts = dict.fromkeys(ClusterState.values, 0)
    counts |= dict(seen.order_by().values_list("state").annotate(count=Count("pk")))
    context = {
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "state": state,
        "tabs": [
            {
                "label": label,
                "url": f"?{urlencode({'state': each})}",
                "count": counts[each],
                "is_current": each == state,
            }
            for each, label in (
                (ClusterState.PROPOSED, _("Proposed")),
                (ClusterState.ACCEPTED, _("Opened as problems")),
                (ClusterState.DISMISSED, _("Dismissed")),
            )
        ],
        "sorts": [(name, label) for name, (label, _order) in SORTS.items()],
        "sort": sort,
        "query": urlencode({"state": state, "sort": sort}),
        "run": Run.objects.filter(ended_at__isnull=False).order_by("-pk").first(),
        "is_looking": Run.objects.filter(ended_at=None, began_at__gt=now() - LOST_AFTER).exists(),
        "may_look": can(request.user, "cluster.decide"),
    }
    return render(request, "problems/finding/clusters.html", context)


@require_POST
@requires("cluster.decide")
def look(request: HttpRequest) -> HttpResponseBase:
    """Have a worker look through the incidents now."""
    if tasks.ask_for_a_look():
        messages.success(request, _("Looking through the incidents. Load this page again in a minute."))
    else:
        messages.error(request, _("No worker could be reached. The incidents are looked through every night."))
    return redirect("finding:clusters")


@require_safe
@requires("cluster.view")
def cluster(request: HttpRequest, key: int) -> HttpResponseBase:
    """One group with everything that speaks for it."""
    return _page(request, _found(request, key))


def _found(request: HttpRequest, key: int) -> Cluster:
    return get_object_or_404(Cluster.objects.visible_to(request.user).select_related(*RELATED), pk=key)


def _page(
    request: HttpRequest, found: Cluster, *, refused: Refused | None = None, act: str = "", status: int = 200
) -> HttpResponseBase:
    seen = Record.objects.visible_to(request.user)
    members = (
        ClusterMember.objects.filter(cluster=found, record__in=seen)
        .select_related("record__organization", "record__requester")
        .order_by("-record_id")
    )
    context = {
        "cluster": found,
        "page": Paginator(members, ROWS).get_page(request.GET.get("page")),
        "may_accept": operations.may_open(request.user, found),
        "may_decide": operations.may_decide(request.user, found),
        "linked_at_most": operations.LINKED_AT_MOST,
        "longest_reason": operations.LONGEST_REASON,
        "title": request.POST.get("title", str(found) if found.subject else ""),
        "reason": request.POST.get("reason", ""),
        "refusals": refused.refusals if refused else (),
        "act": act,
    }
    return render(request, "problems/finding/cluster.html", context, status=status)


def _acted(request: HttpRequest, key: int, act: str, do: Callable[[Cluster], Any]) -> HttpResponseBase:
    """Do the act and go where it leads; refused, show the group as it is with what was typed."""
    found = _found(request, key)
    try:
        target = do(found)
    except Refused as refused:
        status = refused.status if refused.refusals[0].field is None else 422
        fresh = Cluster.objects.visible_to(request.user).select_related(*RELATED).filter(pk=key).first()
        return _page(request, fresh or found, refused=refused, act=act, status=status)
    return redirect(target)


@require_POST
@requires("cluster.decide")
def acceptance(request: HttpRequest, key: int) -> HttpResponseBase:
    """Open it as a problem, and go there."""

    def accept(found: Cluster) -> Any:
        title = request.POST.get("title", "")
        problem = operations.accept(cluster=found, by=person_of(request), at=now(), title=title)
        messages.success(request, _("%(reference)s opened.") % {"reference": problem.reference})
        return problem

    return _acted(request, key, "acceptance", accept)


@require_POST
@requires("cluster.decide")
def extension(request: HttpRequest, key: int) -> HttpResponseBase:
    """Link what came since with the problem."""

    def link(found: Cluster) -> Any:
        linked = operations.link_newer(cluster=found, by=person_of(request), at=now())
        text = ngettext("%(count)s incident linked.", "%(count)s incidents linked.", linked)
        messages.success(request, text % {"count": linked})
        return found.problem

    return _acted(request, key, "extension", link)


@require_POST
@requires("cluster.decide")
def dismissal(request: HttpRequest, key: int) -> HttpResponseBase:
    """Say that no problem lies behind it."""

    def dismiss(found: Cluster) -> Any:
        operations.dismiss(cluster=found, by=person_of(request), at=now(), reason=request.POST.get("reason", ""))
        messages.success(request, _("Group dismissed. You can take that back under “Dismissed”."))
        return "finding:clusters"

    return _acted(request, key, "dismissal", dismiss)


@require_POST
@requires("cluster.decide")
def reconsideration(request: HttpRequest, key: int) -> HttpResponseBase:
    """Take a dismissal back."""
    return _acted(
        request,
        key,
        "reconsideration",
        lambda each: operations.reconsider(cluster=each, by=person_of(request), at=now()),
    )
