"""“May this deploy now?”: everything in the way is said at once, and what was answered is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit import log
from common.refs import parse_reference
from common.refusals import NotAllowed, Refusal, Refused
from common.speech import plainly
from people.access import can, lend, require
from records import changing
from records.enums import Source
from records.models import Record
from services.models import Service
from services.queries import items_visible_to, services_visible_to

from ... import operations as changes
from ...enums import State as ChangeState
from ...models import Change, ChangeModel
from ...operations.scheduling import one_at_a_time
from ...queries.conflicts import conflicts
from ...queries.facts import ChangeFacts
from ..enums import State
from ..models import Commit, Deployment, Environment

LONGEST_MINUTES = 7 * 24 * 60
# What a deployment does to the change it happens under; the scope of pipelines includes that and no more.
CHANGE_SCOPES = ("changes:write", "records:read", "records:write", "setup:read")


@dataclass(frozen=True)
class Question:
    """
    What a pipeline wants to deploy.

    :param service: :param environment: :param model: short names. :param change: a reference, such as CHG-1042.
    :param commits: what the version brings: commit and the moment it was written; the deployed one first.
    :param planned_minutes: how long it takes at most; then it should have reported.
    :param items: names of the items it touches; booked for itself like those of every change.
    :param notice_was_sent: the people concerned were told, where the communication plan asks for it.
    """

    service: str
    environment: str
    version: str
    commits: Sequence[tuple[str, datetime]]
    planned_minutes: int
    model: str = ""
    change: str = ""
    items: Sequence[str] = ()
    run_url: str = ""
    notice_was_sent: bool = False


@dataclass
class _Found:
    """What the names in a question stand for; None where they stand for nothing."""

    service: Service | None
    environment: Environment | None
    model: ChangeModel | None = None
    change: Change | None = None


@transaction.atomic
def ask(*, question: Question, by: Any, at: datetime, is_sample: bool = False) -> Deployment:
    """
    Decide whether this may be deployed now, and write down what was asked and answered.

    A yes where a change is needed comes with the change under way: one made from the model, scheduled and begun by the
    operations that people use, or the named one, begun. A no says every reason and leaves nothing but itself.

    :returns: the deployment, running or refused.
    :raises NotAllowed: the person may not let pipelines deploy, or may not write changes.
    :raises Refused: the question contradicts itself.
    """
    require(by, "deployment.ask", Deployment(organization_id=by.organization_id))
    _require_sense(question)
    found = _find(question, by)
    # What is answered to the pipeline is kept with the deployment.
    with plainly():
        reasons = _in_the_way(question, found, by)
    change, needs_change = None, found.environment is not None and found.environment.needs_change
    if not reasons and needs_change:
        try:
            with transaction.atomic(), plainly():
                change = _change_under_way(question, found, by=by, at=at, is_sample=is_sample)
        except NotAllowed:
            raise
        except Refused as refused:
            reasons = list(refused.refusals)
    deployment = Deployment.objects.create(
        service=found.service,
        environment=found.environment,
        asked_service=question.service,
        asked_environment=question.environment,
        asked_change=question.change or question.model,
        is_production=found.environment is not None and found.environment.is_production,
        version=question.version,
        run_url=question.run_url,
        planned_minutes=question.planned_minutes,
        requester_id=by.pk,
        organization_id=by.organization_id,
        team=_team(found),
        asked_at=at,
        state=State.REFUSED if reasons else State.RUNNING,
        reasons=[{"code": each.code, "message": str(each.message)} for each in reasons],
        model=found.model,
        change=change or (found.change if reasons else None),
        made_change=change is not None and found.change is None,
        due_at=None if reasons else at + timedelta(minutes=question.planned_minutes),
        is_sample=is_sample,
    )
    Commit.objects.bulk_create(
        Commit(deployment=deployment, sha=sha, committed_at=moment) for sha, moment in question.commits
    )
    log.record(
        "deployment.refused" if reasons else "deployment.allowed",
        subject_kind="deployment",
        subject_id=deployment.pk,
        subject_label=str(deployment),
        organization_id=deployment.organization_id,
        by=by,
        at=at,
        reason=" ".join(str(each.message) for each in reasons),
        data={"version": question.version, "change": change.reference if change else None},
    )
    return deployment


def _require_sense(question: Question) -> None:
    refusals = []
    if question.model and question.change:
        refusals.append(Refusal("both", _("Name a model or a change, not both."), "change"))
    if not 1 <= question.planned_minutes <= LONGEST_MINUTES:
        refusals.append(Refusal("range", _("A deployment takes 1 minute to 7 days."), "planned_minutes"))
    if len({sha for sha, _moment in question.commits}) < len(question.commits):
        refusals.append(Refusal("twice", _("A commit is named twice. Name each once."), "commits"))
    if refusals:
        raise Refused.all_of(refusals)


def _find(question: Question, by: Any) -> _Found:
    """Look the names up among what the person may see. The environment stays locked: one question after the other."""
    lent = lend(by, *CHANGE_SCOPES)
    environment = Environment.objects.select_for_update().filter(slug=question.environment, is_active=True).first()
    found = _Found(
        service=services_visible_to(lent).select_related("support_team").filter(slug=question.service).first(),
        environment=environment,
    )
    if environment is None or not environment.needs_change:
        return found
    if question.model:
        found.model = ChangeModel.objects.filter(slug=question.model).first()
    elif question.change:
        rows = Record.objects.visible_to(lent).filter(kind="change")
        record = rows.filter(pk=parse_reference(question.change) or 0).first()
        found.change = None if record is None else record.specific
    return found


def _team(found: _Found) -> Any:
    """Who answers for it: the team of its change or model, else that of the service."""
    for each in (found.change, found.model):
        if each is not None and each.team_id is not None:
            return each.team
    return None if found.service is None else found.service.support_team


def _in_the_way(question: Question, found: _Found, by: Any) -> list[Refusal]:
    """What the names and earlier deployments say against it."""
    reasons = []
    if found.service is None:
        reasons.append(
            Refusal(
                "service_unknown",
                _("There is no service “%(name)s”. Give its short name, as the list of services shows it.")
                % {"name": question.service},
                "service",
            )
        )
    if found.environment is None:
        known = ", ".join(Environment.objects.filter(is_active=True).values_list("slug", flat=True))
        reasons.append(
            Refusal(
                "environment_unknown",
                _("There is no environment “%(name)s”. Known: %(known)s.")
                % {"name": question.environment, "known": known or "–"},
                "environment",
            )
        )
    elif found.environment.needs_change:
        reasons += _no_authority(question, found)
    if found.service is not None and found.environment is not None:
        earlier = Deployment.objects.of(found.service, found.environment).filter(state=State.RUNNING).first()
        if earlier is not None:
            reasons.append(Refusal("running", _still_running(earlier, by)))
    return reasons


def _no_authority(question: Question, found: _Found) -> list[Refusal]:
    if not question.model and not question.change:
        return [
            Refusal(
                "no_change",
                _("%(environment)s needs a change. Name an approved model, or a change that is scheduled.")
                % {"environment": found.environment},
                "model",
            )
        ]
    if question.model and found.model is None:
        return [
            Refusal(
                "model_unknown",
                _("There is no model “%(name)s”. Give its short name, as its address shows it.")
                % {"name": question.model},
                "model",
            )
        ]
    if question.change and found.change is None:
        return [
            Refusal(
                "change_unknown",
                _("There is no change “%(name)s” that you may see. Give its reference.") % {"name": question.change},
                "change",
            )
        ]
    return []


def _still_running(earlier: Deployment, by: Any) -> str:
    if not can(lend(by, *CHANGE_SCOPES), "deployment.view", earlier):
        return _("Another deployment of this service is still running. Ask again once it has ended.")
    said = {"reference": earlier.reference, "version": earlier.version}
    if earlier.is_late:
        return (
            _("Deployment %(reference)s of %(version)s has not reported in time. Say on its page how it went.") % said
        )
    return _("Deployment %(reference)s of %(version)s is still running. Ask again once it has ended.") % said


def _change_under_way(question: Question, found: _Found, *, by: Any, at: datetime, is_sample: bool) -> Change:
    """
    The change it happens under, begun. Call it in a savepoint: refused, it leaves half a change behind.

    :raises Refused: everything in the way.
    """
    lent = lend(by, *CHANGE_SCOPES)
    ends_at = at + timedelta(minutes=question.planned_minutes)
    if found.change is not None:
        return _begin_named(found.change, question, service=found.service, by=lent, at=at, ends_at=ends_at)
    change = changes.create(
        by=lent,
        at=at,
        title=_("Deploy %(service)s %(version)s") % {"service": found.service, "version": question.version},
        description=question.run_url,
        rationale=_("Version %(version)s is ready for %(environment)s.")
        % {"version": question.version, "environment": found.environment},
        model=found.model,
        services=[found.service],
        items=_items(question, lent),
        source=Source.API,
        is_sample=is_sample,
    )
    change = changes.plan_window(change=change, by=lent, at=at, planned_from=at, planned_to=ends_at)
    one_at_a_time(change)
    refusals = [
        refusal
        for refusal in (ChangeFacts(change, at).model_refusal, *_conflicts(change, at, ends_at, viewer=lent))
        if refusal is not None
    ]
    if refusals:
        raise Refused.all_of(refusals)
    change = changes.submit(change=change, by=lent, at=at)
    return changes.begin(change=change, by=lent, at=at, notice_was_sent=question.notice_was_sent)


def _items(question: Question, by: Any) -> list[Any]:
    rows = items_visible_to(by).filter(is_active=True, name__in=question.items).order_by("name", "pk")
    by_name: dict[str, Any] = {}
    for item in rows:
        by_name.setdefault(item.name, item)
    missing = [name for name in question.items if name not in by_name]
    if missing:
        raise Refused.because(
            "item_unknown",
            _("There is no item “%(name)s” that you may see. Correct it or leave it out.") % {"name": missing[0]},
            "items",
        )
    return list(by_name.values())


def _conflicts(change: Change, start: datetime, end: datetime, *, viewer: Any) -> list[Refusal]:
    """One reason for each freeze and each overlap, where a person would accept or move them one by one."""
    return [
        Refusal(
            "freeze" if each.is_freeze else "conflict",
            each.sentence
            if not each.is_freeze
            else _("%(sentence)s Ask a change manager for a change that is exempted.") % {"sentence": each.sentence},
            "environment",
        )
        for each in conflicts(change, start, end, viewer=viewer)
        if each.is_open
    ]


def _begin_named(
    change: Change, question: Question, *, service: Any, by: Any, at: datetime, ends_at: datetime
) -> Change:
    """Begin the change that was named, or go on under it if it has begun. :raises Refused: what is in the way."""
    change = changing.lock(change)
    refusals = []
    covered = {change.service_id, *change.services.values_list("pk", flat=True)}
    if service.pk not in covered:
        refusals.append(
            Refusal(
                "change_service",
                _("%(reference)s does not touch %(service)s. Name another change.")
                % {"reference": change.reference, "service": service},
                "change",
            )
        )
    if change.state not in (ChangeState.SCHEDULED, ChangeState.IMPLEMENTING):
        refusals.append(
            Refusal(
                "change_not_scheduled",
                _("%(reference)s is %(state)s. Have it authorized and scheduled first.")
                % {"reference": change.reference, "state": change.state_label},
                "change",
            )
        )
        raise Refused.all_of(refusals)
    refusals += _outside(change, at, ends_at)
    if refusals:
        raise Refused.all_of(refusals)
    if change.state == ChangeState.SCHEDULED:
        return changes.begin(change=change, by=by, at=at, notice_was_sent=question.notice_was_sent)
    freeze = ChangeFacts(change, at).freeze_refusal(at, ends_at)
    if freeze is not None:
        raise Refused.all_of([freeze])
    require(by, "change.implement", change)
    return change


def _outside(change: Change, at: datetime, ends_at: datetime) -> list[Refusal]:
    start, end = change.planned_from, change.planned_to
    if start is None or end is None:
        return []
    said = {"reference": change.reference, "start": _moment(start), "end": _moment(end)}
    if not start <= at < end:
        sentence = _(
            "The window of %(reference)s is from %(start)s to %(end)s. Deploy in it, or reschedule the change."
        )
        return [Refusal("outside_window", sentence % said, "change")]
    if ends_at > end:
        sentence = _("The window of %(reference)s ends at %(end)s, before the deployment would. Plan a longer one.")
        return [Refusal("window_too_short", sentence % said, "planned_minutes")]
    return []


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "D j M H:i")
