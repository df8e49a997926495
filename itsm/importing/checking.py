"""Read a mapping file and collect every mistake in it before the first row of the log is touched."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from incidents.enums import HoldReason, State
from records.enums import LinkKind, Source
from records.models import ExternalReference

from .mapping import Mapping, MappingProblem, ProblemColumn, Promise, StateWord

BUNDLED = Path(__file__).parent / "mappings"
NEEDED_COLUMNS = ("case", "at", "state")
KNOWN_COLUMNS = (
    *NEEDED_COLUMNS,
    "by", "requester", "opened_by", "opened_at", "resolved_at", "closed_at", "resolved_by", "team", "assignee",
    "organization", "service", "item", "category", "subcategory", "location", "symptom", "title", "description",
    "source", "impact", "urgency", "priority", "resolution", "kept_target", "bounces", "reopens",
)  # fmt: skip
KINDS = {"incident": State}
LINKS = {LinkKind.CHILD_OF, LinkKind.DUPLICATE_OF, LinkKind.CAUSED_BY, LinkKind.RELATED_TO}
LONGEST_NAME = 40
SOME_MOMENT = datetime(2024, 11, 23, 17, 45, 58, tzinfo=UTC)


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


def _is_number(value: object, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= highest


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
        self.texts(source, "source", {"name", "zone", "encoding", "delimiter", "title", "organization", "service"})
        zone = str(source.get("zone", ""))
        if zone not in available_timezones():
            self.problems.append(
                f"[source] zone “{zone}” is no IANA time zone; write for example Europe/Lisbon, or UTC if nobody knows"
            )
        name = str(source.get("name", "")).strip()
        if not 0 < len(name) <= LONGEST_NAME:
            self.problems.append(f"[source] name is missing, or longer than {LONGEST_NAME} characters")
        self.file_format(source)
        formats = self.date_formats(source)
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
            "links": self.words("links", {str(each) for each in LINKS}),
            "references": self.words("references", set(ExternalReference.Relation.values)),
        }
        unknown = self.list_of_texts(source, "unknown", [""])
        true = self.list_of_texts(source, "true", ["true", "yes", "1"])
        for key, highest in (("default_priority", 5), ("default_level", 3)):
            if not _is_number(dirt.get(key, 1), highest):
                self.problems.append(f"[dirt] {key} must be a number from 1 to {highest}")
        if self.problems:
            raise MappingProblem(self.path, self.problems)
        return Mapping(
            name=name,
            zone=ZoneInfo(zone),
            date_formats=formats,
            columns=columns,
            states=states,
            unknown=frozenset(unknown) | {""},
            encoding=source.get("encoding", "utf-8-sig"),
            delimiter=source.get("delimiter", ","),
            title=source.get("title", ""),
            true_words=frozenset(word.lower() for word in true),
            organization=source.get("organization", "Imported customer"),
            service=source.get("service", ""),
            unknown_state=dirt.get("unknown_state", "keep"),
            default_priority=dirt.get("default_priority", 3),
            default_level=dirt.get("default_level", 2),
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

    def texts(self, table: dict[str, Any], name: str, keys: set[str]) -> None:
        for key in sorted(keys & table.keys()):
            if not isinstance(table[key], str):
                self.problems.append(f"[{name}] {key} must be a text in quotes")

    def list_of_texts(self, table: dict[str, Any], key: str, default: list[str]) -> list[str]:
        found = table.get(key, default)
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            return found
        self.problems.append(f'[source] {key} must be a list of texts, for example {key} = ["?", "n/a"]')
        return default

    def file_format(self, source: dict[str, Any]) -> None:
        encoding, delimiter = str(source.get("encoding", "utf-8")), str(source.get("delimiter", ","))
        try:
            "a".encode(encoding)  # of an empty text Python looks no codec up
        except LookupError:
            self.problems.append(
                f"[source] there is no encoding “{encoding}”; write for example utf-8, cp1252 or utf-16"
            )
        if len(delimiter) != 1 or delimiter in '"\r\n':
            self.problems.append('[source] delimiter must be one character, for example ",", ";" or "\\t"')

    def date_formats(self, source: dict[str, Any]) -> tuple[str, ...]:
        """One format or several; each must be able to read back a moment that it has written."""
        said = source.get("date_format")
        formats: list[Any] = said if isinstance(said, list) else [said]
        if not formats or not all(isinstance(each, str) and each.strip() for each in formats):
            self.problems.append("[source] date_format is missing")
            return ()
        for each in formats:
            try:
                read = datetime.strptime(SOME_MOMENT.strftime(each), each)  # noqa: DTZ007 - only its parts matter
            except (ValueError, re.error) as error:
                self.problems.append(f"[source] date_format “{each}” can't be read: {error}")
                continue
            if (read.year, read.month, read.day) != (SOME_MOMENT.year, SOME_MOMENT.month, SOME_MOMENT.day):
                self.problems.append(f"[source] date_format “{each}” names no day, month and year")
        return tuple(formats)

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
            if not isinstance(state, str) or state not in known:
                self.problems.append(f"[states] “{word}” leads to “{state}”; known: {', '.join(sorted(known))}")
            elif state == State.ON_HOLD and reason not in HoldReason.values:
                self.problems.append(f"[states] “{word}” is on hold and needs a reason: {', '.join(HoldReason.values)}")
            else:
                found[word] = StateWord(state, reason)
        return found

    def numbers(self, name: str, highest: int) -> dict[str, int]:
        table = self.table(name)
        for word, number in table.items():
            if not _is_number(number, highest):
                self.problems.append(f"[{name}] “{word}” must be a number from 1 to {highest}")
        return table

    def words(self, name: str, known: set[str]) -> dict[str, str]:
        table = self.table(name)
        for word, meaning in table.items():
            if not isinstance(meaning, str) or meaning not in known:
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
        self.texts(table, "agreement", {"name", "calendar"})
        minutes: dict[str, dict[int, int]] = {}
        for name in ("response_minutes", "resolution_minutes"):
            minutes[name] = {}
            targets = table.get(name, {})
            for priority, target in targets.items() if isinstance(targets, dict) else [("", targets)]:
                if priority not in set("12345") or not _is_number(target, 525_600):
                    self.problems.append(f"[agreement] {name}: write 1 to 5 = minutes, 525600 at most")
                else:
                    minutes[name][int(priority)] = target
        reasons = table.get("pause_reasons", [])
        for reason in reasons if isinstance(reasons, list) else [reasons]:
            if reason not in HoldReason.values:
                self.problems.append(f"[agreement] pause reason “{reason}”; known: {', '.join(HoldReason.values)}")
        return Promise(
            name=table.get("name", "Imported tickets"),
            calendar=table.get("calendar", "24x7"),
            response_minutes=minutes["response_minutes"],
            resolution_minutes=minutes["resolution_minutes"],
            pause_reasons=tuple(reasons) if isinstance(reasons, list) else (),
        )
