"""Six days ago Aisha went through the machine room with the list: most is as written down, three things are not."""

from datetime import datetime, timedelta

from changes.differences import operations
from changes.differences.looking import look
from services.models import ConfigurationItem

from .cast import Cast

WALK = timedelta(days=6)
WEEKS = 12
LOOKED_AT = {
    "esx-1": "", "esx-2": "", "esx-3": "It has 768 GB of memory.", "esx-4": "", "san-1": "",
    "san-2": "Firmware 9.4; nobody planned that update.", "backup-1": "", "mail-cluster": "It uses the new storage.",
    "sap-app-1": "", "sap-app-2": "",
}  # fmt: skip
EXPLAINED = ("esx-3", "Delivered with 768 GB; what was written down was the order before.")


def go_round(cast: Cast, *, at: datetime) -> int:
    """Tell it, once changes and items are told. Returns how many items were looked at."""
    items = {each.name: each for each in ConfigurationItem.objects.filter(name__in=LOOKED_AT, is_sample=True)}
    began = at - WALK
    looks = {
        name: operations.verify(
            item=items[name], by=cast.staff["aisha"], at=began + number * timedelta(minutes=4), difference=seen
        )
        for number, (name, seen) in enumerate(LOOKED_AT.items())
        if name in items
    }
    name, reason = EXPLAINED
    rows = list(looks[name].differences.all())
    operations.explain(differences=rows, by=cast.staff["ines"], at=began + timedelta(days=1), reason=reason)
    _look_back(at=at)
    return len(looks)


def _look_back(*, at: datetime) -> None:
    """Look over the items, once for each week behind: network devices are due after 90 days, and nobody went there."""
    for weeks in range(WEEKS, 0, -1):
        look(at=at - timedelta(weeks=weeks), is_sample=True)
    look(at=at, is_sample=True)
