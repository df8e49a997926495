"""Operations on dashboards. What they show is decided by what the reader may see, whoever made them."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import SCOPE, declare, declare_scope
from records.permissions import READERS

declare_scope("dashboards:write", _("make, arrange and share dashboards and tables of measures"))

_SHARERS = {Role.TEAM_LEAD: SCOPE, Role.SERVICE_MANAGER: SCOPE, Role.CHANGE_MANAGER: SCOPE, Role.ADMINISTRATOR: SCOPE}

declare("dashboard.view", _("see dashboards"), scope="records:read", roles=dict(READERS))
declare("dashboard.edit", _("make own dashboards and tables"), scope="dashboards:write", roles=dict(READERS))
declare(
    "dashboard.share",
    _("share dashboards and tables with roles and whole organizations"),
    scope="dashboards:write",
    roles=_SHARERS,
)
