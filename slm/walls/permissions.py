"""Who may let a screen show the wall without anybody signing in."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import SCOPE, declare

declare(
    "wall.link",
    _("make and revoke links to the wall"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: SCOPE, Role.ADMINISTRATOR: SCOPE, Role.TEAM_LEAD: SCOPE},
)
