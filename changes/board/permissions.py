"""Who may see meetings of boards, plan and conduct them."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, declare
from people.permissions import EVERY_ROLE_OF_STAFF

CONDUCTS = (Role.TECHNICIAN, Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.CHANGE_MANAGER)

declare(
    "cab.view",
    _("see meetings of boards and their minutes"),
    scope="records:read",
    roles={role: GLOBAL for role in EVERY_ROLE_OF_STAFF},
)
declare(
    "cab.plan",
    _("plan meetings of boards, set their agenda and cancel them"),
    scope="changes:write",
    roles={Role.CHANGE_MANAGER: GLOBAL},
)
declare(
    "cab.act",
    _("say that what a meeting gave one to do is done"),
    scope="changes:write",
    roles={role: GLOBAL for role in EVERY_ROLE_OF_STAFF},
)
# The chair and who writes the minutes, whatever their role: the acts check who that is.
declare(
    "cab.conduct",
    _("conduct meetings of boards that one chairs, or writes the minutes of"),
    scope="changes:write",
    roles={role: GLOBAL for role in CONDUCTS},
)
