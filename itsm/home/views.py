"""The door of the first page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from itsm.shell.navigation import address
from measurement.following.pinned import pinned
from notifications import queries as inbox
from people.access import access_of, can
from people.doors import requires

from . import queries


@requires("inbox.use")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Desk: my clocks, my tickets, mentions, the load of my teams. Managers: how it stands. Requesters: the portal."""
    user, moment = request.user, now()
    access = access_of(user)
    if not access.is_staff_side or not access.allows("record.queue"):
        return HttpResponseRedirect("/portal/")
    is_desk = can(user, "incident.work")
    mentions = inbox.groups(user, at=moment, show="mentions")
    if is_desk:
        asked = [
            (_("Mine"), "is:open is:mine", ""),
            (_("My clocks, overdue"), queries.OVERDUE, "bad"),
            (_("My clocks, next 2 hours"), queries.SOON, "risk"),
            (_("My teams"), "is:open team:@mine", ""),
            (_("Nobody has it, my teams"), "is:open is:unassigned team:@mine", ""),
            (_("The requester replied"), "is:open is:mine is:replied", ""),
        ]
    else:
        asked = [
            (_("At risk now"), "is:open is:at-risk", "risk"),
            (_("Missed and still open"), "is:open is:breached", "bad"),
            (_("Nobody has it"), "is:open is:unassigned", ""),
            (_("All open"), "is:open", ""),
        ]
    return render(
        request,
        "home/home.html",
        {
            "figures": queries.figures(user, asked, at=moment),
            "mentions": queries.Figure(_("Mentions"), len(mentions), "/inbox/?show=mentions"),
            "clocks": queries.my_clocks(user, at=moment) if is_desk else [],
            "loads": queries.team_load(user),
            "is_desk": is_desk,
            "pins": pinned(user, at=moment),
            "soon_url": queries.queue(queries.MINE_BY_CLOCK),
            "sla_url": address("slm:dashboard") if can(user, "sla.view") else "",
        },
    )
