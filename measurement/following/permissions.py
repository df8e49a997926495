"""Who keeps measures in sight. What an alert compares is what its owner may see."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare
from records.permissions import READERS

declare(
    "kpi.follow",
    _("pin measures to the first page, and be told when one crosses a line"),
    scope="dashboards:write",
    roles=dict(READERS),
)
