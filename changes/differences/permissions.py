"""Who may say what a difference comes from. Who sees an item sees how it differed; who edits items verifies them."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import GLOBAL, declare

declare(
    "difference.explain",
    _("say what differences of items come from"),
    scope="changes:write",
    roles={Role.CHANGE_MANAGER: GLOBAL, Role.TEAM_LEAD: GLOBAL, Role.SERVICE_MANAGER: GLOBAL},
)
