"""Who says what is wanted of measures, and which of them belong together."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, declare

KEEPERS = {Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL}

declare(
    "kpi.set_up",
    _("change owners, targets and thresholds of measures, and the tree of success factors"),
    scope="setup:write",
    roles=dict(KEEPERS),
)
