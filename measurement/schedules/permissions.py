"""Operations on scheduled reports of measures."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, declare
from records.permissions import READERS

declare(
    "dashboard.schedule",
    _("have dashboards and measures sent by mail"),
    scope="dashboards:write",
    roles=dict(READERS),
)
declare(
    "dashboard.oversee",
    _("see all scheduled reports of measures, pause them, and take over those whose owner has left"),
    scope="dashboards:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
