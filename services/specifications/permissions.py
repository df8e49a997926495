"""Operations on what services are said to be. What is in force is read by whoever sees the service."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, OWN, declare
from people.permissions import EVERY_ROLE_OF_STAFF

# Of a service, its owner is whose own it is.
_OWNERS = {Role.TECHNICIAN: OWN, Role.TEAM_LEAD: OWN, Role.CHANGE_MANAGER: OWN}
_MANAGERS = {Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL}

declare(
    "specification.view",
    _("see drafts and earlier versions of service specifications"),
    scope="setup:read",
    roles={role: GLOBAL for role in EVERY_ROLE_OF_STAFF},
)
declare(
    "specification.write",
    _("write drafts of service specifications"),
    scope="setup:write",
    roles=_OWNERS | _MANAGERS | {Role.TEAM_LEAD: GLOBAL},
)
declare(
    "specification.put_in_force",
    _("put service specifications in force"),
    scope="setup:write",
    roles=_OWNERS | _MANAGERS,
)
