"""The four cells in the report of a month, each with what was measured of it."""

from decimal import Decimal

import pytest

from services.models import Offering
from services.specifications import operations as specifications
from services.specifications.enums import Cell
from services.specifications.terms import Said
from slm.reports.pdf import made_from
from slm.reports.reading import Reading
from tests.conftest import moment

pytestmark = pytest.mark.django_db
SOON = Cell.SUPPORT_FUNCTIONING


def test_a_report_says_what_was_measured_of_each_cell(house, vpn, compiled, pages_of):
    gold = Offering.objects.create(service=vpn, name="Gold")
    gold.organizations.add(house.umbrella)
    Offering.objects.create(service=vpn, name="Standard")
    said = (
        Said(Cell.FACILITY_FUNCTIONALITY, "A <b>tunnel</b>"),
        Said(Cell.FACILITY_FUNCTIONING, "Always up", bound="availability", value=Decimal("99.9")),
        Said(SOON, "Solved in four hours", bound="clock:resolution", value=Decimal(240)),
        Said(SOON, "Solved in a day", bound="clock:resolution:4", value=Decimal(1440)),
        Said(SOON, "P1 at once", bound="clock:resolution:1", value=Decimal(1)),
        Said(SOON, "Solved on the first call", bound="measure:inc-fcr", value=Decimal(100)),
        Said(SOON, "Only for others", offering=gold.pk),
    )
    for day, terms in (("2026-02-01", said), ("2026-02-28", said[:6]), ("2026-03-01", said[:1])):
        at = moment(f"{day} 09:00")
        draft = specifications.begin_draft(service=vpn, by=house.ines, at=at)
        draft = specifications.save_draft(draft=draft, by=house.ines, at=at, terms=terms)
        specifications.put_in_force(draft=draft, by=house.ines, at=at, valid_from=at.date(), reason="So")

    report = compiled()

    (told,) = report.document["cells"]
    assert told["version"] == 2
    (service,) = Reading(report).cells
    assert [
        (each["text"], each["measured"], each["is_held"]) for cell in service["cells"] for each in cell["statements"]
    ] == [
        ("A <b>tunnel</b>", "", None),
        ("Always up", "99.851%", False),
        ("Solved in four hours", "50.0% in time", None),
        ("Solved in a day", "100.0% in time", True),
        ("P1 at once", "nothing finished", None),
        ("Solved on the first call", "0.0%", False),
    ]
    page = pages_of(house.ines).get(report.get_absolute_url()).content.decode()
    assert "A &lt;b&gt;tunnel&lt;/b&gt;" in page and f"figures/{told['statements'][2]['hits']['key']}/" in page
    assert "Only for others" not in page
    assert made_from(report).startswith(b"%PDF")
