"""What a simulation found so far, added up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .enums import Effect
from .replay import Verdict


def effect_of(before: Verdict, after: Verdict | None) -> Effect | None:
    """What the draft changes for one clock, the weightiest first; None for nothing."""
    if after is None:
        return Effect.NOT_PROMISED
    if before.is_missed != after.is_missed:
        return Effect.NEWLY_MISSED if after.is_missed else Effect.NEWLY_MET
    if before.due_at != after.due_at:
        if before.due_at is None or after.due_at is None:
            return Effect.USED
        return Effect.EARLIER if after.due_at < before.due_at else Effect.LATER
    return None if before.used == after.used else Effect.USED


@dataclass
class Counts:
    """
    Clocks by group and by what is counted of them.

    Groups are `finished` and `open`, and each with a priority behind it such as `finished.2`; counted are `total`,
    `missed_before`, `missed_after`, the effects, and `otherwise`: judged otherwise than the ledger says now.
    """

    found: dict[str, Counter[str]] = field(default_factory=dict)

    def add(
        self,
        *,
        is_open: bool,
        priority: int,
        before: Verdict,
        after: Verdict | None,
        effect: str | None,
        is_otherwise: bool,
    ) -> None:
        counted = ["total"]
        if is_otherwise:
            counted.append("otherwise")
        if before.is_missed:
            counted.append("missed_before")
        if after is not None and after.is_missed:
            counted.append("missed_after")
        if effect is not None:
            counted.append(str(effect))
        group = "open" if is_open else "finished"
        for name in (group, f"{group}.{priority}"):
            self.found.setdefault(name, Counter()).update(counted)

    def of(self, group: str, name: str) -> int:
        return self.found.get(group, Counter())[str(name)]

    def as_document(self) -> dict[str, dict[str, int]]:
        return {group: dict(counter) for group, counter in self.found.items()}

    @classmethod
    def from_document(cls, document: Mapping[str, Mapping[str, Any]]) -> "Counts":
        return cls({group: Counter(counter) for group, counter in document.items()})
