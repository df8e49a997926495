"""
The mapping file: how the columns and words of another tool's log read in ours.

TOML; `checking.load` reads it, `docs/guide/import.md` explains each key.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


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
    date_formats: tuple[str, ...]
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
