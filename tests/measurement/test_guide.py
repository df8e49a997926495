"""The guide lists the measures that there are."""

import re
from pathlib import Path

from measurement import declarations

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "measures.md"


def test_the_guide_lists_every_measure_with_its_question():
    told = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", GUIDE.read_text(), flags=re.MULTILINE)

    assert told == [(kpi.id, str(kpi.question)) for kpi in declarations.kpis()]
