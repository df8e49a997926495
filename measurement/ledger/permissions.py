"""Who has a past figure counted again."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare

from ..catalog.permissions import KEEPERS

declare("kpi.restate", _("have past figures of measures counted again"), scope="setup:write", roles=dict(KEEPERS))
