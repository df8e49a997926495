"""Who is told of what happens to changes."""

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell
from people.access import can
from people.enums import Role
from people.models import User

from .operations.overdue import NOTED


def register() -> None:
    """Called when the app is ready."""
    subscribe("changes.notices", to=[NOTED], handler=told)


def told(entry: Entry) -> None:
    """Tell every change manager who sees the change that its late approval is overdue."""
    record = record_of(entry)
    if record is None:
        return
    managers = User.objects.active().filter(role_grants__role=Role.CHANGE_MANAGER).distinct()
    people = {
        person: lambda: _("because you manage changes") for person in managers if can(person, "record.view", record)
    }
    tell(entry, record, NoticeKind.CHANGED, people, _late)


def _late() -> str:
    return _("The late approval is overdue")
