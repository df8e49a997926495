"""
Bringing open tickets to the version in force: an act of its own, which no edit does by itself.

Only live clocks follow, record by record, in the way of the new version's own policy for changed targets; finished
clocks stay as they are. What it would change the simulator shows before (domain reference A3.7).
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.refusals import Refused
from records import changing
from records.models import Record

from . import declarations
from .clockwork import choosing, retargeting, switching
from .clockwork.bench import Bench
from .declarations import Mode
from .models import Agreement, Clock
from .operations import rows
from .selection import Choice
from .terms import Terms

BATCH_RECORDS = 200
_logger = logging.getLogger(__name__)


def under_other_versions(agreement: Agreement) -> QuerySet[Clock]:
    """Live clocks that go by an earlier version of an agreement than the one in force."""
    return Clock.objects.live().filter(agreement=agreement).exclude(agreement_version=agreement.version)


@transaction.atomic
def ask(*, agreement: Agreement, by: Any, at: datetime, version: int | None = None) -> Agreement:
    """
    Decide that open tickets go by the version in force; a worker does it, batch by batch.

    :raises NotAllowed: :raises Stale: :raises Refused: it is not in force, or every open ticket goes by it already.
    """
    locked = rows.lock(agreement, by=by, version=version)
    if not locked.is_in_force:
        raise Refused.because("wrong_state", _("Only a version in force can be applied to open tickets."))
    count = under_other_versions(locked).count()
    if not count:
        raise Refused.because("nothing", _("Every open ticket goes by this version already."))
    rows.write_down("applied", locked, by=by, at=at, data={"version": locked.version, "clocks": count})
    return locked


def work(agreement_id: int, *, by: Any, at: datetime, after: int = 0) -> int | None:
    """
    Bring the next open tickets to the version in force, each in a transaction of its own; one that fails is left out.

    :returns: the key behind which the next batch begins; None when nothing is left. Safe to run twice.
    """
    agreement = Agreement.objects.in_force().prefetch_related("targets").filter(pk=agreement_id).first()
    if agreement is None:
        return None
    keys = list(
        under_other_versions(agreement)
        .filter(record__gt=after)
        .order_by("record")
        .values_list("record", flat=True)
        .distinct()[:BATCH_RECORDS]
    )
    terms = Terms.of(agreement)
    for key in keys:
        try:
            _bring(key, terms, by=by, at=at)
        except Exception:  # one ticket keeps no other from following; it stays among those under other versions
            _logger.exception("Ticket %s was not brought to version %s of %s", key, terms.version, terms.name)
    return keys[-1] if len(keys) == BATCH_RECORDS else None


@transaction.atomic
def _bring(key: int, terms: Terms, *, by: Any, at: datetime) -> None:
    locked = changing.lock(Record.objects.get(pk=key))
    bench = Bench(locked, by=by, at=at, entry_id=None)
    for declaration in declarations.of(locked.kind):
        concerned = [each for each in bench.all_live(declaration.clock) if each.agreement_id == terms.agreement_id]
        if not concerned:
            continue
        chosen = choosing.choice(declaration, locked)
        # Where another agreement is about to take over, its own act moves the clock.
        if chosen.terms is None or chosen.terms.agreement_id != terms.agreement_id:
            continue
        choice = Choice(terms, chosen.candidates, has_equals=chosen.has_equals)
        for clock in concerned:
            retargeting.aim(bench, declaration, clock, choice, newest=True)
            # The new version may pause for other reasons than the one before.
            mode = declaration.mode(locked.state, locked.state_reason, clock.pause_reasons)
            if clock.is_live and mode in (Mode.RUN, Mode.PAUSE):
                switching.follow(bench, clock, mode, reason=locked.state_reason)
    bench.save()
