"""Operations that every kind of record shares."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, OWN, SCOPE, declare, declare_scope

DESK = {Role.TECHNICIAN: SCOPE, Role.TEAM_LEAD: SCOPE}
WORKERS = DESK | {Role.SERVICE_MANAGER: SCOPE, Role.CHANGE_MANAGER: SCOPE}
READERS = WORKERS | {Role.AUDITOR: SCOPE, Role.ADMINISTRATOR: SCOPE}

declare_scope("records:read", _("read tickets and what belongs to them"))
declare_scope("records:write", _("work on tickets"))

declare(
    "record.view",
    _("see records"),
    scope="records:read",
    roles=READERS | {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE},
)
declare("record.read_notes", _("read work notes"), scope="records:read", roles=READERS)
declare("record.queue", _("work with the queue"), scope="records:read", roles=READERS)
declare(
    "record.reply",
    _("reply in public"),
    scope="records:write",
    roles=DESK | {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE},
)
declare("record.note", _("write work notes"), scope="records:write", roles=WORKERS)
declare(
    "record.attach",
    _("add files"),
    scope="records:write",
    roles=WORKERS | {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE},
)
declare("record.link", _("link records"), scope="records:write", roles=WORKERS)
declare(
    "record.watch",
    _("follow records"),
    scope="records:write",
    roles=READERS | {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE},
)
declare("record.add_watcher", _("let others follow a record"), scope="records:write", roles=WORKERS)
declare("record.date_back", _("correct when something was reported or resolved"), scope="records:write", roles=WORKERS)
declare(
    "record.date_back_far",
    _("date a report or a resolution back further than 7 days"),
    scope="records:write",
    roles={Role.SERVICE_MANAGER: SCOPE},
)
declare("record.edit", _("edit records"), scope="records:write", roles=WORKERS)
declare("record.task", _("work on checklists"), scope="records:write", roles=WORKERS)
declare("view.save", _("save views of the queue"), scope="records:write", roles={role: SCOPE for role in READERS})
declare(
    "view.share",
    _("save views for a team or for all"),
    scope="records:write",
    roles={Role.TEAM_LEAD: SCOPE, Role.ADMINISTRATOR: GLOBAL},
)
