"""A change that carries a draft of a procedure: how we work is altered as carefully as what we run."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refused
from common.speech import plainly
from procedures import operations as procedure_operations
from procedures.carriers import NORMAL, Carrier
from records.events import EventKind, RecordEvent
from services.models import Service

from . import operations
from .enums import Outcome
from .models import ChangeModel

STANDARD = "standard:"
CARRIED_OUT = frozenset({Outcome.SUCCESSFUL, Outcome.WITH_ISSUES})
ENDED = frozenset({"change.rejected", "change.cancelled"})


def choices() -> list[tuple[str, Any]]:
    """A normal change, or a standard one by a model that may be used."""
    models = ChangeModel.objects.usable(timezone.localdate()).order_by("name")
    standard = gettext_lazy("a standard change: {model}")
    return [
        (NORMAL, gettext_lazy("a normal change")),
        *((f"{STANDARD}{model.slug}", format_lazy(standard, model=model.name)) for model in models),
    ]


def raise_for(*, draft: Any, raises: str, said: list[str], by: Any, at: datetime) -> Any:
    """Write the change down, with what is different as its text, about the services whose work is done by it."""
    procedure, model = draft.procedure, None
    if raises.startswith(STANDARD):
        model = ChangeModel.objects.usable(at.date()).filter(slug=raises.removeprefix(STANDARD)).first()
        if model is None:
            raise Refused.because(
                "model",
                _("The rule asks for a standard change whose model is not in use any more. Ask a service level manager "
                  "to change the rule."),
            )  # fmt: skip
    with plainly():
        title = _("Procedure: %(name)s, version %(number)d") % {"name": procedure.name, "number": draft.number}
        plans: dict[str, Any] = {
            "implementation_plan": _(
                "Tell those who work by it, then finish this change: version %(number)d is in force."
            )
            % {"number": draft.number},
            "back_out_plan": _("Bring the version before into force again, as a new draft."),
        }
    return operations.create(
        by=by,
        at=at,
        model=model,
        services=Service.objects.filter(pk__in=draft.service_ids),
        title=title[:200],
        description="\n".join([f"[{draft.title}]({draft.get_absolute_url()})", "", *(f"* {each}" for each in said)]),
        rationale=draft.what_changed or draft.purpose,
        is_sample=procedure.is_sample,
        **(plans if model is None else {}),
    )


def follow(event: RecordEvent) -> None:
    """Bring the draft into force when its change was carried out; make it a draft again when it was not."""
    if event.record.kind != "change" or event.kind != EventKind.MOVED:
        return
    act, record = event.entry.action, event.record
    if act == "change.finished" and record.outcome in CARRIED_OUT:
        procedure_operations.activate_carried(record=record, by=event.by, at=event.at)
    elif act in ENDED or act == "change.finished":
        why = event.entry.reason or _("%(change)s was not carried out") % {"change": record.reference}
        procedure_operations.send_back_carried(record=record, by=event.by, at=event.at, reason=why)


CARRIER = Carrier(kind="change", choices=choices, raise_for=raise_for)
