"""Who may do what with articles. What somebody may read is a question of the audience, asked in `reading`."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import OWN, SCOPE, declare, declare_scope
from records.permissions import DESK, READERS

declare_scope("knowledge:read", _("read articles"))
declare_scope("knowledge:write", _("write articles and say whether they help"))

EVERYBODY = READERS | {Role.REQUESTER: OWN, Role.ORGANIZATION_MANAGER: SCOPE}
MANAGER = {Role.SERVICE_MANAGER: SCOPE}
PUBLISHERS = MANAGER | {Role.TEAM_LEAD: SCOPE}

declare("article.read", _("read articles that were published for them"), scope="knowledge:read", roles=EVERYBODY)
declare("article.vote", _("say whether an article helped"), scope="knowledge:write", roles=EVERYBODY)
declare("article.view", _("see articles in the making and their use"), scope="knowledge:read", roles=READERS)
declare("article.create", _("draft articles"), scope="knowledge:write", roles=DESK | MANAGER)
declare("article.edit", _("write articles"), scope="knowledge:write", roles=DESK | MANAGER)
declare("article.use", _("answer with articles"), scope="knowledge:write", roles=DESK)
declare(
    "article.publish",
    _("publish and retire articles, choose their readers"),
    scope="knowledge:write",
    roles=PUBLISHERS,
)
