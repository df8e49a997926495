"""Who writes notes beside the days of measures."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare
from records.permissions import READERS

declare("kpi.note", _("write notes on the charts of measures"), scope="dashboards:write", roles=dict(READERS))
