"""
The mapping file: how the columns and words of another tool's log read in ours.

TOML, checked whole before the first row is read; every mistake is said in one sentence that names its place.
`docs/guide/import.md` explains each key.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from incidents.enums import HoldReason, State
from records.enums import LinkKind, Source
from records.models import ExternalReference

BUNDLED = Path(__file__).parent / "mappings"
NEEDED_COLUMNS = ("case", "at", "state")
KNOWN_COLUMNS = (
    *NEEDED_COLUMNS,
    "by", "requester", "opened_by", "opened_at", "resolved_at", "closed_at", "resolved_by", "team", "assignee",
    "organization", "service", "item", "category", "subcategory", "location", "symptom", "title", "description",
    "source", "impact", "urgency", "priority", "resolution", "kept_target", "bounces", "reopens",
)  # fmt: skip
KINDS = {"incident": State}


class MappingProblem(Exception):
    """The mapping file can't be used; the sentences say where and why."""

    def __init__(self, path: object, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(f"{path} can't be used:\n" + "\n".join(f"  - {each}" for each in problems))


@dataclass(frozen=True)
class StateWord:
    """What a state of the other tool is here; the reason says whom a state on hold waits for."""

    state: str
    reason: str = ""


@dataclass(frozen=True)
class Promise:
    """The agreement under which our clocks judge the imported tickets."""

    name: str
    calendar: str
    response_minutes: dict[int, int]
    resolution_minutes: dict[int, int]
    pause_reasons: tuple[str, ...]


@dataclass(frozen=True)
class ProblemColumn:
    """The column that says which problem of the other tool caused a ticket; the problems are logged here as well."""

    column: str
    title: str = "{reference}: {title}"


@dataclass(frozen=True)
class Mapping:
    name: str
    zone: ZoneInfo
    date_format: str
    columns: dict[str, str]
    states: dict[str, StateWord]
    priorities: dict[str, int]
    levels: dict[str, int]
    sources: dict[str, str]
    links: dict[str, str]
    references: dict[str, str]
    unknown: frozenset[str]
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    title: str = ""
    true_words: frozenset[str] = frozenset({"true", "yes", "1"})
    organization: str = "Imported customer"
    service: str = ""
    unknown_state: str = "keep"
    default_priority: int = 3
    default_level: int = 2
    promise: Promise | None = None
    problems: ProblemColumn | None = None
    source_path: str = field(default="", compare=False)

    def cell_names(self) -> list[str]:
        """Our names of the cells that are read from each row, the ticket's number aside."""
        return [n for n in self.columns if n != "case"] + [f"> {column}" for column in self.pointing_columns()]

    def pointing_columns(self) -> list[str]:
        """Columns that hold the number of something else, each once."""
        problems = [self.problems.column] if self.problems else []
        return list(dict.fromkeys([*self.links, *self.references, *problems]))

    def column_names(self) -> list[str]:
        """Every column of the log that this mapping reads, each once."""
        return list(dict.fromkeys([*self.columns.values(), *self.pointing_columns()]))


def find(name_or_path: str) -> Path:
    """A path, or the name of a mapping that ships with Steward."""
    path = Path(name_or_path)
    if path.exists():
        return path
    bundled = BUNDLED / f"{name_or_path.removesuffix('.toml')}.toml"
    if bundled.exists():
        return bundled
    shipped = ", ".join(sorted(each.stem for each in BUNDLED.glob("*.toml")))
    raise MappingProblem(name_or_path, [f"there is no such file. Name one, or a shipped mapping: {shipped}."])


def load(path: Path) -> Mapping:
    """:raises MappingProblem: not TOML, unknown or missing keys, words that Steward does not know."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingProblem(path, [f"it is not TOML: {error}"]) from error
    return _Reader(raw, path).mapping()


class _Reader:
    """Reads the tables one after another and collects every mistake before it gives up."""

    TABLES = frozenset(
        {"source", "columns", "states", "priorities", "levels", "sources", "links", "references", "problems", "dirt",
         "agreement"}
    )  # fmt: skip

    def __init__(self, raw: dict[str, Any], path: Path) -> None:
        self.raw, self.path = raw, path
        self.problems = [f"[{name}] is no table of a mapping file" for name in raw if name not in self.TABLES]

    def mapping(self) -> Mapping:
        source, dirt = self.table("source"), self.table("dirt")
        self.only(source, "source", {"name", "kind", "zone", "date_format", "encoding", "delimiter", "unknown", "title",
                                     "true", "organization", "service"})  # fmt: skip
        self.only(dirt, "dirt", {"unknown_state", "default_priority", "default_level"})
        kind = source.get("kind", "incident")
        if kind not in KINDS:
            self.problems.append(f"[source] kind “{kind}” is not installed; known: {', '.join(KINDS)}")
        zone = source.get("zone", "")
        if zone not in available_timezones():
            self.problems.append(
                f"[source] zone “{zone}” is no IANA time zone; write for example Europe/Lisbon, or UTC if nobody knows"
            )
        for key in ("name", "date_format"):
            if not isinstance(source.get(key), str) or not source[key].strip():
                self.problems.append(f"[source] {key} is missing")
        columns = self.columns()
        states = self.states(kind)
        if dirt.get("unknown_state", "keep") not in ("keep", "refuse"):
            self.problems.append("[dirt] unknown_state is “keep” or “refuse”")
        promise = self.promise()
        problems = self.problem_column()
        result: dict[str, Any] = {
            "priorities": self.numbers("priorities", 5),
            "levels": self.numbers("levels", 3),
            "sources": self.words("sources", set(Source.values)),
            "links": self.words("links", set(LinkKind.values)),
            "references": self.words("references", set(ExternalReference.Relation.values)),
        }
        if self.problems:
            raise MappingProblem(self.path, self.problems)
        return Mapping(
            name=source["name"].strip(),
            zone=ZoneInfo(zone),
            date_format=source["date_format"],
            columns=columns,
            states=states,
            unknown=frozenset(source.get("unknown", [""])) | {""},
            encoding=source.get("encoding", "utf-8-sig"),
            delimiter=source.get("delimiter", ","),
            title=source.get("title", ""),
            true_words=frozenset(word.lower() for word in source.get("true", ["true", "yes", "1"])),
            organization=source.get("organization", "Imported customer"),
            service=source.get("service", ""),
            unknown_state=dirt.get("unknown_state", "keep"),
            default_priority=int(dirt.get("default_priority", 3)),
            default_level=int(dirt.get("default_level", 2)),
            promise=promise,
            problems=problems,
            source_path=str(self.path),
            **result,
        )

    def table(self, name: str) -> dict[str, Any]:
        found = self.raw.get(name, {})
        if isinstance(found, dict):
            return found
        self.problems.append(f"[{name}] must be a table")
        return {}

    def only(self, table: dict[str, Any], name: str, known: set[str]) -> None:
        for key in table:
            if key not in known:
                self.problems.append(f"[{name}] has no key “{key}”; known: {', '.join(sorted(known))}")

    def columns(self) -> dict[str, str]:
        columns = self.table("columns")
        self.only(columns, "columns", set(KNOWN_COLUMNS))
        for name in NEEDED_COLUMNS:
            if name not in columns:
                self.problems.append(f"[columns] {name} is missing: without it no ticket has a history")
        for name, column in columns.items():
            if not isinstance(column, str):
                self.problems.append(f"[columns] {name} must be the name of a column in quotes")
        return columns

    def states(self, kind: str) -> dict[str, StateWord]:
        found: dict[str, StateWord] = {}
        known = set(KINDS.get(kind, State).values)
        if not self.table("states"):
            self.problems.append("[states] is missing: say what each state of the log is here")
        for word, meaning in self.table("states").items():
            said = meaning if isinstance(meaning, dict) else {"state": meaning}
            state, reason = said.get("state"), said.get("reason", "")
            if state not in known:
                self.problems.append(f"[states] “{word}” leads to “{state}”; known: {', '.join(sorted(known))}")
            elif state == State.ON_HOLD and reason not in HoldReason.values:
                self.problems.append(f"[states] “{word}” is on hold and needs a reason: {', '.join(HoldReason.values)}")
            else:
                found[word] = StateWord(state, reason)
        return found

    def numbers(self, name: str, highest: int) -> dict[str, int]:
        table = self.table(name)
        for word, number in table.items():
            if not isinstance(number, int) or not 1 <= number <= highest:
                self.problems.append(f"[{name}] “{word}” must be a number from 1 to {highest}")
        return table

    def words(self, name: str, known: set[str]) -> dict[str, str]:
        table = self.table(name)
        for word, meaning in table.items():
            if meaning not in known:
                self.problems.append(f"[{name}] “{word}” leads to “{meaning}”; known: {', '.join(sorted(known))}")
        return table

    def problem_column(self) -> ProblemColumn | None:
        table = self.table("problems")
        if not table:
            return None
        self.only(table, "problems", {"column", "title"})
        column, title = table.get("column"), table.get("title", ProblemColumn.title)
        if not isinstance(column, str) or not column:
            self.problems.append("[problems] column is missing: name the column that holds the problem's number")
            return None
        if not isinstance(title, str):
            self.problems.append("[problems] title must be a text in quotes")
        for name in ("links", "references"):
            if column in self.table(name):
                self.problems.append(f"[problems] column “{column}” stands in [{name}] as well; name it in one of them")
        return ProblemColumn(column, str(title))

    def promise(self) -> Promise | None:
        table = self.table("agreement")
        if not table:
            return None
        self.only(table, "agreement", {"name", "calendar", "response_minutes", "resolution_minutes", "pause_reasons"})
        minutes: dict[str, dict[int, int]] = {}
        for name in ("response_minutes", "resolution_minutes"):
            minutes[name] = {}
            for priority, target in table.get(name, {}).items():
                if priority not in "12345" or not isinstance(target, int) or not 1 <= target <= 525_600:
                    self.problems.append(f"[agreement] {name}: write 1 to 5 = minutes, 525600 at most")
                else:
                    minutes[name][int(priority)] = target
        for reason in table.get("pause_reasons", []):
            if reason not in HoldReason.values:
                self.problems.append(f"[agreement] pause reason “{reason}”; known: {', '.join(HoldReason.values)}")
        return Promise(
            name=table.get("name", "Imported tickets"),
            calendar=table.get("calendar", "24x7"),
            response_minutes=minutes["response_minutes"],
            resolution_minutes=minutes["resolution_minutes"],
            pause_reasons=tuple(table.get("pause_reasons", [])),
        )
