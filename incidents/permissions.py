"""Who may do what with incidents."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import OWN, SCOPE, declare, declare_scope
from records.permissions import DESK

declare_scope("incidents:write", _("log incidents and move them"))

OWN_SIDE = {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE}

declare("incident.create", _("log incidents"), scope="incidents:write", roles=DESK | {Role.REQUESTER: SCOPE})
declare("incident.create_for_others", _("log incidents for others"), scope="incidents:write", roles=DESK)
declare("incident.edit", _("edit incidents"), scope="incidents:write", roles=DESK)
declare("incident.assign", _("assign incidents"), scope="incidents:write", roles=DESK)
declare("incident.work", _("work on incidents"), scope="incidents:write", roles=DESK)
declare("incident.reopen", _("reopen incidents"), scope="incidents:write", roles=DESK | OWN_SIDE)
declare("incident.close", _("close incidents"), scope="incidents:write", roles=DESK | OWN_SIDE)
declare("incident.cancel", _("cancel incidents"), scope="incidents:write", roles=DESK)
declare(
    "incident.cancel_breached",
    _("cancel incidents that missed a target"),
    scope="incidents:write",
    roles={Role.TEAM_LEAD: SCOPE},
)
