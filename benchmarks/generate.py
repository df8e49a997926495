"""A database of a given size: two years of tickets with clocks, conversation, history and search documents."""

from collections.abc import Iterator
from datetime import datetime
from itertools import compress
from typing import Any

import numpy as np

from audit.models import Entry
from incidents.models import Incident
from records.models import Comment, Record, Watcher
from search.models import Document
from slm.enums import LEVELS, Level
from slm.models import Clock, ClockFact, Segment

from . import history, levels, loading, words
from .history import NEVER, Array, Ledger, Tickets
from .loading import NULL
from .place import bare
from .world import World

ROWS_A_PART = 25_000
FIRST_KEY = 1_001


def fill(world: World, *, records: int, at: datetime) -> dict[str, int]:
    """Write everything. Returns how many rows went into each table."""
    tickets = history.write(world, records=records, now=at, first_key=FIRST_KEY)
    writer = Writer(world, at)
    connection = bare()
    with loading.bulk_load(connection), connection.cursor() as cursor:
        for begin in range(0, records, ROWS_A_PART):
            writer.write(cursor, tickets.part(begin, begin + ROWS_A_PART))
    connection.close()
    Watcher.objects.bulk_create(
        Watcher(record_id=int(key), user=world.agent, at=at) for key in tickets.key[:: max(1, records // 200)]
    )
    return writer.counts | levels.fill(world, at=at)


def moments(seconds: Array) -> list[str]:
    """Moments as COPY reads them."""
    said = np.datetime_as_string(seconds.astype("datetime64[s]"), timezone="UTC")
    return np.where(seconds == NEVER, NULL, said).tolist()


def spans(seconds: Array) -> list[str]:
    return [f"{each} seconds" for each in seconds.tolist()]


def flags(values: Array) -> list[str]:
    return np.where(values, "t", "f").tolist()


class Writer:
    """Turns columns of numbers into rows of our tables, part by part, so that memory stays bounded."""

    def __init__(self, world: World, at: datetime) -> None:
        self.world, self.at = world, at
        self.counts: dict[str, int] = {}
        self.pieces = words.pieces()
        self.next_clock = 1

    def write(self, cursor: Any, part: Tickets) -> None:
        self.titles, self.texts = self._texts(part.key)
        self._records(cursor, part)
        for kind in ("response", "resolution"):
            self._clocks(cursor, part, kind, getattr(part, kind))
        self._comments(cursor, part)
        self._entries(cursor, part)
        self._documents(cursor, part)

    def _copy(self, cursor: Any, model: Any, constant: dict[str, Any], **columns: Any) -> None:
        count = loading.copy(cursor, model, constant, columns)
        self.counts[model._meta.db_table] = self.counts.get(model._meta.db_table, 0) + count

    def _texts(self, keys: Array) -> tuple[list[str], list[str]]:
        titles, texts = [], []
        subjects, places, pieces = words.SUBJECTS, words.PLACES, self.pieces
        for key in keys.tolist():
            titles.append(f"{subjects[key % len(subjects)]} {places[key // 7 % len(places)]} {words.word(key % 4000)}")
            texts.append(f"{pieces[key * 7 % len(pieces)]} {pieces[key * 13 // 5 % len(pieces)]} unit{key % 50_000}")
        return titles, texts

    def _records(self, cursor: Any, part: Tickets) -> None:
        shown = _shown(part)
        state = np.where(
            part.is_open,
            np.where(part.is_held, "on_hold", np.where(part.is_answered, "in_progress", "assigned")),
            np.where(part.closed == NEVER, "resolved", "closed"),
        )
        phase = np.where(part.is_open, np.where(part.is_held, "waiting", "open"), "done")
        is_urgent = part.priority == 1
        calendar = np.where(is_urgent, self.world.around.pk, self.world.office.pk)
        self._copy(
            cursor,
            Record,
            {"kind": "incident", "source": "phone", "tags": ["generated"]},
            id=part.key.tolist(),
            title=self.titles,
            description=self.texts,
            requester_id=part.requester.tolist(),
            organization_id=part.organization.tolist(),
            service_id=part.service.tolist(),
            category_id=part.category.tolist(),
            team_id=part.team.tolist(),
            assignee_id=np.where(part.is_answered, part.agent.astype(str), NULL).tolist(),
            impact=part.impact.tolist(),
            urgency=part.urgency.tolist(),
            priority=part.priority.tolist(),
            state=state.tolist(),
            state_reason=np.where(part.is_held, "requester", "").tolist(),
            phase=phase.tolist(),
            created_at=moments(part.opened),
            opened_at=moments(part.opened),
            responded_at=moments(part.responded),
            resolved_at=moments(part.resolved),
            closed_at=moments(part.closed),
            updated_at=moments(part.updated),
            due_at=moments(shown["due"]),
            due_soon_at=moments(shown["due_soon"]),
            at_risk_at=moments(shown["at_risk"]),
            due_kind=np.where(part.is_open, np.where(shown["is_response"], "response", "resolution"), "").tolist(),
            due_state=np.where(part.is_open, np.where(part.is_held, "paused", "running"), "done").tolist(),
            due_calendar_id=np.where(part.is_open, calendar.astype(str), NULL).tolist(),
            due_remaining=np.where(
                part.is_held, spans(np.maximum(part.resolution.target - part.resolution.used, 0)), NULL
            ).tolist(),
            is_breached=flags(part.resolution.is_missed | part.response.is_missed | shown["is_late"]),
        )
        done = ~part.is_open
        self._copy(
            cursor,
            Incident,
            {"symptom": ""},
            record_ptr_id=part.key.tolist(),
            opened_by_id=part.agent.tolist(),
            resolved_by_id=np.where(done, part.agent.astype(str), NULL).tolist(),
            resolution_code=np.where(done, "fixed", "").tolist(),
            resolution_text=np.where(done, "Put right and tried with the requester.", "").tolist(),
            is_first_contact=flags(done & (part.key % 5 == 0)),
        )

    def _clocks(self, cursor: Any, part: Tickets, kind: str, ledger: Ledger) -> None:
        world, size = self.world, len(part)
        keys = np.arange(self.next_clock, self.next_clock + size)
        self.next_clock += size
        present = int(self.at.timestamp())
        is_urgent = part.priority == 1
        calendar = np.where(is_urgent, world.around.pk, world.office.pk).tolist()
        version = np.where(is_urgent, world.around.version, world.office.version).tolist()
        levels, level_moments = _next_levels(ledger, present)
        is_breached = np.where(ledger.is_running, ledger.due <= present, ledger.is_missed)
        state = np.where(
            ledger.is_running,
            "running",
            np.where(ledger.is_paused, "paused", np.where(ledger.is_missed, "missed", "met")),
        )
        due = np.where(ledger.is_paused, NEVER, ledger.due)
        used = np.where(ledger.stopped == NEVER, ledger.used, np.minimum(ledger.stopped - part.opened, ledger.target))
        self._copy(
            cursor,
            Clock,
            {"kind": kind, "agreement_id": world.agreement.pk, "agreement_version": 1,
             "pause_reasons": ["requester", "schedule"], "match": {"agreement": world.agreement.pk}},
            id=keys.tolist(),
            record_id=part.key.tolist(),
            calendar_id=calendar,
            calendar_version=version,
            priority=part.priority.tolist(),
            target=spans(ledger.target),
            counts_from=moments(part.opened),
            started_at=moments(part.opened),
            switched_at=moments(np.where(ledger.stopped == NEVER, ledger.switched, ledger.stopped)),
            used=spans(used),
            state=state.tolist(),
            pause_reason=np.where(ledger.is_paused, "requester", "").tolist(),
            due_soon_at=moments(np.where(ledger.is_paused, NEVER, ledger.due_soon)),
            at_risk_at=moments(np.where(ledger.is_paused, NEVER, ledger.at_risk)),
            due_at=moments(due),
            next_level=levels.tolist(),
            next_level_at=moments(level_moments),
            stopped_at=moments(ledger.stopped),
            breached_at=moments(np.where(is_breached, ledger.due, NEVER)),
        )  # fmt: skip
        self._segments(cursor, part, ledger, keys, {"calendar_id": calendar, "calendar_version": version})
        for level, passed in _passed(ledger, levels):
            self._copy(
                cursor,
                ClockFact,
                {"level": level, "generation": 1},
                clock_id=keys[passed].tolist(),
                at=moments(_moment_of(ledger, level)[passed]),
                detected_at=moments(_moment_of(ledger, level)[passed]),
            )

    def _segments(self, cursor: Any, part: Tickets, ledger: Ledger, keys: Array, places: dict[str, list[int]]) -> None:
        """Finished clocks ran once; live ones ran, waited, and run or wait again since `switched`."""
        is_live = ledger.stopped == NEVER
        is_split = is_live & (ledger.switched > part.opened)
        paused = np.minimum(part.opened + ledger.used, ledger.switched)
        shape = [
            ("running", part.opened, np.where(is_split, paused, ledger.stopped), np.ones(len(part), dtype=bool)),
            ("paused", paused, np.where(ledger.is_paused, NEVER, ledger.switched), is_split),
            ("running", ledger.switched, np.full(len(part), NEVER), is_split & ledger.is_running),
        ]
        for kind, begin, end, wanted in shape:
            self._copy(
                cursor,
                Segment,
                {"kind": kind, "reason": "requester" if kind == "paused" else ""},
                clock_id=keys[wanted].tolist(),
                at_from=moments(begin[wanted]),
                at_to=moments(end[wanted]),
                **{name: list(compress(values, wanted)) for name, values in places.items()},
            )

    def _comments(self, cursor: Any, part: Tickets) -> None:
        """Our answer on every answered ticket, an answer of the requester on each second, a note on each third."""
        for count, (wanted, author, at, is_public) in enumerate(
            (
                (part.is_answered, part.agent, part.responded, True),
                (part.is_answered & (part.key % 2 == 0), part.requester, part.responded + 600, True),
                (part.is_answered & (part.key % 3 == 0), part.agent, part.responded + 900, False),
            )
        ):
            self._copy(
                cursor,
                Comment,
                {"is_public": is_public, "channel": "web", "is_from_requester_side": count == 1},
                record_id=part.key[wanted].tolist(),
                author_id=author[wanted].tolist(),
                text=list(compress(self.texts, wanted)),
                at=moments(at[wanted]),
            )

    def _entries(self, cursor: Any, part: Tickets) -> None:
        every = np.ones(len(part), dtype=bool)
        labels = [f"INC-{key} {title}" for key, title in zip(part.key.tolist(), self.titles, strict=True)]
        for action, at, wanted, changes in (
            ("incident.created", part.opened, every, {"state": [None, "new"]}),
            ("incident.assigned", part.opened + 120, every, {"state": ["new", "assigned"]}),
            ("incident.started", part.responded, part.is_answered, {"state": ["assigned", "in_progress"]}),
            ("incident.resolved", part.resolved, ~part.is_open, {"state": ["in_progress", "resolved"]}),
            ("incident.closed", part.closed, part.closed != NEVER, {"state": ["resolved", "closed"]}),
        ):
            self._copy(
                cursor,
                Entry,
                {"action": action, "subject_kind": "record", "channel": "web", "changes": changes},
                subject_id=part.key[wanted].tolist(),
                subject_label=list(compress(labels, wanted)),
                organization_id=part.organization[wanted].tolist(),
                actor_id=part.agent[wanted].tolist(),
                at=moments(at[wanted]),
            )

    def _documents(self, cursor: Any, part: Tickets) -> None:
        noted = part.is_answered & (part.key % 3 == 0)
        for is_public, wanted in ((True, np.ones(len(part), dtype=bool)), (False, noted)):
            self._copy(
                cursor,
                Document,
                {"is_public": is_public},
                record_id=part.key[wanted].tolist(),
                title=list(compress(self.titles, wanted)),
                body=list(compress(self.texts, wanted)),
            )


def _shown(part: Tickets) -> dict[str, Array]:
    """What the list shows of the clocks: the running one that is due first."""
    first, second = part.response, part.resolution
    is_response = first.is_running & (first.due <= second.due)
    runs = part.is_open & ~part.is_held
    shown = {
        name: np.where(runs, np.where(is_response, getattr(first, name), getattr(second, name)), NEVER)
        for name in ("due", "due_soon", "at_risk")
    }
    return shown | {
        "is_response": is_response,
        "is_late": runs & ((second.switched > second.due) | (first.is_running & (first.switched > first.due))),
    }


def _next_levels(ledger: Ledger, present: int) -> tuple[Array, Array]:
    """The level that comes next and when; none where all have passed."""
    level = np.full(len(ledger.due), "", dtype="<U10")
    moment = np.full(len(ledger.due), NEVER)
    for each in reversed(LEVELS):
        ahead = ledger.is_running & (_moment_of(ledger, each) > present)
        level[ahead], moment[ahead] = each.value, _moment_of(ledger, each)[ahead]
    level[ledger.is_paused] = Level.DUE_SOON.value
    return level, moment


def _moment_of(ledger: Ledger, level: str) -> Array:
    return {Level.DUE_SOON: ledger.due_soon, Level.AT_RISK: ledger.at_risk, Level.BREACHED: ledger.due}[Level(level)]


def _passed(ledger: Ledger, levels: Array) -> Iterator[tuple[str, Array]]:
    """Which clocks have left each level behind."""
    order = {level.value: index for index, level in enumerate(LEVELS)} | {"": len(LEVELS)}
    reached = np.array([order[each] for each in levels.tolist()])
    for index, level in enumerate(LEVELS):
        yield level.value, np.where(ledger.stopped == NEVER, reached > index, ledger.is_missed)
