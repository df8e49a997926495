"""Write a batch of tickets with everything that belongs to them: COPY into each table, one transaction a batch."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.models import Channel, Entry
from common.copying import Copier, take_keys
from incidents.enums import ResolutionCode, State
from incidents.models import CONTACT_SOURCES, Incident
from incidents.workflow import PHASES
from records.models import ExternalReference, Record
from records.workflow import moves_of
from slm.enums import ClockState, Level
from slm.models import Clock, ClockFact, Segment

from .clocks import Judge, first_response
from .directory import Directory
from .folding import History, Step
from .links import Links, Pointer
from .mapping import Mapping
from .problems import Problems

EDITED = "incident.edited"
SHOWN_AT_CREATION = ("title", "impact", "urgency", "priority")


class Writer:
    def __init__(self, mapping: Mapping, directory: Directory, judge: Judge | None, links: Links) -> None:
        self.mapping, self.directory, self.judge = mapping, directory, judge
        self.moves = moves_of(Incident)
        self.links = links
        self._first_key: int | None = None
        self.problems = Problems(mapping, directory)

    def key_of(self, case: str) -> str:
        """Under which a ticket of the other tool is known here."""
        return f"{self.mapping.name}:{case}"

    def existing(self, cases: list[str]) -> dict[str, int]:
        """Tickets that an earlier run has written."""
        keys = {self.key_of(case): case for case in cases}
        found = Record.objects.filter(external_key__in=keys).values_list("external_key", "pk")
        return {keys[key]: pk for key, pk in found}

    @transaction.atomic
    def write(self, histories: list[History], *, at: datetime) -> None:
        """Write the tickets with all that belongs to them. `at` dates the links, nothing else."""
        self._prepare(histories)
        pointers: list[Pointer] = []
        with transaction.get_connection().cursor() as cursor:
            record_keys = take_keys(cursor, Record._meta.db_table, len(histories))
            self._first_key = self._first_key or min(record_keys, default=None)
            judged = [(history, self.judge.verdicts(history) if self.judge else []) for history in histories]
            clock_keys = iter(take_keys(cursor, Clock._meta.db_table, sum(len(v) for _h, v in judged)))
            tables = _Tables(self.mapping, self.judge)
            for pk, (history, verdicts) in zip(record_keys, judged, strict=True):
                self._record(tables, pk, history, verdicts)
                self._history(tables, pk, history)
                self._clocks(tables, pk, verdicts, clock_keys)
                self._relations(tables, pk, history)
                pointers += pointers_of(pk, history.case, history.relations)
            tables.write(cursor)
            self.problems.write(cursor)
        written = dict(zip((history.case for history in histories), record_keys, strict=True))
        known = self.existing([each.key for each in pointers if each.key not in written])
        self.links.write(pointers, known=known, written=written, at=at)

    def go_on_linking(self, pointers: list[Pointer], *, at: datetime) -> None:
        """Link tickets of an earlier run with those that this one writes; what that run could link stays as it is."""
        found = self.existing([each.key for each in pointers])
        fresh = [each for each in pointers if self._first_key and found.get(each.key, 0) >= self._first_key]
        self.links.write(fresh, known=found, written={}, at=at)
        self.links.wait(each for each in pointers if each.key not in found)

    def _prepare(self, histories: list[History]) -> None:
        teams, services, items, categories, members = set(), set(), set(), set(), set()
        people: dict[str, str] = {}
        for history in histories:
            organization = history.last["organization"] or self.mapping.organization
            people[self._requester(history)] = organization
            for name in (history.opened_by, history.resolved_by, *(step.by for step in history.steps)):
                people.setdefault(name, "")
            if self.mapping.problems:
                people.setdefault(self.problems.requester, "")
            for values in [history.first, history.last, *self._values_of_steps(history)]:
                people.setdefault(values.get("assignee", ""), "")
                people.setdefault(values.get("requester", ""), organization)
                teams.add(values.get("team", ""))
                services.add(values.get("service", ""))
                items.add(values.get("item", ""))
                if values.get("category"):
                    categories.add((values["category"], values.get("subcategory", "")))
            if history.last["assignee"] and history.last["team"]:
                members.add((history.last["assignee"], history.last["team"]))
        self.directory.prepare(
            people=people, teams=teams, services=services, items=items, categories=categories, members=members
        )

    def _values_of_steps(self, history: History) -> list[dict[str, Any]]:
        return [{name: pair[1] for name, pair in step.changes.items()} for step in history.steps if step.changes]

    def _requester(self, history: History) -> str:
        return history.last["requester"] or f"{self.mapping.name}: unknown requester"

    def _organization(self, history: History) -> int:
        return self.directory.organizations[history.last["organization"] or self.mapping.organization]

    def _category(self, values: dict[str, Any]) -> int | None:
        pair = (values["category"], values["subcategory"])
        return self.directory.categories.get(pair) if pair[0] else None

    def _record(self, tables: "_Tables", pk: int, history: History, verdicts: list[Any]) -> None:
        last, directory = history.last, self.directory
        phase = PHASES[State(history.state)]
        live = [v for v in verdicts if v.columns["state"] in (ClockState.RUNNING, ClockState.PAUSED)]
        due = min(
            (v for v in live if v.columns["due_at"]),
            key=lambda v: v.columns["due_at"],
            default=live[0] if live else None,
        )
        service = directory.services.get(last["service"]) or (directory.service.pk if directory.service else None)
        tables.records.add(
            id=pk,
            title=last["title"][:200],
            description=last["description"],
            requester_id=directory.people[self._requester(history)],
            organization_id=self._organization(history),
            service_id=service,
            item_id=directory.items.get(last["item"]),
            category_id=self._category(last),
            team_id=directory.teams.get(last["team"]),
            assignee_id=directory.people.get(last["assignee"]),
            owner_id=directory.people.get(last["assignee"]),
            location=last["location"][:120],
            source=last["source"],
            impact=last["impact"],
            urgency=last["urgency"],
            priority=last["priority"],
            state=history.state,
            state_reason=history.reason,
            phase=phase,
            created_at=history.opened_at,
            opened_at=history.opened_at,
            responded_at=first_response(history),
            resolved_at=history.resolved_at,
            closed_at=history.closed_at,
            updated_at=max(history.updated_at, history.closed_at or history.updated_at),
            bounce_count=history.bounces,
            reopen_count=history.reopens,
            due_at=due.columns["due_at"] if due else None,
            due_soon_at=due.columns.get("due_soon_at") if due else None,
            at_risk_at=due.columns.get("at_risk_at") if due else None,
            due_kind=due.columns["kind"] if due else "",
            due_state=due.columns["state"] if due else ("done" if verdicts else ""),
            due_calendar_id=self.judge.calendar.pk if due and self.judge else None,
            due_remaining=due.columns["target"] - due.columns["used"]
            if due and due.columns["state"] == ClockState.PAUSED
            else None,
            is_breached=any(v.is_breached for v in verdicts),
            external_key=self.key_of(history.case),
        )
        is_by_contact = last["source"] in CONTACT_SOURCES
        is_solved_at_once = (
            is_by_contact
            and history.resolved_at is not None
            and history.bounces == 0
            and history.reopens == 0
            and bool(history.opened_by)
            and history.opened_by == history.resolved_by
        )
        tables.incidents.add(
            record_ptr_id=pk,
            opened_by_id=directory.people.get(history.opened_by),
            symptom=last["symptom"][:200],
            resolution_code=ResolutionCode.OTHER if history.resolved_at else "",
            resolution_text=last["resolution"],
            resolved_by_id=directory.people.get(history.resolved_by) if history.resolved_at else None,
            is_first_contact=is_solved_at_once,
        )

    def _history(self, tables: "_Tables", pk: int, history: History) -> None:
        label = f"INC-{pk} {history.last['title']}"[:200]
        base: dict[str, Any] = {
            "subject_id": pk,
            "subject_label": label,
            "organization_id": self._organization(history),
        }
        shown = {name: [None, history.first[name]] for name in SHOWN_AT_CREATION} | {"state": [None, State.NEW]}
        tables.entries.add(
            **base,
            action="incident.created",
            at=history.opened_at,
            actor_id=self.directory.people.get(history.opened_by),
            changes=shown,
            data={"case": history.case, "log": self.mapping.name, "kept_target": history.kept_target},
        )
        for step in history.steps:
            tables.entries.add(
                **base,
                action=self.moves[step.name].action if step.name in self.moves else EDITED,
                at=max(step.at, history.opened_at),
                actor_id=self.directory.people.get(step.by),
                changes=self._changes(step),
                data={"line": step.line} | ({"implied": True} if step.is_implied else {}),
            )

    def _changes(self, step: Step) -> dict[str, list[Any]]:
        """Fields of the log as fields of ours: names become keys."""
        directory = self.directory
        changes: dict[str, list[Any]] = {}
        if step.before != step.after:
            changes["state"] = [step.before, step.after]
        if step.reason:
            changes["state_reason"] = ["", step.reason]
        lookups = {
            "team": ("team_id", directory.teams),
            "assignee": ("assignee_id", directory.people),
            "requester": ("requester_id", directory.people),
            "service": ("service_id", directory.services),
            "item": ("item_id", directory.items),
        }
        for name, (before, after) in step.changes.items():
            if name in lookups:
                column, known = lookups[name]
                changes[column] = [known.get(before), known.get(after)]
            else:
                changes[name] = [before, after]
        return changes

    def _clocks(self, tables: "_Tables", pk: int, verdicts: list[Any], keys: Any) -> None:
        for verdict in verdicts:
            key = next(keys)
            tables.clocks.add(
                id=key,
                record_id=pk,
                **verdict.columns,
            )
            for span in verdict.spans:
                tables.segments.add(
                    clock_id=key,
                    kind=span.kind,
                    reason=span.reason,
                    at_from=span.at_from,
                    at_to=span.at_to,
                )
            if verdict.is_breached:
                due_at = verdict.columns["breached_at"]
                tables.facts.add(clock_id=key, generation=1, level=Level.BREACHED, at=due_at, detected_at=due_at)

    def _relations(self, tables: "_Tables", pk: int, history: History) -> None:
        for group, kind, key in sorted(history.relations):
            if group == "reference":
                tables.references.add(record_id=pk, relation=kind, key=key)
            elif group == "problem":
                self.problems.note(pk, key, history)


def pointers_of(record: int, case: str, relations: dict[tuple[str, str, str], int]) -> list[Pointer]:
    """What a ticket points at that may be another ticket of the log."""
    return [Pointer(record, case, kind, key, line) for (group, kind, key), line in relations.items() if group == "link"]


class _Tables:
    """One copier a table, written in the order of their foreign keys."""

    def __init__(self, mapping: Mapping, judge: Judge | None) -> None:
        self.records = Copier(Record, same={"kind": "incident", "tags": [], "is_imported": True})
        self.incidents = Copier(Incident)
        always = {"subject_kind": "record", "channel": Channel.IMPORT}
        self.entries = Copier(Entry, leave_out=("id", "recorded_at", "hash"), same=always)
        hours = {"calendar_id": judge.calendar.pk, "calendar_version": judge.calendar.version} if judge else {}
        terms = {"agreement_id": judge.agreement.pk, "agreement_version": judge.agreement.version} if judge else {}
        imported = {"match": {"imported": mapping.name}, "is_imported": True}
        self.clocks = Copier(Clock, same=hours | terms | imported)
        self.segments = Copier(Segment, leave_out=("id",), same=hours)
        self.facts = Copier(ClockFact, leave_out=("id",))
        self.references = Copier(ExternalReference, leave_out=("id",))

    def write(self, cursor: Any) -> None:
        for table in (
            self.records, self.incidents, self.entries, self.clocks, self.segments, self.facts, self.references,
        ):  # fmt: skip
            table.write(cursor)
