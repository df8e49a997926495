"""Who sees procedures, works by them, writes them, brings them into force, and says who is accountable."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, declare, declare_scope
from records.permissions import READERS, WORKERS

declare_scope("procedures:write", _("write procedures and say who is accountable"))

WRITERS = {role: GLOBAL for role in (Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.CHANGE_MANAGER, Role.ADMINISTRATOR)}
DECIDERS = {role: GLOBAL for role in (Role.SERVICE_MANAGER, Role.CHANGE_MANAGER, Role.ADMINISTRATOR)}

declare("process.view", _("see processes and what runs in them"), scope="records:read", roles=dict(READERS))
declare("procedure.view", _("see procedures"), scope="records:read", roles={role: GLOBAL for role in READERS})
declare("procedure.follow", _("see the procedure of a record"), scope="records:read", roles=dict(READERS))
declare("procedure.tick", _("tick steps of procedures"), scope="records:write", roles=dict(WORKERS))
declare("procedure.write", _("write procedures"), scope="procedures:write", roles=WRITERS)
declare("procedure.activate", _("bring procedures into force"), scope="procedures:write", roles=DECIDERS)
declare(
    "procedure.set_rules", _("say how procedures come into force"), scope="procedures:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)  # fmt: skip
declare(
    "duty.view", _("see who is accountable and who acted"), scope="records:read",
    roles={role: GLOBAL for role in READERS},
)  # fmt: skip
declare(
    "duty.set", _("say who is accountable"), scope="procedures:write",
    roles={Role.SERVICE_MANAGER: GLOBAL, Role.ADMINISTRATOR: GLOBAL},
)  # fmt: skip
