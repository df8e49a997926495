"""
What goes through a process and is no record: agreements, service reports, reviews. The app that keeps them says so.

Pages of processes count them beside the records; no app below imports the one that keeps them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .processes import STEPS


@dataclass(frozen=True)
class Standing:
    """
    How many stand at a step in one state, as far as the person may see them.

    :param url: the page that lists them.
    """

    state: str
    label: Any
    step: str
    count: int
    url: str


@dataclass(frozen=True)
class Undertaking:
    """
    One kind of them.

    :param standing: takes the person who looks; gives only states in which there is something.
    :param acts: logged action -> step of the process at which it is done, for who really acted.
    """

    kind: str
    process: str
    label: Any
    label_plural: Any
    standing: Callable[[Any], Iterable[Standing]]
    acts: Mapping[str, str] = field(default_factory=dict)


_UNDERTAKINGS: dict[str, Undertaking] = {}


def register(undertaking: Undertaking) -> None:
    """
    Make a kind known; from an app's `ready`.

    :raises ValueError: another one has this kind, or its process has no such step.
    """
    if _UNDERTAKINGS.get(undertaking.kind, undertaking) != undertaking:
        raise ValueError(f"undertaking {undertaking.kind} is registered twice")
    if unknown := set(undertaking.acts.values()) - set(STEPS[undertaking.process]):
        raise ValueError(f"{undertaking.kind}: no steps {sorted(unknown)} in {undertaking.process}")
    _UNDERTAKINGS[undertaking.kind] = undertaking


def of(process: str) -> list[Undertaking]:
    """What goes through the process, in the order of the apps that keep it."""
    return [each for each in _UNDERTAKINGS.values() if each.process == process]
