"""Who sees the forecast: whoever sees the clocks it is about."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare
from records.permissions import READERS

declare("forecast.view", _("see which targets will probably be missed"), scope="records:read", roles=dict(READERS))
