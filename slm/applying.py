"""
Bringing open tickets to the version in force: an act of its own, which no edit does by itself.

Only live clocks follow, record by record, in the way of the new version's own policy for changed targets; finished
clocks stay as they are. What it would change the simulator shows before (domain reference A3.7).

That it was asked for stands in the log, and that it ended: what has not ended a day later does not go on any more. A
worker at it says so with each batch, so that the auditor finds one whose worker was lost.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.models import Entry
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
ASKED, ENDED = "agreement.applied", "agreement.application_ended"
PATIENCE = timedelta(days=1)
BEAT_SECONDS = 120
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Application:
    """
    One that goes on.

    :param total: clocks under earlier versions when it was asked for. :param left: those under them still.
    """

    agreement_id: int
    version: int
    by_id: int | None
    by_name: str
    at: datetime
    total: int
    left: int

    @property
    def done(self) -> int:
        return max(self.total - self.left, 0)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def under_other_versions(agreement: Agreement) -> QuerySet[Clock]:
    """Live clocks that go by an earlier version of an agreement than the one in force."""
    return Clock.objects.live().filter(agreement=agreement).exclude(agreement_version=agreement.version)


def going_on(agreement: Agreement, *, at: datetime) -> Application | None:
    """What is being applied to open tickets now; None when nothing is."""
    entries = Entry.objects.filter(subject_kind="agreement", subject_id=agreement.pk, action__in=(ASKED, ENDED))
    latest = entries.select_related("actor").order_by("-pk").first()
    if latest is None or latest.action == ENDED or latest.at <= at - PATIENCE:
        return None
    if not agreement.is_in_force or latest.data["version"] != agreement.version:
        return None
    return Application(
        agreement_id=agreement.pk,
        version=agreement.version,
        by_id=latest.actor_id,
        by_name=latest.actor.name if latest.actor else "",
        at=latest.at,
        total=latest.data["clocks"],
        left=under_other_versions(agreement).count(),
    )


def left_behind(*, at: datetime) -> list[Application]:
    """Applications that go on and at which no worker has been for two minutes."""
    asked = Entry.objects.filter(action=ASKED, at__gt=at - PATIENCE).order_by().values("subject_id")
    found = []
    for agreement in Agreement.objects.in_force().filter(pk__in=asked).order_by("pk"):
        application = None if cache.get(_beat(agreement.pk)) else going_on(agreement, at=at)
        if application is not None:
            found.append(application)
    return found


def _beat(agreement_id: int) -> str:
    return f"slm:applying:{agreement_id}"


def be_at(agreement_id: int) -> None:
    """Say that a worker is, or is about to be, at the application."""
    cache.set(_beat(agreement_id), 1, timeout=BEAT_SECONDS)


@transaction.atomic
def ask(*, agreement: Agreement, by: Any, at: datetime, version: int | None = None) -> Agreement:
    """
    Decide that open tickets go by the version in force; a worker does it, batch by batch.

    :raises NotAllowed: :raises Stale: :raises Refused: it is not in force, every open ticket goes by it already, or
        somebody has asked for it and it goes on.
    """
    locked = rows.lock(agreement, by=by, version=version)
    if not locked.is_in_force:
        raise Refused.because("wrong_state", _("Only a version in force can be applied to open tickets."))
    count = under_other_versions(locked).count()
    if not count:
        raise Refused.because("nothing", _("Every open ticket goes by this version already."))
    before = going_on(locked, at=at)
    if before is not None:
        message = _("Version %(number)s is being applied already: %(name)s asked for it at %(clock)s.")
        said = {"number": before.version, "name": before.by_name, "clock": date_format(localtime(before.at), "H:i")}
        raise Refused.because("going_on", message % said)
    rows.write_down(ASKED, locked, by=by, at=at, data={"version": locked.version, "clocks": count})
    return locked


def work(agreement_id: int, *, version: int, by: Any, at: datetime, after: int = 0) -> int | None:
    """
    Bring the next open tickets to the version in force, each in a transaction of its own; one that fails is left out.

    Nothing happens once another version is in force: nobody asked for that one.

    :returns: the key behind which the next batch begins; None when nothing is left. Safe to run twice.
    """
    agreement = Agreement.objects.in_force().prefetch_related("targets").filter(pk=agreement_id).first()
    if agreement is None or agreement.version != version:
        return None
    be_at(agreement_id)
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
    if len(keys) == BATCH_RECORDS:
        return keys[-1]
    end(agreement, by=by, at=at)
    return None


def end(agreement: Agreement, *, by: Any, at: datetime) -> None:
    """Write down that the last ticket was looked at, and how many clocks could not follow."""
    left = under_other_versions(agreement).count()
    rows.write_down(ENDED, agreement, by=by, at=at, data={"version": agreement.version, "clocks": left})


@transaction.atomic
def _bring(key: int, terms: Terms, *, by: Any, at: datetime) -> None:
    locked = changing.lock(Record.objects.get(pk=key))
    bench = Bench(locked, by=by, at=at, entry_id=None)
    for declaration in declarations.of(locked.kind):
        concerned = [
            each
            for each in bench.all_live(declaration.clock)
            if each.agreement_id == terms.agreement_id and each.agreement_version != terms.version
        ]
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
