"""From the map to the register: a gap, or a measure that misses its target, becomes an improvement in one act."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.speech import plainly
from improvement import operations as register
from improvement.enums import Origin
from measurement import known
from people.access import require
from records.enums import Level, Phase
from records.models import Record

from .certifying.keeping import one_at_a_time
from .mapping import Map
from .models import GapImprovement, Practice, Signal


@transaction.atomic
def raise_gap(*, practice: Practice, by: Any, at: datetime, is_sample: bool = False) -> Any:
    """
    Write an improvement for a practice of which nothing is done here, or nothing but written.

    Once, until that improvement has ended.

    :raises NotAllowed: :raises Refused: it is no gap, or is being improved.
    """
    require(by, "practice_map.view")
    one_at_a_time()
    known = GapImprovement.objects.filter(pack_slug=practice.pack.slug, practice_key=practice.key).first()
    running = Record.objects.filter(pk=known.record_id).exclude(phase=Phase.DONE).first() if known else None
    if running is not None:
        raise Refused.because("taken", _("%(reference)s is about this gap already.") % {"reference": running.reference})
    gap = next((each for each in Map(by).unproven if each.practice.pk == practice.pk), None)
    if gap is None:
        raise Refused.because("no_gap", _("“%(practice)s” is done here by now.") % {"practice": practice})
    with plainly():
        steps = "\n".join(f"- {row.step.name}: {row.step.purpose}" for row in gap.rows) or _("- no step is named yet")
        title = _("Cover “%(practice)s” of %(framework)s") % {"practice": practice, "framework": practice.pack.name}
        text = _("Found on the practice map. %(purpose)s.\n\nWhere it would plug in:\n%(steps)s")
    made = register.create(
        by=by, at=at, title=title[:200], description=text % {"purpose": practice.purpose.rstrip("."), "steps": steps},
        origin=Origin.AUDIT, impact=Level.LOW, urgency=Level.LOW, is_sample=is_sample,
    )  # fmt: skip
    GapImprovement.objects.update_or_create(
        pack_slug=practice.pack.slug, practice_key=practice.key, defaults={"record": made, "at": at}
    )
    return made


@transaction.atomic
def raise_signal(*, signal: Signal, by: Any, at: datetime) -> Any:
    """
    Write an improvement for a measure that missed its target. Once, until that improvement has ended.

    :raises NotAllowed: :raises Refused: the measure holds its target again, or is being improved.
    """
    require(by, "practice_map.view")
    locked = Signal.objects.select_for_update().get(pk=signal.pk)
    running = Record.objects.filter(pk=locked.record_id).exclude(phase=Phase.DONE).first() if locked.record_id else None
    if running is not None:
        raise Refused.because(
            "taken", _("%(reference)s is about this measure already.") % {"reference": running.reference}
        )
    if locked.cleared_at is not None:
        raise Refused.because("cleared", _("The measure holds its target again."))
    if locked.dismissed_at is not None:
        raise Refused.because("dismissed", _("It was dismissed as a false alarm. Take that back first."))
    kpi = known.kpi(locked.kpi)
    with plainly():
        title, question = _("Bring “%(measure)s” back to its target") % {"measure": kpi.name}, str(kpi.question)
    made = register.create(
        by=by, at=at, title=title[:200], description=question, origin=Origin.SIGNAL, kpi=kpi.id, impact=Level.LOW,
        urgency=Level.MEDIUM, is_sample=locked.is_sample,
    )  # fmt: skip
    locked.record = made
    locked.save(update_fields=["record"])
    return made
