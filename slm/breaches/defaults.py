"""What a new installation starts with: causes (domain reference A3.8), clauses, and three working days."""

from typing import Any

from django.utils.translation import gettext_noop as _

from .models import Cause, Clause, Deadline

CAUSES: tuple[tuple[str, str, str], ...] = (
    ("capacity", _("Capacity"), _("Nobody had time when it was due")),
    ("supplier", _("Supplier"), _("A supplier delivered or answered late")),
    ("diagnosis", _("Diagnosis"), _("Finding the cause took longer than promised")),
    ("parts", _("Parts"), _("A part had to be ordered or brought")),
    ("customer", _("Customer"), _("The customer's side could not be reached or had to act first")),
    ("wrong_priority", _("Wrong priority"), _("The priority was wrong from the beginning or set late")),
    ("other", _("Other"), _("None of these; the explanation says what")),
)
CLAUSES: tuple[tuple[str, str, str], ...] = (
    ("customer", _("Customer caused"), _("The customer did not do what the agreement asks of them")),
    ("force_majeure", _("Force majeure"), _("Something beyond anybody's control, such as a strike or a storm")),
    ("agreed", _("Agreed with the customer"), _("The customer agreed in writing to a later moment")),
)


def ensure_lists() -> None:
    """Make what was never there; edited lines stay as they are."""
    lists: tuple[tuple[Any, tuple[tuple[str, str, str], ...]], ...] = ((Cause, CAUSES), (Clause, CLAUSES))
    for model, lines in lists:
        known = set(model.objects.values_list("key", flat=True))
        model.objects.bulk_create(
            (
                model(key=key, name=name, description=description, position=position * 10)
                for position, (key, name, description) in enumerate(lines, start=1)
                if key not in known
            ),
            ignore_conflicts=True,
        )
    if not Deadline.objects.filter(agreement=None).exists():
        Deadline.objects.bulk_create([Deadline()], ignore_conflicts=True)
