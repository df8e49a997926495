"""Who may let pipelines deploy, see what they deployed, and say which environments there are."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare, declare_scope
from records.permissions import READERS

from ..permissions import MANAGES, WRITES

declare_scope("deployments:write", _("ask whether a pipeline may deploy, and report how it went"))

declare("deployment.view", _("see deployments"), scope="records:read", roles=dict(READERS))
declare("deployment.ask", _("ask whether a pipeline may deploy"), scope="deployments:write", roles=WRITES)
declare("deployment.report", _("report how a deployment went"), scope="deployments:write", roles=WRITES)
declare("deployment.set_environments", _("say which environments need a change"), scope="changes:write", roles=MANAGES)
