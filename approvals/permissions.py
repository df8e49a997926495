"""Operations on approvals, their policies and deputies."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, OWN, SCOPE, declare, declare_scope
from people.permissions import EVERY_ROLE_OF_STAFF
from records.permissions import READERS

declare_scope("approvals:read", _("read approvals"))
declare_scope("approvals:write", _("decide, and name deputies"))

# Whoever is asked may decide, whatever their role: the seat gives the right, and the acts check it.
declare(
    "approval.view",
    _("see approvals"),
    scope="approvals:read",
    roles=READERS | {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE},
)
declare("approval.decide", _("decide what one was asked"), scope="approvals:write", roles={Role.REQUESTER: OWN})
declare("approval.delegate", _("name one's own deputy"), scope="approvals:write", roles={Role.REQUESTER: OWN})
declare(
    "approval.delegate_for_others",
    _("name deputies for others"),
    scope="approvals:write",
    roles={Role.TEAM_LEAD: SCOPE, Role.USER_MANAGER: SCOPE, Role.ADMINISTRATOR: GLOBAL},
)
declare(
    "approval_policy.view",
    _("see approval policies"),
    scope="setup:read",
    roles={role: GLOBAL for role in EVERY_ROLE_OF_STAFF},
)
declare(
    "approval_policy.edit",
    _("change approval policies"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
