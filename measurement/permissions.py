"""Operations on measures."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare
from records.permissions import READERS

declare("kpi.view", _("see measures"), scope="records:read", roles=dict(READERS))
