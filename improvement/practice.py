"""How improvements present themselves to the platform."""

from django.utils.translation import gettext_lazy as _

from measurement.offers import Offer
from records.practices import Practice

from . import operations
from .enums import State
from .models import Improvement
from .queries.facts import ImprovementFacts
from .workflow import PHASES

PRACTICE = Practice(
    kind="improvement",
    prefix="IMP",
    slug="improvements",
    process="improve",
    label=_("improvement"),
    label_plural=_("improvements"),
    model=Improvement,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=ImprovementFacts,
    steps={
        State.SUGGESTED: "accept",
        State.ACCEPTED: "analyze",
        State.ACTIVE: "follow",
        State.REALIZED: "close",
        State.PARTLY_REALIZED: "close",
        State.NOT_REALIZED: "close",
    },
    done_at={
        "improvement-intake": [State.SUGGESTED],
        "improvement-prioritization": [State.ACCEPTED],
        "service-improvement-planning": [State.ACTIVE, State.ON_HOLD],
        "experiment": [State.ACTIVE],
    },
    raised_from={
        "incident": _("Suggest an improvement"),
        "problem": _("Suggest an improvement"),
        "change": _("Suggest an improvement"),
        "release": _("Suggest an improvement"),
    },
)
OFFER = Offer(_("Start an improvement"), "/improvements/new/", "improvement.create")
