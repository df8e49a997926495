"""Operations on files of measures. Each file is for the one person who asked for it."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare
from records.permissions import READERS

declare("kpi.export", _("export measures and the records behind them"), scope="records:read", roles=dict(READERS))
