"""Who sees breaches, explains them and asks for excuses; who keeps the lists that people choose from."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, SCOPE, declare, declare_scope
from records.permissions import DESK, READERS

declare_scope("breaches:read", _("read missed targets and their causes"))
declare_scope("breaches:write", _("explain missed targets and ask for excuses"))

_ANSWERING = DESK | {Role.SERVICE_MANAGER: SCOPE}

declare("breach.view", _("see why targets were missed"), scope="breaches:read", roles=dict(READERS))
declare("breach.explain", _("explain missed targets"), scope="breaches:write", roles=_ANSWERING)
declare("breach.ask_excuse", _("ask to have a missed target excused"), scope="breaches:write", roles=_ANSWERING)
declare(
    "breach.set_up",
    _("change causes, clauses and deadlines of missed targets"),
    scope="setup:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)
