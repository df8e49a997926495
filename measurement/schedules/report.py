"""What a report by mail is made of, whatever it tells of."""

from dataclasses import dataclass, field
from typing import Any

ROWS_IN_MAIL = 20


@dataclass
class Section:
    """:ivar lines: the shapes of a chart: name and values; None is a gap. :ivar most_rows: of its table on paper."""

    title: str
    facts: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    lines: list[tuple[str, list[float | None]]] = field(default_factory=list)
    most_rows: int = 60

    @property
    def rows_in_mail(self) -> list[list[Any]]:
        return self.rows[:ROWS_IN_MAIL]

    @property
    def more_rows(self) -> int:
        """How many a mail leaves to its files and to the page."""
        return max(0, len(self.rows) - ROWS_IN_MAIL)

    def draw(self, chart: dict[str, Any]) -> None:
        """Take the shapes of a chart as pages have it."""
        self.labels = chart["labels"]
        self.lines = [(each["label"], each["values"]) for each in chart["series"]]


@dataclass
class Report:
    title: str
    subtitle: str
    url: str
    sections: list[Section]
