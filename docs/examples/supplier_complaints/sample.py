"""A complaint for the sample workspace: lodged after an outage, answered, insisted on, and with the supplier now."""

from datetime import datetime, timedelta
from typing import Any

from . import operations

CLAUSE = "Annex 2, 4.1: a technician calls back within 60 minutes, at any hour."


def tell(*, cast: Any, at: datetime) -> None:
    """Told up to `at` with the people of the sample. Whatever carries its mark goes away with it."""
    luca, ines = cast.staff["luca"], cast.staff["ines"]
    complaint = operations.create(
        by=luca, at=at - timedelta(days=9), title="Nobody called back for four hours", supplier="Telnor",
        description="The line was down from 08:10; the call back came at 12:25.", promised=CLAUSE,
        service=cast.services["Network and VPN"], owner=ines, is_sample=True,
    )  # fmt: skip
    operations.lodge(supplier_complaint=complaint, by=luca, at=at - timedelta(days=8))
    operations.note_answer(
        supplier_complaint=complaint, by=luca, at=at - timedelta(days=4), text="We were short of people that morning."
    )
    operations.insist(
        supplier_complaint=complaint, by=ines, at=at - timedelta(days=3), reason="The clause knows no such exception."
    )
