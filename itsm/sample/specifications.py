"""What the services of the sample are said to be: in force for a year, one said better since, one being rewritten."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from audit.acts import acting
from audit.models import Channel
from services.specifications import operations
from services.specifications.enums import Call, Cell
from services.specifications.models import Specification
from services.specifications.terms import Said, Terms, terms_of

from .cast import Cast

GET, WELL = Cell.FACILITY_FUNCTIONALITY, Cell.FACILITY_FUNCTIONING
DO, SOON = Cell.SUPPORT_FUNCTIONALITY, Cell.SUPPORT_FUNCTIONING
DAYS = 380
HELP = Said(DO, "You reach the service desk by phone, portal, e-mail and chat", also="contact, hotline, help desk")
CARE = Said(SOON, "Whoever reports something is kept informed until it is solved", also="update, news, status")
SAID: dict[str, tuple[Said, ...]] = {
    "Network and VPN": (
        Said(GET, "Network in every office, by cable and Wi-Fi", also="internet, LAN, wifi"),
        Said(GET, "VPN from home and on the road", also="remote access, connection"),
        Said(GET, "One login for network, VPN and e-mail", also="sign in, log in, password, account"),
        Said(WELL, "Available around the clock", bound="availability", value=Decimal("99.9")),
        Said(DO, "We set a new password when yours is lost or forgotten", also="forgot, reset, expired, unlock"),
        Said(DO, "We give guests access for a day", also="visitor, Wi-Fi code"),
        Said(DO, "We add a network outlet or move one", also="socket, cable, new desk", call=Call.CHANGE),
        Said(DO, "Private devices are not connected", also="own phone, own laptop, tablet, byod", call=Call.WISH),
        Said(SOON, "We look at it at once when everybody is cut off", bound="clock:response:1", value=Decimal(15)),
        Said(SOON, "It works again within half a working day then", bound="clock:resolution:1", value=Decimal(240)),
        Said(SOON, "Whatever it is, we answer within a day", bound="clock:response", value=Decimal(480)),
        Said(SOON, "Whatever it is, it is solved within four days", bound="clock:resolution", value=Decimal(4800)),
    ),
    "E-mail and calendar": (
        Said(GET, "A mailbox of 50 GB and a calendar for each person", also="mail, inbox, outlook, quota, full"),
        Said(GET, "Shared mailboxes and calendars for teams", also="group, shared inbox, room"),
        Said(WELL, "Available around the clock", bound="availability", value=Decimal("99.5")),
        Said(DO, "We set up a shared mailbox or a distribution list", also="new mailbox, create, group address"),
        Said(DO, "We bring back mail deleted in the last 30 days", also="restore, recover, lost mail"),
    ),
    "Finance (SAP)": (
        Said(GET, "Ledger, payroll and reports in SAP", also="invoice, posting, month end, export"),
        Said(WELL, "Available in working hours", bound="availability", value=Decimal("99.5")),
        Said(DO, "We give and take access rights on the word of your manager", also="authorization, role, permission"),
        Said(DO, "We change reports and forms", also="new column, layout, adapt", call=Call.CHANGE),
    ),
    "Workplace": (
        Said(GET, "A laptop with the standard programs for each person", also="computer, notebook, PC, screen, dock"),
        Said(DO, "We hand out a laptop to newcomers and take it back", also="new employee, starter, joiner"),
        Said(DO, "We install programs from the list", also="software, application, license"),
        Said(DO, "Programs outside of the list are not supported", also="unlisted, private software", call=Call.WISH),
    ),
    "Customer portal": (
        Said(GET, "Your customers order and track shipments on the web", also="website, orders, tracking, web shop"),
        Said(WELL, "Available around the clock", bound="availability", value=Decimal("99.5")),
        Said(DO, "We change texts and pictures", also="content, wording, logo", call=Call.CHANGE),
    ),
    "Printing": (
        Said(GET, "Print, copy and scan on every floor", also="printer, paper, toner, scanner"),
        Said(DO, "We bring toner and paper", also="empty, refill, cartridge"),
        Said(SOON, "A printer is repaired within two days", bound="clock:resolution:3", value=Decimal(960)),
    ),
}  # fmt: skip
EVERYWHERE = (
    HELP,
    Said(SOON, "We answer within two working days at the latest", bound="clock:response", value=Decimal(960)),
    Said(SOON, "It is solved within two weeks at the latest", bound="clock:resolution", value=Decimal(4800)),
    CARE,
)
BETTER = Said(DO, "We lend a laptop while yours is repaired", also="loan, spare, replacement, broken laptop")
PLANNED = Said(GET, "Files up to 100 MB by mail, larger ones by a link", also="attachment, too large, size")


class Scribe:
    """Writes what the services are: `tell` once, before the tickets that are held against it."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at

    def tell(self) -> int:
        """Returns how many versions were written."""
        with acting(channel=Channel.WEB, is_quiet=True):
            for name, said in SAID.items():
                own = () if name == "Network and VPN" else EVERYWHERE
                self._decide(self._write(name, (*said, *own, *((HELP, CARE) if not own else ())), DAYS), DAYS - 1)
            workplace = self._write("Workplace", (), 60, added=BETTER)
            self._decide(workplace, 58, reason="People could not work while their laptop was away")
            self._write("E-mail and calendar", (), 3, added=PLANNED)
        return Specification.objects.filter(service__is_sample=True).count()

    def _write(self, name: str, terms: Terms, days: float, *, added: Said | None = None) -> Specification:
        service = self.cast.services[name]
        about: dict[str, Any] = {"by": service.owner, "at": self.now - timedelta(days=days)}
        draft = operations.begin_draft(service=service, **about)
        terms = terms or terms_of(draft)
        if added is not None:
            terms = (*terms, added)
        return operations.save_draft(draft=draft, terms=terms, **about)

    def _decide(self, draft: Specification, days: float, reason: str = "Said in four cells for the first time") -> None:
        at = self.now - timedelta(days=days)
        ines: Any = self.cast.staff["ines"]
        operations.put_in_force(
            draft=draft, by=ines, at=at, valid_from=operations.local_day(at), reason=reason
        )  # fmt: skip
