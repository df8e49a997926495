"""Who prepares and issues service reports, who reads them, and who answers for the customer."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import OWN, SCOPE, declare, declare_scope

declare_scope("reports:read", _("read service reports"))
declare_scope("reports:write", _("prepare, issue and answer service reports"))

_PREPARERS = {Role.SERVICE_MANAGER: SCOPE, Role.ADMINISTRATOR: SCOPE}
_CUSTOMERS = {Role.ORGANIZATION_MANAGER: SCOPE, Role.REQUESTER: OWN}

declare(
    "report.view",
    _("see service reports and what they are made from"),
    scope="reports:read",
    roles=_PREPARERS | {Role.TEAM_LEAD: SCOPE, Role.CHANGE_MANAGER: SCOPE, Role.AUDITOR: SCOPE},
)
declare("report.prepare", _("plan, compile and review service reports"), scope="reports:write", roles=_PREPARERS)
declare(
    "report.issue",
    _("issue service reports, answer disputes and correct"),
    scope="reports:write",
    roles={Role.SERVICE_MANAGER: SCOPE},
)
declare("report.read", _("read issued service reports of one's organization"), scope="reports:read", roles=_CUSTOMERS)
declare("report.answer", _("accept or dispute service reports"), scope="reports:write", roles=_CUSTOMERS)
