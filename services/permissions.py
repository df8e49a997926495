"""Operations on services and on the items they run on."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, OWN, SCOPE, declare
from people.permissions import EVERY_ROLE_OF_STAFF

declare(
    "service.view",
    _("see services"),
    scope="setup:read",
    roles={role: GLOBAL for role in EVERY_ROLE_OF_STAFF} | {Role.REQUESTER: OWN},
)
declare(
    "service.edit",
    _("change services"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
declare(
    "item.view",
    _("see configuration items, how they hang together and whom a failure hits"),
    scope="setup:read",
    roles={role: SCOPE for role in EVERY_ROLE_OF_STAFF},
)
declare(
    "item.edit",
    _("change configuration items and their relations"),
    scope="setup:write",
    roles={Role.TEAM_LEAD: GLOBAL, Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
declare(
    "item.import",
    _("import configuration items"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
