"""What came in at once."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.templatetags.steward import moment
from common.time import now
from people.access import can
from people.doors import person_of, requires

from .. import together as looking
from .incidents import listed

OPERATION = "cluster.view"


@require_safe
@requires(OPERATION)
def together(request: HttpRequest) -> HttpResponseBase:
    """Bursts of the latest 90 days."""
    context = {
        "look": looking.look(person_of(request), at=now()),
        "may_open": can(request.user, "problem.create"),
        "most_opened": looking.MOST_OPENED,
    }
    return render(request, "problems/finding/together.html", context)


@require_safe
@requires(OPERATION)
def incidents(request: HttpRequest) -> HttpResponseBase:
    """The incidents of one burst."""
    try:
        asked = looking.read(request.GET)
    except ValueError:
        raise Http404 from None
    query = request.GET.copy()
    query.pop("page", None)
    value = asked.dimension.shown([asked.key])[asked.key].label
    return listed(
        request,
        looking.rows_behind(asked, person_of(request)),
        crumbs=[
            {"label": _("Problems"), "url": "/problems/"},
            {"label": _("At once"), "url": reverse("finding:together")},
            {"label": value},
        ],
        title=value,
        detail=_("%(first)s to %(last)s") % {"first": moment(asked.first_at), "last": moment(asked.latest_at)},
        query=query.urlencode(),
    )
