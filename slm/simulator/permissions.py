"""Operations on simulations. Each is its maker's own; it holds only clocks of records that this person may see."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, declare

declare(
    "simulation.run",
    _("try hours, targets and pauses on past and open tickets"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL, Role.AUDITOR: GLOBAL},
)
