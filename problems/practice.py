"""How problems present themselves to the platform."""

from django.utils.translation import gettext_lazy as _

from records.practices import Practice

from . import operations
from .enums import State
from .models import Problem
from .queries import ProblemFacts
from .workflow import PHASES

PRACTICE = Practice(
    kind="problem",
    prefix="PRB",
    slug="problems",
    process="improve",
    label=_("problem"),
    label_plural=_("problems"),
    model=Problem,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=ProblemFacts,
)
