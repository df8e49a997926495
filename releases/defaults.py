"""What a new installation starts with: a readiness checklist (domain reference B5)."""

from django.utils.translation import gettext_noop as _

from people.enums import Role

from .enums import Type
from .models import ChecklistItem

# Short name, what has to be true, who signs, for which types (all when empty), whether it must be signed.
ITEMS: tuple[tuple[str, str, Role, tuple[str, ...], bool], ...] = (
    ("support", _("The service desk knows what is new and which errors go live with it"), Role.TECHNICIAN, (), True),
    ("monitoring", _("Monitoring and alarms watch what is new"), Role.TECHNICIAN, (), True),
    ("back_out", _("The back-out was rehearsed"), Role.TEAM_LEAD, (Type.MAJOR, Type.MINOR), True),
    ("operations", _("Operating instructions are up to date"), Role.TEAM_LEAD, (Type.MAJOR, Type.MINOR), True),
    ("customers", _("Customers and users have been told"), Role.SERVICE_MANAGER, (), True),
    ("training", _("Whoever needs training has had it"), Role.SERVICE_MANAGER, (Type.MAJOR,), True),
    ("baseline", _("A baseline of the items was taken"), Role.CHANGE_MANAGER, (), True),
)


def ensure_checklist() -> None:
    """Make the lines that were never there; edited ones stay as they are."""
    known = set(ChecklistItem.objects.values_list("key", flat=True))
    ChecklistItem.objects.bulk_create(
        ChecklistItem(key=key, text=text, role=role, types=list(types), is_required=is_required, position=position * 10)
        for position, (key, text, role, types, is_required) in enumerate(ITEMS, start=1)
        if key not in known
    )
