"""Plan, do and undo acts on many records. Each record is its own transaction: one that is refused stops no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from ..models import BulkItem, BulkRun, Record
from ..operations import seeing
from .acts import ACTS, Act, Inputs

MOST = 1000
AT_ONCE = 50
BATCH_ROWS = 25
Outcome = BulkItem.Outcome


@dataclass
class Preview:
    """What would happen: how many would change, and why others would be left out, in groups with their references."""

    changed: int = 0
    skipped: dict[str, list[Any]] = field(default_factory=dict)
    missing: str = ""

    @property
    def left_out(self) -> int:
        return sum(len(records) for records in self.skipped.values())


def specific(records: Iterable[Record]) -> list[Any]:
    """The rows with the columns of their own kinds, a statement for each kind, in the order given."""
    given = list(records)
    by_kind: dict[str, list[int]] = {}
    for record in given:
        by_kind.setdefault(record.kind, []).append(record.pk)
    found: dict[int, Any] = {}
    for record in given:
        if record.pk in found:
            continue
        model: Any = record.practice.model
        rows = model.objects.filter(pk__in=by_kind[record.kind]).select_related("team", "assignee", "service")
        found |= {row.pk: row for row in rows}
    return [found[record.pk] for record in given if record.pk in found]


def preview(*, records: Sequence[Any], act: str, inputs: Inputs, by: Any, at: datetime) -> Preview:
    """Say what the act would do to these records, without doing it."""
    seen = Preview()
    known = ACTS[act]
    for record, refusal in zip(records, known.refusals(records, inputs, by=by, at=at), strict=False):
        if refusal is None:
            seen.changed += 1
            continue
        if refusal.code == "required":
            seen.missing = str(refusal.message)
            return seen
        seen.skipped.setdefault(str(refusal.message), []).append(record)
    return seen


@transaction.atomic
def plan(*, records: Sequence[Any], act: str, inputs: Inputs, by: Any, at: datetime) -> BulkRun:
    """
    Write down what is to be done to these records; `work` does it.

    :param records: at most 1,000, already limited to what the person may see.
    :raises NotAllowed: the person does not work with the queue. :raises Refused: none or too many.
    """
    require(by, "record.queue")
    if not records:
        raise Refused.because("nothing", _("Nothing is selected. Select tickets first."))
    if len(records) > MOST:
        raise Refused.because(
            "too_many",
            _("These are more than %(limit)s tickets. Narrow the list, then do it in parts.") % {"limit": MOST},
        )
    run = BulkRun.objects.create(by=by, act=ACTS[act].name, inputs=dict(inputs), at=at)
    BulkItem.objects.bulk_create([BulkItem(run=run, record_id=record.pk) for record in records])
    return run


@transaction.atomic
def plan_undo(*, run: BulkRun, by: Any, at: datetime) -> BulkRun:
    """
    Write down that a run is to be taken back, once.

    :raises Refused: it was somebody else's, is not over, or was taken back before.
    """
    locked = BulkRun.objects.select_for_update().get(pk=run.pk)
    if locked.by_id != by.pk or locked.undoes_id is not None:
        raise Refused.because("not_yours", _("Only what you did yourself can be taken back here."))
    if locked.ended_at is None:
        raise Refused.because("running", _("The work is still going on. Wait for its end, then undo."))
    if BulkRun.objects.filter(undoes=locked).exists():
        raise Refused.because("undone", _("This was taken back already."))
    undo = BulkRun.objects.create(by=by, act=locked.act, inputs=locked.inputs, at=at, undoes=locked)
    changed = locked.items.filter(outcome=Outcome.CHANGED).order_by("id")
    BulkItem.objects.bulk_create(
        [BulkItem(run=undo, record_id=item.record_id, before=item.before, version=item.version) for item in changed]
    )
    return undo


def work(*, run: BulkRun, at: datetime, rows: int = BATCH_ROWS) -> int:
    """
    Do a bounded part of what is left. Returns how many records were looked at; 0 means that the run is over.

    Safe to run twice and by several workers: each takes rows that no other holds. The rights are those that the
    person has now.
    """
    done = 0
    for _row in range(rows):
        with transaction.atomic():
            item = (
                BulkItem.objects.select_for_update(skip_locked=True)
                .filter(run=run, outcome=Outcome.PENDING, run__cancelled_at=None)
                .order_by("id")
                .first()
            )
            if item is None:
                break
            _do(item, run, at)
            done += 1
    if not done:
        BulkRun.objects.filter(pk=run.pk, ended_at=None).exclude(items__outcome=Outcome.PENDING).update(ended_at=at)
        run.refresh_from_db()
    return done


@transaction.atomic
def do_one(*, record: Any, act: str, inputs: Inputs, by: Any, at: datetime, version: int | None) -> tuple[Any, BulkRun]:
    """
    Act on one record at once, so that it can be taken back like acts on many.

    :returns: the record as it is then, and the run that `plan_undo` takes.
    :raises Refused: as the act's operation does; nothing was done then.
    """
    known = ACTS[act]
    before = known.before(record, inputs)
    changed = known.do(record, inputs, by=by, at=at, version=version)
    run = BulkRun.objects.create(by=by, act=act, inputs=dict(inputs), at=at, ended_at=at)
    BulkItem.objects.create(
        run=run, record_id=record.pk, before=before, version=changed.version, outcome=Outcome.CHANGED
    )
    seeing.look(record=changed, by=by, at=changed.updated_at)
    return changed, run


def finish(*, run: BulkRun, at: datetime) -> BulkRun:
    """Do all of a run."""
    while work(run=run, at=at):
        pass
    return run


def _do(item: BulkItem, run: BulkRun, at: datetime) -> None:
    act = ACTS[run.act]
    record = Record.objects.visible_to(run.by).filter(pk=item.record_id).first()
    if record is None:
        _end(item, Outcome.SKIPPED, _("is not there any more"))
        return
    record = record.specific
    try:
        # A savepoint of its own: what was refused halfway leaves no trace, the note about it stays.
        with transaction.atomic():
            changed = _undone(act, item, record, run, at) if run.undoes_id else _done(act, item, record, run, at)
    except Refused as refused:
        _end(item, Outcome.SKIPPED, str(refused))
        return
    item.version = changed.version
    seeing.look(record=changed, by=run.by, at=changed.updated_at)
    _end(item, Outcome.CHANGED, "")


def _done(act: Act, item: BulkItem, record: Any, run: BulkRun, at: datetime) -> Any:
    refusal = act.refusal(record, run.inputs, by=run.by, at=at)
    if refusal is not None:
        raise Refused(refusal)
    item.before = act.before(record, run.inputs)
    return act.do(record, run.inputs, by=run.by, at=at)


def _undone(act: Act, item: BulkItem, record: Any, run: BulkRun, at: datetime) -> Any:
    if record.version != item.version:
        raise Refused.because("changed", _("was changed since"))
    return act.undo(record, item.before, by=run.by, at=at)


def _end(item: BulkItem, outcome: str, reason: str) -> None:
    item.outcome, item.reason = outcome, reason[:300]
    item.save(update_fields=["outcome", "reason", "before", "version"])


@transaction.atomic
def cancel(*, run: BulkRun, by: Any, at: datetime) -> None:
    """Leave out what has not been done yet. What was done stays, and can be undone."""
    if run.by_id != by.pk:
        raise Refused.because("not_yours", _("Only the person who began this can stop it."))
    run.items.filter(outcome=Outcome.PENDING).update(outcome=Outcome.SKIPPED, reason=_("stopped before"))
    BulkRun.objects.filter(pk=run.pk, ended_at=None).update(cancelled_at=at, ended_at=at)


@dataclass(frozen=True)
class Result:
    total: int
    changed: int
    pending: int
    reasons: dict[str, list[BulkItem]]

    @property
    def skipped(self) -> int:
        return self.total - self.changed - self.pending

    @property
    def done(self) -> int:
        return self.total - self.pending


def result_of(run: BulkRun) -> Result:
    """What has come of a run so far, the skipped ones grouped by reason."""
    items = list(run.items.select_related("record"))
    reasons: dict[str, list[BulkItem]] = {}
    for item in items:
        if item.outcome == Outcome.SKIPPED:
            reasons.setdefault(item.reason, []).append(item)
    return Result(
        total=len(items),
        changed=sum(item.outcome == Outcome.CHANGED for item in items),
        pending=sum(item.outcome == Outcome.PENDING for item in items),
        reasons=reasons,
    )
