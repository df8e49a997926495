"""Who may do what with problems: the desk works on them, leads and service level managers decide."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import SCOPE, declare, declare_scope
from records.permissions import DESK

declare_scope("problems:write", _("log problems and move them"))

DECIDES = {Role.TEAM_LEAD: SCOPE, Role.SERVICE_MANAGER: SCOPE}
WORKS = DESK | DECIDES

declare("problem.create", _("log problems"), scope="problems:write", roles=WORKS)
declare("problem.edit", _("edit problems"), scope="problems:write", roles=WORKS)
declare("problem.analyze", _("write down causes, comparisons and events"), scope="problems:write", roles=WORKS)
declare("problem.work", _("investigate and fix problems"), scope="problems:write", roles=WORKS)
declare("problem.decide", _("accept, close and cancel problems"), scope="problems:write", roles=DECIDES)
declare("problem.accept_risk", _("accept the risk of an unfixed problem"), scope="problems:write", roles=DECIDES)
declare(
    "problem.accept_any_risk",
    _("accept the risk of problems that other teams own"),
    scope="problems:write",
    roles={Role.SERVICE_MANAGER: SCOPE},
)
declare("problem.send_workaround", _("send workarounds to many tickets at once"), scope="problems:write", roles=DESK)
