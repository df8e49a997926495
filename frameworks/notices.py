"""Who finds in their inbox that a measure of their practice misses its target: its owner, else who answers for it."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from measurement import known
from measurement.catalog.models import Handling
from measurement.values import write
from notifications import subjects
from notifications.models import NoticeKind
from notifications.subscriptions import tell
from people.models import RoleGrant, User
from procedures.measures import TELLS_ABOUT
from procedures.models import Duty, Procedure

from .models import Signal
from .signaling import carried
from .targets import step_of

KIND = "practice_signal"
OWNS = gettext_lazy("because you own the measure")
ANSWERS = gettext_lazy("because you answer for a step that it is about")


def register() -> None:
    """Called when the app is ready."""
    subjects.declare(KIND, label=gettext_lazy("Signal"), visible_to=Signal.objects.visible_to)
    subscribe("frameworks.signals", to=["practice_signal.raised", "practice_signal.worsened"], handler=told)


def told(entry: Entry) -> None:
    """Once for each signal, and once more if a dismissed one got worse."""
    signal = Signal.objects.open().filter(pk=entry.subject_id).first()
    if signal is None:
        return
    kpi = known.kpi(signal.kpi)
    number, target = entry.data["number"], entry.data["target"]

    def text() -> str:
        said = {"number": write(number, kpi.unit), "target": write(target, kpi.unit), "month": _month(signal)}
        if entry.action.endswith("worsened"):
            return _("Worse than when it was dismissed: %(number)s in %(month)s, the target is %(target)s.") % said
        return _("It missed its target: %(number)s in %(month)s, wanted were %(target)s.") % said

    about = subjects.About(KIND, signal.pk, label=str(kpi.name))
    tell(entry, about, NoticeKind.CHANGED, people_of(signal.kpi), text)


def people_of(kpi: str) -> dict[User, Any]:
    """The owner of the measure; without one, who answers for the steps of what carries it; each with why."""
    handling = Handling.objects.filter(kpi=kpi, owner__is_active=True).select_related("owner").first()
    if handling is not None and handling.owner is not None:
        return {handling.owner: OWNS}
    slugs = {step_of(target) for practice in carried().get(kpi, []) for target in practice.steps}
    return dict.fromkeys(_accountable(slugs, TELLS_ABOUT.get(kpi.partition("-")[0], "")), ANSWERS)


def _accountable(slugs: Iterable[str], process: str) -> list[User]:
    """
    Who answers for the steps at which these procedures are done: whoever is named, else all who have the role.

    :param process: that the measure tells about; steps of others count where it has none of these.
    """
    places = set(Procedure.objects.filter(slug__in=slugs).values_list("process", "step"))
    places = {place for place in places if place[0] == process} or places
    duties = [each for each in Duty.objects.select_related("person") if (each.process, each.step) in places]
    roles = {each.accountable for each in duties}
    # Signals are about the whole house: a role for single customers does not reach so far.
    grants = RoleGrant.objects.filter(role__in=roles, organization=None, user__is_active=True).select_related("user")
    holders: dict[str, list[User]] = {role: [] for role in roles}
    for grant in grants.order_by("user__name", "user_id"):
        holders[grant.role].append(grant.user)
    found = []
    for duty in duties:
        named = duty.person if duty.person in holders[duty.accountable] else None
        found += [named] if named is not None else holders[duty.accountable]
    return list(dict.fromkeys(found))


def _month(signal: Signal) -> str:
    return date_format(signal.first_day, "F Y")
