"""Who is accountable as declared, against who really acted as the log tells, step by step."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.enums import Role
from people.models import RoleGrant, User
from records import practices, undertakings
from records.processes import STEPS
from records.workflow import moves_of

from ..enums import Part
from ..models import Duty

RANGES = {"30": 30, "90": 90, "365": 365}
USUAL_RANGE = "90"
LEAST_ACTS = 20
"""Below so many acts at a step nobody is called overloaded: one busy morning proves nothing."""
MOST_SHARE = 0.6
MOST_STEPS = 12

# Moves only: they are what leads from step to step. The state before says at which step the act was done.
ACTED = """
    SELECT split_part(action, '.', 1) AS kind, changes #>> '{state,0}' AS state, actor_id, count(*)
    FROM audit_entry
    WHERE at >= %(since)s AND at < %(until)s AND subject_kind = 'record' AND action = ANY(%(actions)s)
        AND actor_id IS NOT NULL
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT r.kind, p.state, t.ticked_by_id, count(*)
    FROM procedures_tick t JOIN procedures_visit v ON v.id = t.visit_id JOIN records_record r ON r.id = v.record_id
        JOIN LATERAL (SELECT state FROM procedures_place WHERE kind = r.kind AND process = v.process AND step = v.step
                      LIMIT 1) p ON true
    WHERE t.ticked_at >= %(since)s AND t.ticked_at < %(until)s AND t.undone_at IS NULL AND t.ticked_by_id IS NOT NULL
    GROUP BY 1, 2, 3
"""
# Of what is no record the act itself says at which step it was done. The other side's acts are none of ours.
UNDERTAKEN = """
    SELECT e.action, e.actor_id, count(*)
    FROM audit_entry e JOIN people_user u ON u.id = e.actor_id
        JOIN people_organization o ON o.id = u.organization_id AND o.is_provider
    WHERE e.at >= %(since)s AND e.at < %(until)s AND e.action = ANY(%(actions)s)
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Actor:
    """:param is_declared: they hold a role that is accountable, responsible or consulted at the step."""

    person: User
    acts: int
    share: float
    is_declared: bool


@dataclass(frozen=True)
class Finding:
    """What differs between what is declared and what is. :param kind: vacancy, double, outsider, idle, overload."""

    kind: str
    text: str


@dataclass
class Row:
    """One step."""

    duty: Duty
    label: Any
    parts: Mapping[str, list[Role]]
    holders: list[User]
    actors: list[Actor] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def process_label(self) -> Any:
        return practices.PROCESSES[self.duty.process]

    @property
    def accountable(self) -> Any:
        return Role(self.duty.accountable).label

    @property
    def responsible(self) -> list[Any]:
        return [role.label for role in self.parts.get(Part.RESPONSIBLE, ())]

    @property
    def consulted(self) -> list[Any]:
        return [role.label for role in self.parts.get(Part.CONSULTED, ())]

    @property
    def informed(self) -> list[Any]:
        return [role.label for role in self.parts.get(Part.INFORMED, ())]

    @property
    def acts(self) -> int:
        return sum(actor.acts for actor in self.actors)


def compare(*, since: datetime, until: datetime, process: str = "") -> list[Row]:
    """
    Every step with its declared roles, who holds them, who acted, and what differs.

    Five statements, whatever the number of people. A role counts wherever it was granted.

    :param since, until: moments of acts, the end not included. :param process: only this one.
    """
    duties = Duty.objects.select_related("person").prefetch_related("parts")
    if process:
        duties = duties.filter(process=process)
    roles_of = _roles()
    acted = _acted(since, until)
    people = User.objects.in_bulk({key for each in acted.values() for key in each} | set(roles_of))
    holders: dict[str, list[User]] = defaultdict(list)
    for key, roles in roles_of.items():
        for role in roles:
            if key in people and people[key].is_active:
                holders[role].append(people[key])
    order = {(name, step): index for name, steps in STEPS.items() for index, step in enumerate(steps)}
    names = list(STEPS)
    rows = []
    for duty in sorted(duties, key=lambda each: (names.index(each.process), order.get((each.process, each.step), 99))):
        if (duty.process, duty.step) in order:
            rows.append(_row(duty, holders, roles_of, acted.get((duty.process, duty.step), {}), people))
    return rows


