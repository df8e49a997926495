"""Operations on the inbox."""

from django.utils.translation import gettext_lazy as _

from people.enums import Role
from people.matrix import OWN, declare

declare("inbox.use", _("use the inbox"), scope="records:read", roles={Role.REQUESTER: OWN})
