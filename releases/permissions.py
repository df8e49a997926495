"""Who may do what with releases: the desk prepares and deploys, leads and change managers say go and close."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import SCOPE, declare, declare_scope
from records.permissions import DESK

declare_scope("releases:write", _("plan releases and move them"))

MANAGES = {Role.CHANGE_MANAGER: SCOPE}
LEADS = MANAGES | {Role.TEAM_LEAD: SCOPE}
WRITES = DESK | MANAGES | {Role.SERVICE_MANAGER: SCOPE}
# Who may sign at all; each line of a checklist names one of these roles.
SIGNERS = tuple(WRITES)
SIGNER_CHOICES = [(role.value, role.label) for role in Role if role in SIGNERS]

declare("release.create", _("plan releases"), scope="releases:write", roles=WRITES)
declare("release.edit", _("edit releases and what is in them"), scope="releases:write", roles=WRITES)
declare("release.prepare", _("hand releases to building and testing"), scope="releases:write", roles=WRITES)
declare("release.judge", _("judge acceptance criteria"), scope="releases:write", roles=WRITES)
declare("release.sign", _("sign the readiness checklist by role"), scope="releases:write", roles=WRITES)
declare("release.make_ready", _("say that releases are ready, or no-go"), scope="releases:write", roles=LEADS)
declare("release.deploy", _("deploy and roll back releases"), scope="releases:write", roles=WRITES)
declare("release.close", _("close releases"), scope="releases:write", roles=LEADS)
declare("release.cancel", _("cancel releases"), scope="releases:write", roles=LEADS)
declare("release.set_checklist", _("edit the readiness checklist"), scope="releases:write", roles=MANAGES)
