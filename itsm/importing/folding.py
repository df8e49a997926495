"""Fold the rows of one ticket into its history: legal moves, edits, and what had to be mended on the way."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from incidents.enums import State
from records.enums import LinkKind
from records.operations.linking import ONLY_ONE
from records.priority import matrix

from .mapping import Mapping, StateWord
from .paths import path
from .report import MENDED, REFUSED, RowReport
from .rows import Moments, Row

FINAL = (State.CLOSED, State.CANCELLED)
TRACKED = ("team", "assignee", "impact", "urgency", "priority", "category", "subcategory", "item", "location",
           "service", "requester", "organization", "title")  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line of history: a move with the states around it, or an edit; with the fields that changed."""

    name: str
    at: datetime
    by: str
    before: str
    after: str
    reason: str = ""
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    line: int = 0
    is_implied: bool = False


@dataclass
class History:
    """A ticket as the log tells it; names are still words, not rows of ours."""

    case: str
    opened_at: datetime
    opened_by: str
    first: dict[str, Any]
    last: dict[str, Any]
    state: str
    reason: str
    steps: list[Step]
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    resolved_by: str
    kept_target: bool | None
    bounces: int
    reopens: int
    relations: dict[tuple[str, str, str], int]
    rows_folded: int


class Folder:
    def __init__(self, mapping: Mapping, report: RowReport, *, at: datetime) -> None:
        self.mapping, self.report = mapping, report
        self._moments = Moments(mapping, at=at)
        self._matrix = matrix()

    def fold(self, case: str, rows: list[Row]) -> History | None:
        """None when no row of the ticket could be taken."""
        rows = self._without_repeats(case, rows)
        words = self._states(case, rows)
        rows = [row for row in rows if row.line in words]
        if not rows:
            return None
        self._say_disorder(case, rows)
        values = {row.line: self._values(row) for row in rows}
        opened_at = self._moment(rows[0], "opened_at") or rows[0].at
        if opened_at > rows[0].at:
            self.report.say(rows[0].line, case, MENDED, "opened after its first row; opened with that row")
            opened_at = rows[0].at
        steps = self._steps(case, rows, words, values)
        state = next((step.after for step in reversed(steps)), str(State.NEW))
        resolved_at, closed_at = self._ends(case, rows, steps, state, opened_at)
        cells = rows[-1].cells
        kept = cells.get("kept_target")
        return History(
            case=case,
            opened_at=opened_at,
            opened_by=rows[0].cells.get("opened_by", ""),
            first=values[rows[0].line],
            last=values[rows[-1].line],
            state=state,
            reason=words[rows[-1].line].reason if state == State.ON_HOLD else "",
            steps=steps,
            updated_at=rows[-1].at,
            resolved_at=resolved_at,
            closed_at=closed_at,
            resolved_by=cells.get("resolved_by", ""),
            kept_target=None if kept is None else kept.lower() in self.mapping.true_words,
            bounces=self._count(
                rows, "bounces", sum("team" in s.changes and bool(s.changes["team"][0]) for s in steps)
            ),
            reopens=self._count(rows, "reopens", sum(s.name == "reopen" for s in steps)),
            relations=self.relations(rows),
            rows_folded=len(rows),
        )

    def _without_repeats(self, case: str, rows: list[Row]) -> list[Row]:
        kept: list[Row] = []
        seen: dict[Any, int] = {}
        for row in rows:
            if row.fingerprint in seen:
                detail = f"line {seen[row.fingerprint]}"
                self.report.say(row.line, case, REFUSED, "the row repeats another one", detail)
                continue
            seen[row.fingerprint] = row.line
            kept.append(row)
        return kept

    def _states(self, case: str, rows: list[Row]) -> dict[int, StateWord]:
        """Line -> what its state is here. An unmapped word keeps the state before it, or the row is refused."""
        words: dict[int, StateWord] = {}
        current: StateWord | None = None
        for row in rows:
            word = row.cells.get("state", "")
            known = self.mapping.states.get(word)
            if known is None and self.mapping.unknown_state == "refuse":
                self.report.say(row.line, case, REFUSED, "the mapping has no such state", word)
                continue
            if known is None:
                self.report.say(row.line, case, MENDED, "the mapping has no such state; it stays as it was", word)
                known = current or StateWord(State.NEW)
            words[row.line] = current = known
        return self._with_final_states_last(case, rows, words)

    def _with_final_states_last(self, case: str, rows: list[Row], words: dict[int, StateWord]) -> dict[int, StateWord]:
        """Closed is final here: a ticket that was closed and then worked on was resolved and reopened."""
        is_over = True
        for row in reversed([row for row in rows if row.line in words]):
            if words[row.line].state not in FINAL:
                is_over = False
            elif not is_over:
                words[row.line] = StateWord(State.RESOLVED)
                self.report.say(
                    row.line, case, MENDED, "closed and then worked on again; taken as resolved and reopened"
                )
        return words

    def _say_disorder(self, case: str, rows: list[Row]) -> None:
        for before, row in pairwise(rows):
            if row.line < before.line and row.at > before.at:
                self.report.say(row.line, case, MENDED, "the row stands before an earlier one; put in order of time")

    def _values(self, row: Row) -> dict[str, Any]:
        cells = row.cells
        values: dict[str, Any] = {name: cells.get(name, "") for name in TRACKED}
        values["symptom"] = cells.get("symptom", "")
        values["description"] = cells.get("description", "")
        values["resolution"] = cells.get("resolution", "")
        values["source"] = self.mapping.sources.get(cells.get("source", ""), "other")
        for name, table, default in (
            ("impact", self.mapping.levels, self.mapping.default_level),
            ("urgency", self.mapping.levels, self.mapping.default_level),
            ("priority", self.mapping.priorities, self.mapping.default_priority),
        ):
            word = cells.get(name)
            if word in table:
                values[name] = table[word]
                continue
            values[name], stands = default, "the default stands"
            if name == "priority" and any(cells.get(each) in self.mapping.levels for each in ("impact", "urgency")):
                values[name], stands = self._matrix[values["impact"], values["urgency"]], "it follows from the matrix"
            if word:
                self.report.say(row.line, row.case, MENDED, f"the mapping has no such {name}; {stands}", word)
            elif name in self.mapping.columns:
                self.report.say(row.line, row.case, MENDED, f"the row names no {name}; {stands}")
        if not values["title"]:
            values["title"] = self._title(values, row.case)
        return values

    def _title(self, values: dict[str, Any], case: str) -> str:
        template = self.mapping.title
        for name in ("category", "subcategory", "symptom", "location", "item", "service"):
            template = template.replace(f"{{{name}}}", str(values.get(name, "")))
        title = " ".join(template.split()).strip(" ,:;-")
        return title or case

    def _steps(
        self, case: str, rows: list[Row], words: dict[int, StateWord], read: dict[int, dict[str, Any]]
    ) -> list[Step]:
        steps: list[Step] = []
        state, reason = str(State.NEW), ""
        values = read[rows[0].line]
        for row in rows:
            word, new_values = words[row.line], read[row.line]
            changes = {n: (values[n], new_values[n]) for n in TRACKED if values[n] != new_values[n]}
            way = self._way(case, row, state, reason, word)
            by = row.cells.get("by", "")
            if changes and not any(move == "assign" for move, _after in way):
                name = "assign_as_is" if changes.keys() <= {"team", "assignee"} else "edit"
                steps.append(Step(name, row.at, by, state, state, changes=changes, line=row.line))
                changes = {}
            for number, (move, after) in enumerate(way, start=1):
                is_last = number == len(way)
                steps.append(
                    Step(
                        name=move,
                        at=row.at,
                        by=by,
                        before=state,
                        after=after,
                        reason=word.reason if after == State.ON_HOLD else "",
                        changes=changes if move == "assign" else {},
                        line=row.line,
                        is_implied=not is_last,
                    )
                )
                state = after
            reason, values = word.reason, new_values
        return steps

    def _way(self, case: str, row: Row, state: str, reason: str, word: StateWord) -> tuple[tuple[str, str], ...]:
        """The moves from the state at hand to that of the row; those that the log skipped are said as mended."""
        target = word.state
        if state == target:
            if state == State.ON_HOLD and reason != word.reason:
                return (("resume", str(State.IN_PROGRESS)), ("hold", str(State.ON_HOLD)))
            return ()
        way = path(state, target)
        if way is None:
            nearest = State.CLOSED if target in FINAL else State.IN_PROGRESS
            way = path(state, nearest) or ()
            self.report.say(
                row.line, case, MENDED, f"no move leads from {state} to {target}; taken as {nearest}", word.state
            )
        elif len(way) > 1:
            skipped = ", ".join(move for move, _after in way[:-1])
            self.report.say(row.line, case, MENDED, f"went from {state} to {target} at once; {skipped} was added")
        return way

    def _ends(
        self, case: str, rows: list[Row], steps: list[Step], state: str, opened_at: datetime
    ) -> tuple[datetime | None, datetime | None]:
        """When it was resolved and closed: what the last row says, where that can be; else when its state changed."""
        last = rows[-1]
        if state not in (State.RESOLVED, *FINAL):
            return None, None
        resolved_at = closed_at = None
        if state != State.CANCELLED:
            seen = max((s.at for s in steps if s.name == "resolve"), default=last.at)
            resolved_at = self._moment(last, "resolved_at")
            if resolved_at is None and "resolved_at" in self.mapping.columns:
                self.report.say(last.line, case, MENDED, "no moment of resolving; taken from the change of state")
            elif resolved_at is not None and resolved_at < opened_at:
                self.report.say(
                    last.line, case, MENDED, "resolved before it was opened; taken from the change of state"
                )
                resolved_at = None
            resolved_at = resolved_at or max(seen, opened_at)
        if state in FINAL:
            seen = max((s.at for s in steps if s.name in ("close", "cancel")), default=last.at)
            closed_at = self._moment(last, "closed_at") or seen
            earliest = resolved_at or opened_at
            if closed_at < earliest:
                self.report.say(last.line, case, MENDED, "closed before it was resolved; closed when it was resolved")
                closed_at = earliest
        return resolved_at, closed_at

    def _moment(self, row: Row, name: str) -> datetime | None:
        text = row.cells.get(name)
        if not text:
            return None
        moment, mended = self._moments.read(text)
        if mended:
            why = mended if moment else f"{name} {mended}; left out"
            self.report.say(row.line, row.case, MENDED, why, text)
        return moment

    def _count(self, rows: list[Row], name: str, ours: int) -> int:
        """The log's own final count where it has one, else how often we saw it."""
        text = rows[-1].cells.get(name)
        if text is None:
            return ours
        if text.isascii() and text.isdigit() and int(text) < 1_000_000:
            return int(text)
        self.report.say(rows[-1].line, rows[-1].case, MENDED, f"{name} is no count; counted from the history", text)
        return ours

    def relations(self, rows: list[Row]) -> dict[tuple[str, str, str], int]:
        """(link, reference or problem, its kind, key) of everything that any row points at, with the line of it."""
        found: dict[tuple[str, str, str], int] = {}
        only: dict[str, tuple[str, str, str]] = {}
        problems = {self.mapping.problems.column: LinkKind.CAUSED_BY.value} if self.mapping.problems else {}
        tables = (("link", self.mapping.links), ("reference", self.mapping.references), ("problem", problems))
        for row in rows:
            for group, table in tables:
                for column, kind in table.items():
                    key = row.cells.get(f"> {column}")
                    if not key:
                        continue
                    relation = (group, kind, key)
                    if group == "link" and kind in ONLY_ONE and only.setdefault(kind, relation) != relation:
                        found.pop(only[kind], None)
                        only[kind] = relation
                    found[relation] = row.line
        return found