def _row(
    duty: Duty,
    holders: Mapping[str, list[User]],
    roles_of: Mapping[int, set[str]],
    acted: Mapping[int, int],
    people: Mapping[int, User],
) -> Row:
    parts: dict[str, list[Role]] = defaultdict(list)
    for each in duty.parts.all():
        parts[each.part].append(Role(each.role))
    declared = {duty.accountable, *parts[Part.RESPONSIBLE], *parts[Part.CONSULTED]}
    total = sum(acted.values())
    actors = [
        Actor(people[key], count, count / total, bool(declared & (roles_of.get(key, set()) | {Role.REQUESTER})))
        for key, count in sorted(acted.items(), key=lambda each: (-each[1], each[0]))
        if key in people
    ]
    held = sorted(holders.get(duty.accountable, []), key=lambda user: user.name)
    row = Row(duty, STEPS[duty.process][duty.step], parts, held, actors)
    row.findings += _findings(row, holders)
    return row


def _findings(row: Row, holders: Mapping[str, list[User]]) -> list[Finding]:
    found = []
    person = row.duty.person
    if not row.holders:
        found.append(Finding("vacancy", _("Nobody has the role “%(role)s”.") % {"role": row.accountable}))
    elif person is not None and person not in row.holders:
        found.append(Finding("vacancy", _("%(person)s is named and no longer has the role.") % {"person": person}))
    elif person is None and len(row.holders) > 1:
        said = _("%(count)d have the role, none of them is named.") % {"count": len(row.holders)}
        found.append(Finding("double", said))
    for role in row.parts.get(Part.RESPONSIBLE, ()):
        if role != Role.REQUESTER and not holders.get(role):
            found.append(Finding("vacancy", _("Nobody has the responsible role “%(role)s”.") % {"role": role.label}))
    outsiders = [actor for actor in row.actors if not actor.is_declared]
    if outsiders:
        acts = sum(actor.acts for actor in outsiders)
        names = ", ".join(str(actor.person) for actor in outsiders[:3])
        said = ngettext(
            "%(count)d act by somebody without a declared role: %(names)s.",
            "%(count)d acts by people without a declared role: %(names)s.",
            acts,
        )
        found.append(Finding("outsider", said % {"count": acts, "names": names}))
    if row.acts >= LEAST_ACTS and len(_able(row, holders)) > 1 and row.actors[0].share > MOST_SHARE:
        said = _("%(person)s did %(share)d%% of the %(count)d acts here.")
        values = {"person": row.actors[0].person, "share": round(row.actors[0].share * 100), "count": row.acts}
        found.append(Finding("overload", said % values))
    return found


def _able(row: Row, holders: Mapping[str, list[User]]) -> set[int]:
    """Who could have done it."""
    roles = [row.duty.accountable, *row.parts.get(Part.RESPONSIBLE, ())]
    return {user.pk for role in roles for user in holders.get(role, [])}


def across(rows: list[Row]) -> list[Finding]:
    """What differs over the steps together: one person alone who answers for very many."""
    alone: dict[int, list[User]] = defaultdict(list)
    for row in rows:
        person = row.duty.person or (row.holders[0] if len(row.holders) == 1 else None)
        if person is not None:
            alone[person.pk].append(person)
    return [
        Finding(
            "overload",
            _("%(person)s alone answers for %(count)d steps.") % {"person": mine[0], "count": len(mine)},
        )
        for mine in alone.values()
        if len(mine) > MOST_STEPS
    ]


def who_answers() -> dict[tuple[str, str], str]:
    """Process and step -> the person who is named, else the accountable role; vacant ones left out. Two statements."""
    held = set(RoleGrant.objects.filter(user__is_active=True).values_list("role", flat=True).distinct())
    duties = Duty.objects.select_related("person")
    return {
        (duty.process, duty.step): str(duty.person or Role(duty.accountable).label)
        for duty in duties
        if duty.accountable in held
    }


def _roles() -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for key, role in RoleGrant.objects.values_list("user_id", "role"):
        found[key].add(role)
    return found


def _acted(since: datetime, until: datetime) -> dict[tuple[str, str], dict[int, int]]:
    """Process and step -> person -> acts."""
    kinds = {practice.kind: practice for practice in practices.all_practices()}
    actions = [move.action for practice in kinds.values() for move in moves_of(practice.model).values()]
    places = {
        action: (process, step)
        for process in STEPS
        for each in undertakings.of(process)
        for action, step in each.acts.items()
    }
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        cursor.execute(ACTED, {"since": since, "until": until, "actions": actions})
        for kind, state, person, count in cursor.fetchall():
            practice = kinds.get(kind)
            step = practice.steps.get(state) if practice else None
            if practice is not None and step is not None:
                found[practice.process, step][person] += count
        cursor.execute(UNDERTAKEN, {"since": since, "until": until, "actions": list(places)})
        for action, person, count in cursor.fetchall():
            found[places[action]][person] += count
    return found


def since_of(range_name: str, until: datetime) -> datetime:
    """The first moment of a range of the page; the usual one for names that are not known."""
    return until - timedelta(days=RANGES.get(range_name, RANGES[USUAL_RANGE]))
