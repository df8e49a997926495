"""Asking those who decide."""

from datetime import datetime
from typing import Any

from approvals import operations as approvals
from approvals.models import Approval

from ..defaults import ensure_policies
from ..models import Change
from ..queries.facts import AUTHORIZE


def ask(*, change: Change, by: Any, at: datetime) -> Approval:
    """
    Ask whom the policy names for this change. The first change that is to be decided brings the policies by risk along.

    :raises Refused: nobody could decide by the policies in force.
    """
    ensure_policies(at=at)
    return approvals.start(subject=change, purpose=AUTHORIZE, by=by, at=at)
