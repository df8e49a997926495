"""Operations on people and their organizations, and the scopes of API tokens."""

from django.utils.translation import gettext_lazy as _

from .enums import Role
from .matrix import GLOBAL, OWN, SCOPE, declare, declare_scope

EVERY_ROLE_OF_STAFF = (
    Role.TECHNICIAN,
    Role.TEAM_LEAD,
    Role.SERVICE_MANAGER,
    Role.CHANGE_MANAGER,
    Role.AUDITOR,
    Role.USER_MANAGER,
    Role.ADMINISTRATOR,
)

declare_scope("people:read", _("read people, teams and organizations"))
declare_scope("people:write", _("change people, teams and organizations"))
declare_scope("setup:read", _("read calendars, services and agreements"))
declare_scope("setup:write", _("change calendars, services and agreements"))
declare_scope("audit:read", _("read the audit log"))

declare(
    "people.view",
    _("see people and teams"),
    scope="people:read",
    roles={role: SCOPE for role in EVERY_ROLE_OF_STAFF} | {Role.ORGANIZATION_MANAGER: SCOPE},
)
declare(
    "people.edit",
    _("change people and teams"),
    scope="people:write",
    roles={Role.USER_MANAGER: SCOPE, Role.ADMINISTRATOR: GLOBAL},
)
declare(
    "people.add",
    _("enter people who ask for help"),
    scope="people:write",
    roles={Role.TECHNICIAN: SCOPE, Role.TEAM_LEAD: SCOPE, Role.USER_MANAGER: SCOPE, Role.ADMINISTRATOR: SCOPE},
)
declare("people.myself", _("see oneself"), scope="people:read", roles={Role.REQUESTER: OWN})
declare("people.profile", _("change one's own profile"), scope="people:write", roles={Role.REQUESTER: OWN})
declare("calendar.view", _("see calendars"), scope="setup:read", roles={r: GLOBAL for r in EVERY_ROLE_OF_STAFF})
declare(
    "calendar.edit",
    _("change calendars"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
declare("setup.edit", _("open the set-up pages"), scope="setup:write", roles={Role.ADMINISTRATOR: GLOBAL})
declare(
    "vocabulary.edit",
    _("say in which words pages speak"),
    scope="setup:write",
    roles={Role.ADMINISTRATOR: GLOBAL},
)
declare(
    "audit.view",
    _("read the audit log"),
    scope="audit:read",
    roles={Role.AUDITOR: SCOPE, Role.ADMINISTRATOR: SCOPE},
)
