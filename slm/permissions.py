"""Operations on agreements and clocks."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, SCOPE, declare
from people.permissions import EVERY_ROLE_OF_STAFF
from records.permissions import READERS

declare("clock.view", _("see clocks"), scope="records:read", roles=dict(READERS))
declare("sla.view", _("see the SLA dashboard"), scope="records:read", roles=dict(READERS))
declare("agreement.view", _("see agreements"), scope="setup:read", roles={r: GLOBAL for r in EVERY_ROLE_OF_STAFF})
declare(
    "agreement.edit",
    _("change agreements"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: SCOPE, Role.ADMINISTRATOR: GLOBAL},
)
