"""Who may do what with changes: the desk writes and implements, change managers decide what goes on."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import SCOPE, declare, declare_scope
from records.permissions import DESK

declare_scope("changes:write", _("write changes and move them"))

MANAGES = {Role.CHANGE_MANAGER: SCOPE}
LEADS = MANAGES | {Role.TEAM_LEAD: SCOPE}
WRITES = DESK | MANAGES | {Role.SERVICE_MANAGER: SCOPE}

declare("change.create", _("write changes"), scope="changes:write", roles=WRITES)
declare("change.edit", _("edit, submit and amend changes"), scope="changes:write", roles=WRITES)
declare("change.assess", _("say that changes are ready to be decided"), scope="changes:write", roles=LEADS)
declare("change.schedule", _("move the window of changes"), scope="changes:write", roles=LEADS)
declare("change.implement", _("begin and finish changes"), scope="changes:write", roles=WRITES)
declare("change.review", _("review and close changes"), scope="changes:write", roles=LEADS)
declare("change.reject", _("reject changes before the vote"), scope="changes:write", roles=MANAGES)
declare("change.cancel", _("cancel changes"), scope="changes:write", roles=WRITES)
declare(
    "change.authorize_late",
    _("let emergencies begin before the board decides"),
    scope="changes:write",
    roles=LEADS,
)
declare("change.feed", _("make calendar feeds of changes"), scope="changes:write", roles=WRITES)
declare("change.exempt", _("let changes happen in a freeze"), scope="changes:write", roles=MANAGES)
declare("change.plan_calendar", _("set freezes and maintenance windows"), scope="changes:write", roles=MANAGES)
declare("change.set_models", _("write and approve models of standard changes"), scope="changes:write", roles=MANAGES)
declare("change.set_risk", _("edit the risk questionnaire"), scope="changes:write", roles=MANAGES)
