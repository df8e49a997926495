"""Differences of items: the list, and what people do about several of them or one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from common.numbers import number_in, numbers_in
from common.refusals import NotAllowed, Refused
from common.time import now
from people import access
from people.doors import requires
from records.views.base import see_other
from services.models import Service
from services.queries import services_visible_to

from .. import operations
from ..forms import ExplanationForm, ReopeningForm
from ..models import Difference
from ..queries import ALL, EXPLAINED, FOLLOWED, OPEN, STATES, changes_seen, narrowed
from ..saying import Saying

ROWS = 50
MOST_CHOSEN = 500
LONGEST_TYPED = 100


@require_safe
@requires("item.view")
def differences(request: HttpRequest) -> HttpResponseBase:
    """What was found otherwise than written down, the newest first, a page at a time by key."""
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    form: ExplanationForm | None = None,
    reopening: tuple[int, ReopeningForm] | None = None,
    chosen: set[int] | frozenset[int] = frozenset(),
    status: int = 200,
) -> HttpResponseBase:
    """:param form: one that failed, with the rows `chosen`; likewise `reopening` the row of the key."""
    typed = {name: request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_TYPED] for name in ("q", "service")}
    state = request.GET.get("state", OPEN)
    state = state if state in STATES else OPEN
    service = services_visible_to(request.user).filter(slug=typed["service"]).first() if typed["service"] else None
    rows = narrowed(Difference.objects.visible_to(request.user), state=state, text=typed["q"], service=service)
    if typed["service"] and service is None:
        rows = rows.none()
    before = number_in(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.with_names().order_by("-pk")[: ROWS + 1])
    shown, has_older = found[:ROWS], len(found) > ROWS
    narrowing = {name: value for name, value in typed.items() if value}
    asked = narrowing | ({"state": state} if state != OPEN else {})
    saying, seen = Saying(shown), changes_seen(shown, request.user)
    may_explain = access.can(request.user, "difference.explain")
    may_choose = may_explain and any(row.is_open for row in shown)
    context = {
        "rows": [
            {
                "difference": row,
                "what": saying.what(row),
                "before": saying.before(row),
                "after": saying.after(row),
                "sees_change": row.change_id in seen,
                "sees_follow_up": row.follow_up_id in seen,
                "reopening": reopening[1]
                if reopening and reopening[0] == row.pk
                else ReopeningForm(prefix=str(row.pk)),
                "is_reopening": bool(reopening and reopening[0] == row.pk),
            }
            for row in shown
        ],
        "typed": typed,
        "state": state,
        "services": _services(request.user),
        "tabs": _tabs(state, narrowing),
        "chips": _chips(narrowing, state, service),
        "newest_url": "" if before is None else f"?{urlencode(asked)}",
        "older_url": f"?{urlencode(asked | {'before': str(shown[-1].pk)})}" if has_older else "",
        "query": f"?{urlencode(asked)}" if asked else "",
        "form": (form or ExplanationForm(viewer=request.user)) if may_choose else None,
        "failed": form or (reopening[1] if reopening else None),
        "chosen": chosen,
        "may_explain": may_explain,
        "may_open_change": may_choose and access.can(request.user, "change.create"),
    }
    return render(request, "changes/differences/differences.html", context, status=status)


def _services(user: Any) -> list[Service]:
    return list(services_visible_to(user).order_by("name").only("slug", "name"))


def _tabs(state: str, narrowing: dict[str, str]) -> list[dict[str, Any]]:
    labels = {OPEN: _("Open"), FOLLOWED: _("With a change to set them right"), EXPLAINED: _("Explained"), ALL: _("All")}
    return [
        {
            "label": label,
            "url": f"?{urlencode(narrowing | ({} if name == OPEN else {'state': name}))}",
            "is_current": name == state,
        }
        for name, label in labels.items()
    ]


def _chips(narrowing: dict[str, str], state: str, service: Service | None) -> list[dict[str, str]]:
    labels = {"q": _("Item"), "service": _("Service")}
    kept = {"state": state} if state != OPEN else {}
    return [
        {
            "label": f"{labels[name]}: {service.name if name == 'service' and service else value}",
            "remove_url": f"?{urlencode({n: v for n, v in narrowing.items() if n != name} | kept)}",
        }
        for name, value in narrowing.items()
    ]


def _chosen(request: HttpRequest) -> list[Difference]:
    """The rows whose boxes are ticked, as far as the person sees them."""
    keys = numbers_in(request.POST.getlist("difference")[:MOST_CHOSEN])
    return list(Difference.objects.visible_to(request.user).filter(pk__in=keys))


@require_POST
@requires("difference.explain")
def explanations(request: HttpRequest) -> HttpResponseBase:
    """Explain the chosen ones together, or write one change down that sets them right."""
    chosen = _chosen(request)
    form = ExplanationForm(request.POST, viewer=request.user)
    keys = {row.pk for row in chosen}
    sound = form.is_valid()
    if not chosen:
        form.add_error(None, _("None is selected. Tick those that it is about."))
    elif sound:
        try:
            if "open_change" in request.POST:
                change = operations.open_change(differences=chosen, by=request.user, at=now())
                messages.success(request, _("%(reference)s written down.") % {"reference": change.reference})
                return see_other(request, f"{change.get_absolute_url()}plan/")
            count = operations.explain(differences=chosen, by=request.user, at=now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            said = ngettext("%(count)d difference explained.", "%(count)d differences explained.", count)
            messages.success(request, said % {"count": count})
            return see_other(request, _back(request))
    return _page(request, form=form, chosen=keys, status=422)


@require_POST
@requires("difference.explain")
def reopening(request: HttpRequest, key: int) -> HttpResponseBase:
    """Take the explanation of one back."""
    found = get_object_or_404(Difference.objects.visible_to(request.user), pk=min(key, 2**63 - 1))
    form = ReopeningForm(request.POST, prefix=str(found.pk))
    if form.is_valid():
        try:
            operations.reopen(difference=found, by=request.user, at=now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("The difference is open again."))
            return see_other(request, _back(request))
    return _page(request, reopening=(found.pk, form), status=422)


def _back(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("differences:differences") + (f"?{query}" if query else "")
