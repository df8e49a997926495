"""How a deployment went: once, whatever is said twice, late or in another order."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.speech import plainly
from measurement.marks import mark
from people.access import lend, require
from records import operations as records
from records.enums import LinkKind
from records.models import Link, Record

from ... import operations as changes
from ...enums import Outcome, StepState
from ...enums import State as ChangeState
from ...models import Change, ChangeStep
from ...operations.steps import skip_open_steps
from ..enums import Result, State
from ..models import Commit, Deployment
from .asking import CHANGE_SCOPES
from .recovering import settle

# Clocks of build machines go a little wrong; more than this is a mistake.
SKEW = timedelta(minutes=5)
OUTCOMES = {
    Result.SUCCEEDED: Outcome.SUCCESSFUL,
    Result.FAILED: Outcome.FAILED,
    Result.ROLLED_BACK: Outcome.BACKED_OUT,
}
WORST_FIRST = (State.ROLLED_BACK, State.FAILED, State.SUCCEEDED)


@transaction.atomic
def report(
    *,
    deployment: Deployment,
    by: Any,
    at: datetime,
    result: str,
    finished_at: datetime | None = None,
    note: str = "",
    is_unplanned_repair: bool = False,
    incident: Record | None = None,
) -> Deployment:
    """
    Write down how a deployment went, and finish its change with that outcome.

    The same report again changes nothing and gets the same answer. A change that can't be finished (a person finished
    it before, steps are open) stays as it is; `change_note` says why.

    :param finished_at: when it ended; the moment of the report if not given.
    :param is_unplanned_repair: it was made only to repair what an earlier deployment broke; that one counts as failed.
    :param incident: of a failure, what it caused; of a repair, what it ends.
    :raises NotAllowed: :raises Refused: it was refused, was reported otherwise before, or the moment does not fit.
    """
    rows = Deployment.objects.select_for_update(of=("self",)).select_related("incident", "service", "environment")
    locked = rows.get(pk=deployment.pk)
    require(by, "deployment.report", locked)
    if locked.is_refused:
        raise Refused.because(
            "was_refused",
            _("Deployment %(reference)s was refused; there is nothing to report. Ask again before you deploy.")
            % {"reference": locked.reference},
        )
    ended_at = _ended(locked, finished_at, at=locked.reported_at or at)
    if locked.is_reported:
        _require_same(
            locked, result=result, ended_at=ended_at if finished_at else None, repair=is_unplanned_repair,
            incident=incident,
        )  # fmt: skip
        return locked
    locked.state, locked.finished_at = State(result), ended_at
    locked.reported_at, locked.reported_by_id = at, by.pk
    locked.note, locked.incident = note.replace("\x00", "").strip(), incident
    locked.is_unplanned_repair = is_unplanned_repair
    if result != Result.SUCCEEDED:
        # Nobody knows since when it was broken; a rollback counts from the beginning, so that undoing it takes time.
        locked.failed_at = locked.asked_at if result == Result.ROLLED_BACK else ended_at
    if incident is not None:
        # Before the change is locked: linking locks both records in the order of their keys.
        _link(locked, incident, by=by, at=at)
    with plainly():
        locked.change_note = _finish_change(locked, by=by, at=at)
    locked.save()
    _first_commits(locked)
    if is_unplanned_repair:
        _note_repaired(locked, at=at)
    settle(service=locked.service_id, environment=locked.environment_id, at=at)
    mark([-locked.pk], at=at)
    log.record(
        f"deployment.{result}",
        subject_kind="deployment",
        subject_id=locked.pk,
        subject_label=str(locked),
        organization_id=locked.organization_id,
        by=by,
        at=at,
        reason=locked.note[:300],
        data={"finished_at": ended_at, "incident": incident.reference if incident else None},
    )
    return Deployment.objects.get(pk=locked.pk)


def _ended(deployment: Deployment, finished_at: datetime | None, *, at: datetime) -> datetime:
    """The end within what can be true; clocks that are a little off are forgiven."""
    if finished_at is None:
        return at
    if finished_at > at + SKEW:
        raise Refused.because("later", _("It can't have ended in the future. Say when it did."), "finished_at")
    if finished_at < deployment.asked_at - SKEW:
        raise Refused.because(
            "earlier", _("It can't have ended before it was allowed to begin. Say when it did."), "finished_at"
        )
    return max(min(finished_at, at), deployment.asked_at)


def _require_same(
    known: Deployment, *, result: str, ended_at: datetime | None, repair: bool, incident: Record | None
) -> None:
    said = (result, ended_at or known.finished_at, repair, incident.pk if incident else None)
    if said == (known.state, known.finished_at, known.is_unplanned_repair, known.incident_id):
        return
    raise Refused.because(
        "contradiction",
        _("Deployment %(reference)s was reported before, as %(result)s. That stays; report a later repair as its own.")
        % {"reference": known.reference, "result": known.state_label},
    )


def _finish_change(deployment: Deployment, *, by: Any, at: datetime) -> str:
    """Finish its change, and say why if that is left to people."""
    if deployment.change_id is None:
        return ""
    change = Change.objects.get(pk=deployment.change_id)
    together = Deployment.objects.filter(change=change).exclude(pk=deployment.pk)
    if together.filter(state=State.RUNNING).exists():
        return _("Another deployment under %(reference)s is still running.") % {"reference": change.reference}
    if change.state != ChangeState.IMPLEMENTING:
        return _("%(reference)s was %(state)s already.") % {"reference": change.reference, "state": change.state_label}
    states = {deployment.state, *together.exclude(state=State.REFUSED).values_list("state", flat=True)}
    worst = next(each for each in WORST_FIRST if each in states)
    try:
        with transaction.atomic():
            _finish(change, deployment, Result(worst), by=lend(by, *CHANGE_SCOPES), at=at)
    except Refused as refused:
        return str(refused)
    return ""


def _finish(change: Change, deployment: Deployment, result: Result, *, by: Any, at: datetime) -> None:
    why = deployment.note[:300] or _("The pipeline reported: %(result)s.") % {"result": result.label}
    if deployment.made_change and result == Result.SUCCEEDED:
        steps = ChangeStep.objects.filter(change=change, ended_at=None).select_related("change").order_by("position")
        for step in steps:
            changes.end_step(step=step, by=by, at=at, state=StepState.DONE)
    elif deployment.made_change or result == Result.ROLLED_BACK:
        skip_open_steps(change=change, by=by, at=at, note=why)
    changes.finish(change=change, by=by, at=at, outcome=OUTCOMES[result], ended_at=deployment.finished_at, reason=why)


def _first_commits(deployment: Deployment) -> None:
    """Mark the commits that this deployment was the first to bring into production."""
    if deployment.state != State.SUCCEEDED or not deployment.is_production:
        return
    before = Commit.objects.filter(
        deployment__service=deployment.service_id, deployment__is_production=True, is_first=True
    )
    Commit.objects.filter(deployment=deployment).exclude(sha__in=before.values("sha")).update(is_first=True)


def _link(deployment: Deployment, incident: Record, *, by: Any, at: datetime) -> None:
    """A failure caused the incident; a deployment that went well fixes it."""
    if deployment.change_id is None:
        return
    change = Record.objects.get(pk=deployment.change_id)
    kind = LinkKind.FIXED_BY if deployment.state == State.SUCCEEDED else LinkKind.CAUSED_BY
    if not Link.objects.filter(from_record=incident.pk, to_record=change.pk, kind=kind).exists():
        records.link(record=incident, to=change, kind=kind, by=lend(by, *CHANGE_SCOPES), at=at)


def _note_repaired(repair: Deployment, *, at: datetime) -> None:
    """
    What an unplanned repair repairs: the deployment that had finished last when it began.

    One that was thought to have succeeded has failed by that: when the incident was opened, or when it had ended.
    """
    rows = Deployment.objects.of(repair.service_id, repair.environment_id).filter(finished_at__lte=repair.asked_at)
    broken = rows.exclude(pk=repair.pk).order_by("-finished_at", "-pk").first()
    if broken is None or broken.finished_at is None:
        return
    broken.repaired_by = repair
    if broken.failed_at is None:
        noticed = repair.incident.opened_at if repair.incident else broken.finished_at
        broken.failed_at = min(max(noticed, broken.finished_at), repair.asked_at)
    if broken.incident_id is None:
        broken.incident = repair.incident
    broken.save(update_fields=["repaired_by", "failed_at", "incident"])
    mark([-broken.pk], at=at)
