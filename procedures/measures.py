"""Which measures tell about which process."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property

from measurement import known
from measurement.declarations import KPI
from measurement.pages import ListPage

# The first part of a measure's id -> the process that it tells about.
TELLS_ABOUT = {
    "inc": "recover", "chg": "change", "rel": "change", "dora": "change", "prb": "improve", "csi": "improve",
    "kn": "operate", "req": "operate", "slm": "agree", "avl": "agree", "sup": "agree", "sre": "agree", "sec": "recover",
}  # fmt: skip
AT_MOST = 12


def kpis_of(process: str) -> list[KPI]:
    """Measures that tell about the process, those with a target first."""
    found = [kpi for kpi in known.kpis() if TELLS_ABOUT.get(kpi.id.partition("-")[0]) == process]
    return sorted(found, key=lambda kpi: kpi.target is None)[:AT_MOST]


class ProcessMeasures(ListPage):
    """The measures of one process with value, target and shape."""

    process: str

    @cached_property
    def kpis(self) -> Sequence[Any]:
        return kpis_of(self.process)
