"""Sending a workaround to many records at once, as an act on many: previewed, done record by record, and told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refusal
from records import practices
from records.bulk.acts import Act, Inputs, move_refusal, no_way_back, register

from . import operations
from .models import KnownError, KnownErrorUse
from .operations.workarounds import sending_refusal

NAME = "workaround"


@dataclass
class SendWorkaround(Act):
    """Inputs: `known_error` (key), `text` (what is sent; empty for the workaround as it stands), `resolve`."""

    name = NAME
    label = gettext_lazy("Send the workaround")
    has_way_back = False

    def refusal(self, record: Any, inputs: Inputs, *, by: Any, at: datetime) -> Refusal | None:
        return next(self.refusals([record], inputs, by=by, at=at))

    def refusals(self, records: Sequence[Any], inputs: Inputs, *, by: Any, at: datetime) -> Iterator[Refusal | None]:
        """Known error, earlier uses and what resolving needs are looked up once for all."""
        known = KnownError.objects.visible_to(by).filter(pk=inputs["known_error"]).first()
        if known is None:
            yield from [Refusal("unknown", _("there is no such known error"))] * len(records)
            return
        uses = KnownErrorUse.objects.filter(known_error=known, record__in=[each.pk for each in records])
        given = {use.record_id: use for use in uses}
        resolve = bool(inputs.get("resolve"))
        facts = _facts(records, at) if resolve else {}
        said = {"code": "workaround", "text": inputs.get("text") or known.workaround}
        for record in records:
            about: dict[str, Any] = {"record": record, "by": by}
            refusal = sending_refusal(known_error=known, resolve=resolve, given=given.get(record.pk), **about)
            if refusal is None and resolve:
                # A new one is taken before it is resolved.
                is_new = record.state == record.practice.states.values[0]
                about |= {"at": at, "reason": "", "inputs": said, "facts": facts.get(record.pk)}
                refusal = move_refusal(name="resolve", is_led_there=is_new, **about)
            yield refusal

    def do(self, record: Any, inputs: Inputs, *, by: Any, at: datetime, version: int | None = None) -> Any:
        return operations.send_workaround(
            known_error=KnownError.objects.get(pk=inputs["known_error"]),
            record=record,
            by=by,
            at=at,
            text=inputs.get("text", ""),
            resolve=bool(inputs.get("resolve")),
        )

    def before(self, record: Any, inputs: Inputs) -> dict[str, Any]:
        return {}

    def undo(self, record: Any, before: Inputs, *, by: Any, at: datetime) -> Any:
        raise no_way_back(_("what was sent can't be called back"))


def _facts(records: Sequence[Any], at: datetime) -> dict[int, Any]:
    """What guards ask of the records, whatever their kinds."""
    found: dict[int, Any] = {}
    for kind in {record.kind for record in records}:
        found |= practices.of(kind).get_facts([record for record in records if record.kind == kind], at)
    return found


def register_act() -> None:
    """Called when the app is ready."""
    register(SendWorkaround())
