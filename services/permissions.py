"""Operations on services."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, OWN, declare
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
