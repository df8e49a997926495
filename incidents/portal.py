"""What requesters are told of their tickets: plain sentences, never the words of the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from people.access import access_of
from people.enums import Role
from records.enums import Phase
from records.models import Record, Watcher
from slm.enums import LIVE_STATES, ClockKind
from slm.models import Clock

from .enums import HoldReason, State
from .models import Incident

SHOWN_AT_MOST = 50
STEPS = ("received", "working", "solved")
REASONS = {
    HoldReason.REQUESTER: lambda: _("We are waiting for your answer."),
    HoldReason.SUPPLIER: lambda: _("We are waiting for our supplier."),
    HoldReason.CHANGE: lambda: _("A planned change will solve this; we are waiting for it."),
    HoldReason.PROBLEM: lambda: _("We are looking for the cause behind this."),
}


@dataclass(frozen=True)
class Told:
    """Where a ticket stands, for its requester. `step` is one of `STEPS`."""

    sentence: str
    step: str
    is_waiting_for_requester: bool = False


def tell(incident: Incident) -> Told:
    """Say where the ticket stands."""
    state = incident.state
    if state == State.NEW:
        return Told(_("We have it. Somebody will look at it soon."), "received")
    if state == State.ASSIGNED:
        return Told(_("It is with the people who can solve it."), "received")
    if state == State.ON_HOLD:
        if incident.state_reason == HoldReason.SCHEDULE and incident.wake_at:
            moment = date_format(localtime(incident.wake_at), "j M Y, H:i")
            return Told(_("As agreed, we go on at %(moment)s.") % {"moment": moment}, "working")
        say = REASONS.get(HoldReason(incident.state_reason)) if incident.state_reason else None
        sentence = say() if say else _("We are waiting for somebody else.")
        return Told(sentence, "working", incident.state_reason == HoldReason.REQUESTER)
    if state == State.RESOLVED:
        return Told(_("Solved. Tell us if it is not."), "solved")
    if state == State.CLOSED:
        return Told(_("Solved and closed."), "solved")
    if state == State.CANCELLED:
        return Told(_("Closed without being worked on."), "solved")
    return Told(_("We are working on it."), "working")


def manages_organization(user: Any) -> bool:
    return Role.ORGANIZATION_MANAGER in access_of(user).reach


def _own(user: Any) -> Any:
    """Keys of what the person asked for or follows: two indexes, where one OR would read the whole table."""
    followed = Watcher.objects.filter(user=user).values_list("record_id", flat=True)
    return Record.objects.filter(requester=user).order_by().values_list("pk", flat=True).union(followed)


def requests_of(user: Any, *, show: str = "", whole_organization: bool = False) -> Any:
    """
    The person's own tickets and those they follow, newest first; organization managers may see the organization's.

    :param show: open, done, or empty for both.
    """
    found = Incident.objects.visible_to(user).select_related("service", "assignee", "requester", "organization")
    if not (whole_organization and manages_organization(user)):
        found = found.filter(pk__in=_own(user))
    elif (reach := access_of(user).reach[Role.ORGANIZATION_MANAGER]) is not None:
        found = found.filter(organization__in=reach)
    if show == "open":
        found = found.exclude(phase=Phase.DONE)
    elif show == "done":
        found = found.filter(phase=Phase.DONE)
    return found.order_by("-pk")


@dataclass(frozen=True)
class Expected:
    """When it should be solved. `is_late`: that moment has passed."""

    due_at: datetime
    is_late: bool


def expected(incident: Incident, *, at: datetime) -> Expected | None:
    """The due moment of the resolution clock while it runs; nothing while paused, done, or without an agreement."""
    due_at = (
        Clock.objects.filter(
            record_id=incident.pk, kind=ClockKind.RESOLUTION, state__in=LIVE_STATES, due_at__isnull=False
        )
        .values_list("due_at", flat=True)
        .first()
    )
    return Expected(due_at, due_at <= at) if due_at else None
