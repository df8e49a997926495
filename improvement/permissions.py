"""Who may do what with improvements: everybody suggests and votes, the desk works, leads decide."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import OWN, SCOPE, declare, declare_scope
from records.permissions import DESK

declare_scope("improvements:write", _("suggest improvements and work on them"))

MANAGES = {Role.SERVICE_MANAGER: SCOPE}
LEADS = MANAGES | {Role.TEAM_LEAD: SCOPE}
WRITES = DESK | MANAGES | {Role.CHANGE_MANAGER: SCOPE}
EVERYBODY = WRITES | {Role.REQUESTER: SCOPE}

declare("improvement.suggest", _("suggest improvements"), scope="improvements:write", roles=EVERYBODY)
declare("improvement.vote", _("vote for suggestions"), scope="improvements:write", roles=EVERYBODY)
declare("improvement.create", _("write improvements into the register"), scope="improvements:write", roles=WRITES)
declare("improvement.edit", _("work on improvements"), scope="improvements:write", roles=WRITES)
declare("improvement.triage", _("accept and decline suggestions"), scope="improvements:write", roles=LEADS)
declare("improvement.activate", _("start improvements and put them on hold"), scope="improvements:write", roles=LEADS)
declare("improvement.judge", _("say what came of improvements"), scope="improvements:write", roles=LEADS)
declare(
    "improvement.withdraw",
    _("withdraw suggestions"),
    scope="improvements:write",
    roles=WRITES | {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE},
)
declare("improvement.set_goals", _("write down goals"), scope="improvements:write", roles=MANAGES)
declare("improvement.set_scales", _("edit the scales of the score"), scope="improvements:write", roles=MANAGES)
