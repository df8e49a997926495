"""What reviews with customers write into the register of improvements."""

from datetime import datetime
from typing import Any

from people.access import access_of
from people.models import User
from slm.reports.register import Register

from . import operations
from .enums import Origin
from .models import Improvement


def takes(person: User) -> bool:
    """Whether the person can own an improvement: who works on some."""
    return access_of(person).allows("improvement.edit")


def write(*, by: Any, at: datetime, title: str, description: str, owner: User | None, is_sample: bool) -> Improvement:
    """Write down what a review decided. :raises NotAllowed: :raises Refused: a field does not fit."""
    return operations.create(
        by=by, at=at, title=title, description=description, origin=Origin.SERVICE_REVIEW, owner=owner,
        is_sample=is_sample,
    )  # fmt: skip


REGISTER = Register(operation="improvement.create", write=write, takes=takes)
