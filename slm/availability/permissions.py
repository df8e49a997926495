"""Who sees availability and outages, and who records and corrects them."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, OWN, declare, declare_scope
from people.permissions import EVERY_ROLE_OF_STAFF

declare_scope("outages:read", _("read outages and availability"))
declare_scope("outages:write", _("record and correct outages"))

_STAFF = {role: GLOBAL for role in EVERY_ROLE_OF_STAFF}
_DESK = {Role.TECHNICIAN: GLOBAL, Role.TEAM_LEAD: GLOBAL, Role.SERVICE_MANAGER: GLOBAL}
_DECIDERS = {Role.TEAM_LEAD: GLOBAL, Role.SERVICE_MANAGER: GLOBAL}

declare(
    "availability.view",
    _("see the availability of services"),
    scope="outages:read",
    roles=_STAFF | {Role.REQUESTER: OWN},
)
declare("outage.view", _("see outages"), scope="outages:read", roles=_STAFF)
declare("outage.record", _("record outages and end them"), scope="outages:write", roles=_DESK)
declare("outage.correct", _("correct, withdraw and dismiss outages"), scope="outages:write", roles=_DECIDERS)
declare(
    "redundancy.edit",
    _("say which services stand in for each other"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
