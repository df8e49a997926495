"""Who may see what was found among the incidents, and decide about it."""

from django.utils.translation import gettext_lazy as _

from people.matrix import declare
from records.permissions import READERS

from ..permissions import WORKS

declare("cluster.view", _("see groups of similar incidents"), scope="records:read", roles=dict(READERS))
declare(
    "cluster.decide",
    _("open groups of similar incidents as problems, or dismiss them"),
    scope="problems:write",
    roles=dict(WORKS),
)
