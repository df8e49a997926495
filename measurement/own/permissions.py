"""Who makes measures."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare

from ..catalog.permissions import KEEPERS

declare("kpi.define", _("make own measures and change them"), scope="setup:write", roles=dict(KEEPERS))
