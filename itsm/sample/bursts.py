"""Two mornings on which much came in at once: one that nobody has decided about, and one that was a drill."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from incidents import operations
from problems.finding import operations as finding_operations
from problems.finding import together

from .cast import Cast

MAIL, PORTAL = "E-mail and calendar", "Customer portal"
SUBJECTS = {
    MAIL: ("Outlook keeps asking for my password", "Nothing in the inbox since nine", "Calendar is empty", "Can't send",
           "Phone shows no mail", "Meeting room panel is blank", "Certificate warning", "Shared mailbox is gone",
           "Signature is missing"),
    PORTAL: ("Orders page is white", "Login takes ages", "Basket is empty", "Invoice can't be opened", "Error 503",
             "Customer says that nothing loads", "Search finds nothing", "Prices are missing"),
}  # fmt: skip
SYMPTOMS = {MAIL: "Mail does not answer", PORTAL: "Portal does not answer"}
DRILL = "Failover drill of the portal, announced a week before"
APART = timedelta(minutes=7)


def tell_bursts(cast: Cast, *, at: datetime) -> None:
    """Tell both up to `at`: that of the portal, 47 days ago, was dismissed as a drill; that of the mail waits."""
    ended = _tell(cast, PORTAL, at - timedelta(days=47))
    _tell(cast, MAIL, at - timedelta(days=3))
    tom = cast.staff["tom"]
    with connection.cursor() as cursor:
        # The planner knows nothing yet of tables that were filled a moment ago, and looks at every pair of rows.
        cursor.execute("ANALYZE records_record, records_link, incidents_incident")
    for each in together.look(tom, at=ended).shown:
        if each.burst.first_at >= ended - timedelta(hours=3):
            asked = together.read(each.address)
            finding_operations.dismiss_burst(asked=asked, by=tom, at=ended, reason=DRILL)


def _tell(cast: Cast, service: str, begun: datetime) -> datetime:
    """One incident every seven minutes, all resolved two hours after the first. Returns the moment after."""
    mei = cast.staff["mei"]
    resolved = begun + timedelta(hours=2)
    for number, subject in enumerate(SUBJECTS[service]):
        about: dict[str, Any] = {"by": mei, "at": begun + number * APART}
        incident = operations.create(
            **about, title=subject, requester=cast.requesters[number * 3 % len(cast.requesters)], impact=2, urgency=2,
            service=cast.services[service], symptom=SYMPTOMS[service], source="phone", is_sample=True,
        )  # fmt: skip
        incident = operations.take(incident=incident, **about)
        operations.resolve(
            incident=incident, by=mei, at=resolved, code="fixed", text="It works again since the second node is up."
        )
    return resolved + timedelta(minutes=5)
