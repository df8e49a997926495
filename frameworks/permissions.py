"""Who reads the practice map, and who loads framework packs. Both are about the whole installation."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, declare, declare_scope
from people.permissions import EVERY_ROLE_OF_STAFF

declare_scope("practices:read", _("read the practice map, framework packs and their certificates"))
declare_scope("practices:write", _("adopt, upgrade, switch and remove framework packs, dismiss signals"))

declare(
    "practice_map.view",
    _("see the practice map and certificates of framework packs"),
    scope="practices:read",
    roles={role: GLOBAL for role in EVERY_ROLE_OF_STAFF},
)
declare(
    "framework_pack.edit",
    _("adopt, upgrade, switch and remove framework packs"),
    scope="practices:write",
    roles={Role.ADMINISTRATOR: GLOBAL},
)
declare(
    "practice_signal.dismiss",
    _("dismiss signals of practices as false alarms"),
    scope="practices:write",
    roles={Role.TEAM_LEAD: GLOBAL, Role.SERVICE_MANAGER: GLOBAL, Role.CHANGE_MANAGER: GLOBAL},
)
