"""How complaints present themselves to the platform."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.practices import Practice

from . import operations
from .enums import State
from .models import Complaint
from .workflow import PHASES


class ComplaintFacts:
    """What guards ask beside the record itself: nothing yet."""

    def __init__(self, complaint: Any, at: datetime) -> None:
        self.complaint, self.at = complaint, at


PRACTICE = Practice(
    kind="supplier_complaint",
    prefix="CMP",
    slug="supplier-complaints",
    process="agree",
    label=_("supplier complaint"),
    label_plural=_("supplier complaints"),
    model=Complaint,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=ComplaintFacts,
    steps={State.WRITTEN: "accept", State.LODGED: "evaluate", State.ANSWERED: "evaluate", State.SETTLED: "close"},
    done_at={"supplier-review": [State.LODGED, State.ANSWERED]},
    raised_from={"incident": _("Complain to the supplier"), "problem": _("Complain to the supplier")},
    icon="handshake",
    heading=_("Supplier management"),
)
