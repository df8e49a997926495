"""The list of breaches and the page of one."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit import log
from common import csvs
from common.time import now
from measurement import offers
from people.access import access_of, can
from people.doors import requires
from people.models import Team
from services.queries import services_visible_to

from .. import excuses, listing
from ..enums import BreachState
from ..forms import DeferralForm, ExcuseForm, ExplanationForm, ManyForm, ReasonForm, Telling
from ..history import history_of, improvements_from
from ..models import Breach, Cause

ROWS_OF_FILE = 50_000
TABS = (
    (BreachState.RECORDED, lambda: _("To explain")),
    (BreachState.EXPLAINED, lambda: _("Explained")),
    (BreachState.EXCUSE_REQUESTED, lambda: _("Excuse asked")),
    (BreachState.EXCUSED, lambda: _("Excused")),
    (BreachState.UPHELD, lambda: _("Upheld")),
    (BreachState.WITHDRAWN, lambda: _("Withdrawn")),
    (listing.ALL, lambda: _("All")),
)


def found_or_404(user: Any, pk: int) -> Breach:
    """:raises Http404: there is none that the person may see."""
    found: Breach = get_object_or_404(listing.whole(Breach.objects.visible_to(user)), pk=pk)
    return found


@require_safe
@requires("breach.view")
def breaches(request: HttpRequest) -> HttpResponseBase:
    """Breaches by what became of them, the newest first; `format=csv` gives the file."""
    at = now()
    asked = listing.Asked.read(request.GET, request.user)
    if request.GET.get("format") == "csv":
        data = {"query": asked.url()}
        log.record("breach.exported", subject_kind="breach_list", subject_id=0, by=request.user, at=at, data=data)
        rows = listing.whole(asked.rows(request.user, at=at)).order_by("-missed_at", "-pk")
        lines = (listing.as_line(each) for each in rows[:ROWS_OF_FILE].iterator(chunk_size=2_000))
        return csvs.answer("breaches", listing.HEAD, lines)
    return list_page(request, asked)


def list_page(
    request: HttpRequest, asked: listing.Asked, *, many: ManyForm | None = None, chosen: set[int] | None = None,
    status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    """The list as it stands, for every door that shows it again. :param chosen: what was selected before a refusal."""
    at = now()
    rows, older_url = asked.page(request.user, at=at)
    may_explain = can(request.user, "breach.explain")
    is_explainable = asked.show in (BreachState.RECORDED, BreachState.EXPLAINED)
    context = {
        "asked": asked,
        "rows": rows,
        "at": at,
        "chosen": chosen or set(),
        "older_url": older_url,
        "newest_url": asked.url() if asked.before else "",
        "csv_url": asked.url(format="csv"),
        "tabs": [
            {"label": label(), "url": asked.url(show=state), "is_current": state == asked.show} for state, label in TABS
        ],
        "causes": Cause.objects.all(),
        "teams": Team.objects.filter(is_active=True),
        "services": services_visible_to(request.user).exclude(stage="pipeline").order_by("name"),
        "many": (many or ManyForm()) if may_explain and is_explainable and rows else None,
        "may_set_up": can(request.user, "breach.set_up"),
    }
    return render(request, "slm/breaches/breaches.html", context, status=status)


@require_safe
@requires("breach.view")
def breach(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One breach: what was missed, why, what is decided, and what can be done."""
    return breach_page(request, found_or_404(request.user, pk))


def breach_page(
    request: HttpRequest, found: Breach, *, forms: dict[str, Telling] | None = None, status: int = 200
) -> HttpResponseBase:
    """The page as it stands, with what was typed where an act was refused."""
    user = request.user
    may_explain = can(user, "breach.explain", found) and found.may_be_explained
    may_ask = can(user, "breach.ask_excuse", found)
    shown: dict[str, Any] = {
        "explanation_form": ExplanationForm(breach=found, initial=ExplanationForm.initial_of(found)),
        "excuse_form": ExcuseForm(breach=found, viewer=user, initial={"seen_version": found.version}),
        "return_form": ReasonForm(auto_id="return_%s"),
        "deferral_form": DeferralForm(auto_id="deferral_%s"),
    }
    context = (
        shown
        | (forms or {})
        | {
            "breach": found,
            "at": now(),
            "refused_forms": list((forms or {}).values()),
            "lines": history_of(found),
            "may_explain": may_explain,
            "offers": offers.for_person(access_of(user)),
            "improvements": improvements_from(found.record, user),
            "may_ask": may_ask and found.state == BreachState.EXPLAINED,
            "may_return": may_ask and found.is_being_decided,
            "may_defer": excuses.may_defer(found, user),
            "may_read_file": found.attachment_id is not None
            and excuses.files_for(found, user).filter(pk=found.attachment_id).exists(),
        }
    )
    return render(request, "slm/breaches/breach.html", context, status=status)
