"""Who may do what with complaints: the desk writes them, leads and service managers lodge and settle them."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import SCOPE, declare, declare_scope
from records.permissions import DESK

declare_scope("supplier_complaints:write", _("write complaints to suppliers and move them"))

MANAGES = {Role.TEAM_LEAD: SCOPE, Role.SERVICE_MANAGER: SCOPE}
WRITES = DESK | MANAGES
SCOPE_NAME = "supplier_complaints:write"

declare("supplier_complaint.create", _("write complaints to suppliers"), scope=SCOPE_NAME, roles=WRITES)
declare("supplier_complaint.edit", _("edit complaints and note answers"), scope=SCOPE_NAME, roles=WRITES)
declare("supplier_complaint.lodge", _("lodge complaints with suppliers"), scope=SCOPE_NAME, roles=MANAGES)
declare("supplier_complaint.settle", _("settle and withdraw complaints"), scope=SCOPE_NAME, roles=MANAGES)
