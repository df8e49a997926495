"""How incidents present themselves to the platform."""

from django.utils.translation import gettext_lazy as _

from records.practices import Practice

from . import operations
from .enums import State
from .models import Incident
from .queries import IncidentFacts
from .workflow import PHASES

PRACTICE = Practice(
    kind="incident",
    prefix="INC",
    slug="incidents",
    process="recover",
    label=_("incident"),
    label_plural=_("incidents"),
    model=Incident,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=IncidentFacts,
    resumes_on_reply={State.ON_HOLD: "resume"},
)
