"""How a service stands, in words: the worst of what is known comes first. Pure."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Health:
    """:param tone: ok, risk or bad; the words say the same."""

    tone: str
    text: str


def health_of(*, outage: Any, standing: Any, is_fast: bool, overdue: int) -> Health:
    """
    Say it in one sentence.

    :param outage: the one that goes on, or None. :param standing: of the present month, or None where nobody may see
        it. :param is_fast: whether the error budget went too fast in the latest day. :param overdue: open tickets past
        their target.
    """
    if outage is not None and not outage.is_planned and outage.weight >= 1:
        return Health("bad", _("Down"))
    if outage is not None and not outage.is_planned:
        return Health("bad", _("Degraded"))
    if outage is not None:
        return Health("risk", _("Planned downtime goes on"))
    if standing is not None and standing.is_held is False:
        return Health("bad", _("Works; this month's availability is missed"))
    if standing is not None and standing.budget_tone == "bad":
        return Health("risk", _("Works; this month's error budget is used up"))
    if overdue:
        said = ngettext(
            "Works; %(count)d open ticket is past its target",
            "Works; %(count)d open tickets are past their targets",
            overdue,
        )
        return Health("risk", said % {"count": overdue})
    if is_fast:
        return Health("risk", _("Works; the error budget goes fast"))
    if standing is None or standing.target is None:
        return Health("ok", _("Works; no availability is promised"))
    return Health("ok", _("Works as promised"))
