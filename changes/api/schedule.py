"""The change calendar in the API: everything planned in a period, and what collides."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Moment, Named
from common.api.filters import Query, Several
from common.api.views import ApiView
from common.problems import UNFIT, Problem
from common.time import now

from ..enums import State
from ..queries.collisions import Collision, collisions
from ..queries.conflicts import Reason
from ..queries.schedule import ChangeEntry, Schedule, WindowEntry, schedule

LONGEST = timedelta(days=92)


class _Period(Query):
    """At most 92 days."""

    to = Moment(help_text="End of the period, not included.")
    service = Several(numbers=True, help_text="Ids of services; only what touches one of them.")
    team = Several(numbers=True, help_text="Ids of teams; only what one of them does.")
    state = Several(among=State.values, help_text="Of changes; all but rejected and cancelled when left out.")


# `from` can't be the name of an attribute as it is written.
ScheduleQuery: Any = type(
    "ScheduleQuery",
    (_Period,),
    {"__doc__": _Period.__doc__, "from": Moment(help_text="Beginning of the period.")},
)


class ScheduleEntry(Answer):
    """Something that takes time. What the caller may not see but stands in the way is `busy` and tells nothing else."""

    kind = serializers.CharField(help_text="change, freeze, maintenance, or what another practice puts there.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(help_text="Not included.")
    busy = serializers.BooleanField()
    title = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(allow_null=True)
    window = serializers.IntegerField(allow_null=True, help_text="Id of the freeze or maintenance window.")
    url = serializers.CharField(allow_null=True, help_text="Address of its page.")
    state = serializers.CharField(allow_null=True)
    team = serializers.IntegerField(allow_null=True)
    person = serializers.CharField(allow_blank=True, help_text="Who implements it.")
    services = Named(many=True, help_text="Those that the caller may see.")
    for_all_services = serializers.BooleanField()


class ScheduleConflict(Answer):
    """Two things that collide, and that nobody accepted."""

    change = serializers.CharField(help_text="Reference of the change that has it.")
    reason = serializers.ChoiceField(choices=Reason.values)
    other = serializers.CharField(allow_null=True, help_text="The other change; null when the caller may not see it.")
    window = serializers.IntegerField(allow_null=True, help_text="Id of the freeze.")
    how = serializers.CharField(allow_blank=True)


class ScheduleShape(Answer):
    """The calendar of a period."""

    items = ScheduleEntry(many=True)
    conflicts = ScheduleConflict(many=True)


class ChangeSchedule(ApiView):
    """The change calendar."""

    operations = {"GET": "record.queue"}

    @describe("Get the change calendar", gives=ScheduleShape, parameters=[ScheduleQuery], problems=[422])
    def get(self, request: Any) -> Any:
        query, at = ScheduleQuery.of(request), now()
        start, end = query["from"], query["to"]
        if not start < end <= start + LONGEST:
            text = _("The period is empty or longer than 92 days. Ask for a shorter one.")
            raise Problem(UNFIT, text, errors=[{"code": "period", "message": text, "field": "to"}])
        shown = schedule(request.user, start, end, states=query.get("state", ()))
        found = collisions(shown, user=request.user, at=at).collisions
        entries = sorted([*shown.windows, *shown.entries], key=lambda each: (each.starts_at, each.ends_at))
        kept = [each for each in entries if _is_wanted(each, query)]
        keys = {each.record_id for each in kept if each.record_id}
        return self.answer(
            {
                "items": [_entry(each, shown) for each in kept],
                "conflicts": [_conflict(each) for each in found if each.one.record_id in keys],
            }
        )


def _is_wanted(entry: Any, query: dict[str, Any]) -> bool:
    is_window = isinstance(entry, WindowEntry)
    if "state" in query and is_window:
        return False
    if "service" in query and not (is_window and entry.is_for_all) and not entry.service_ids & set(query["service"]):
        return False
    return "team" not in query or is_window or entry.team_id in query["team"]


def _entry(entry: Any, shown: Schedule) -> dict[str, Any]:
    is_window = isinstance(entry, WindowEntry)
    names = sorted((shown.services[key].name, key) for key in entry.service_ids if key in shown.services)
    return {
        "kind": entry.kind,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "busy": entry.is_busy,
        "title": entry.title,
        "reference": entry.reference or None,
        "window": entry.window_id if is_window else None,
        "url": entry.url or None,
        "state": None if entry.is_busy else entry.state_name or None,
        "team": entry.team_id,
        "person": entry.person,
        "services": [{"id": key, "name": name} for name, key in names],
        "for_all_services": is_window and entry.is_for_all,
    }


def _conflict(found: Collision) -> dict[str, Any]:
    other = found.other
    is_window = isinstance(other, WindowEntry)
    return {
        "change": found.one.reference,
        "reason": found.reason,
        "other": None if is_window or (isinstance(other, ChangeEntry) and other.is_busy) else other.reference,
        "window": other.window_id if isinstance(other, WindowEntry) else None,
        "how": found.how,
    }
