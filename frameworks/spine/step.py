"""What a step of the spine is: a point of a process at which practices of any framework plug in."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """
    :param id: stable; packs name it. :param process: one of the five.
    :param workflows: in which the step takes part, divided by blanks.
    """

    id: str
    process: str
    name: Any
    purpose: Any
    workflows: str

    @property
    def workflow_ids(self) -> list[str]:
        return self.workflows.split()
