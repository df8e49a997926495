"""
The register of improvements, as far as reviews know it: a practice above says how something is written into it.

So that service level management needs to know no practice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from people.access import can
from people.models import User
from records.models import Record


@dataclass(frozen=True)
class Register:
    """
    :param operation: of the permission matrix; who lacks it is not offered to write there.
    :param write: by keyword `by`, `at`, `title`, `description`, `owner` and `is_sample`; the caller asked `takes`.
    :param takes: whether somebody can own what stands there.
    """

    operation: str
    write: Callable[..., Record]
    takes: Callable[[User], bool]


_REGISTERS: list[Register] = []


def use(register: Register) -> None:
    """Called once, from the `ready` of the practice that keeps the register."""
    _REGISTERS[:] = [register]


def known() -> Register | None:
    """The register of this house; None where no practice keeps one."""
    return next(iter(_REGISTERS), None)


def open_to(person: Any) -> bool:
    """Whether the person may write there."""
    register = known()
    return register is not None and can(person, register.operation)
