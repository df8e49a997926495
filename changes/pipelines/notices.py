"""Who is told when a deployment has not reported."""

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import tell
from people.models import User

from .models import Deployment
from .operations.overdue import NOTED


def register() -> None:
    """Called when the app is ready."""
    subscribe("deployments.notices", to=[NOTED], handler=told)


def told(entry: Entry) -> None:
    """Tell whoever let the pipeline ask, and the lead of the team. Inboxes hold records: without a change, nobody."""
    found = Deployment.objects.select_related("requester", "team__lead", "change").filter(pk=entry.subject_id).first()
    if found is None or found.change is None or not found.is_running:
        return
    people: dict[User, object] = {found.requester: lambda: _("because your token asked for it")}
    if found.team is not None and found.team.lead is not None:
        people.setdefault(found.team.lead, lambda: _("because you lead the team"))
    text = _("Deployment %(reference)s has not reported how it went")
    tell(entry, found.change, NoticeKind.CHANGED, people, lambda: text % {"reference": found.reference})
