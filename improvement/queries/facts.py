"""What guards ask about one improvement at one moment."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refusal

from ..enums import Step, Word
from .wheel import Wheel, wheel_of


class ImprovementFacts:
    """Each answer is looked up when first asked for."""

    def __init__(self, improvement: Any, at: datetime) -> None:
        self.improvement = improvement
        self.at = at

    @cached_property
    def wheel(self) -> Wheel:
        return wheel_of(self.improvement)

    @property
    def word(self) -> Word | None:
        return self.wheel.word

    @property
    def action_refusal(self) -> Refusal | None:
        missing = self.wheel.state_of(Step.ACTION).missing
        if not missing:
            return None
        return Refusal("action", _("Step 5 is not complete. %(missing)s") % {"missing": " ".join(missing)})

    @property
    def judgment_refusal(self) -> Refusal | None:
        if not self.wheel.measures:
            return Refusal("judgment", _("Nothing says whether it got better. Add a measure, or say what you see now."))
        missing = self.wheel.state_of(Step.CHECK).missing
        if not missing:
            return None
        return Refusal("judgment", _("Step 6 is not complete. %(missing)s") % {"missing": " ".join(missing)})
