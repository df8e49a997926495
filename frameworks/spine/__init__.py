"""
The spine: steps of the five processes, stable whatever framework comes and goes.

What a framework brings attaches here and nowhere else, so two frameworks that ask for the same thing meet at one step.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import agree, change, improve, operate, recover
from .step import Step

STEPS: Mapping[str, Step] = {
    each.id: each
    for each in (*agree.STEPS, *change.STEPS, *recover.STEPS, *operate.STEPS, *improve.STEPS)
}  # fmt: skip
WORKFLOWS: Mapping[str, Any] = {
    "wish": _("Wish"),
    "rfc": _("Request for change"),
    "service-request": _("Service request"),
    "incident-direct": _("Incident restored without a change"),
    "incident-change": _("Incident restored through a change"),
    "improve-agree": _("Improvement that needs an agreement"),
    "improve-change": _("Improvement that needs a change"),
    "improve-operate": _("Improvement in daily work"),
}

__all__ = ["STEPS", "WORKFLOWS", "Step"]
