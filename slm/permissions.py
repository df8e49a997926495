"""Operations on agreements and clocks."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, OWN, SCOPE, declare
from people.permissions import EVERY_ROLE_OF_STAFF
from records.permissions import READERS

_MANAGERS = {Role.SERVICE_MANAGER: SCOPE, Role.ADMINISTRATOR: GLOBAL}

declare("clock.view", _("see clocks"), scope="records:read", roles=dict(READERS))
declare("sla.view", _("see the SLA dashboard"), scope="records:read", roles=dict(READERS))
declare("agreement.view", _("see agreements"), scope="setup:read", roles={r: GLOBAL for r in EVERY_ROLE_OF_STAFF})
declare("agreement.edit", _("change agreements"), scope="setup:write", roles=dict(_MANAGERS))
declare("agreement.sign", _("sign agreements for the provider"), scope="setup:write", roles=dict(_MANAGERS))
declare(
    "agreement.accept",
    _("read and sign agreements of one's own organization"),
    scope="setup:write",
    roles={Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE},
)
