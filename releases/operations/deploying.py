"""Bringing a release live in waves, verifying each, and taking it back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from records import transitions
from records.models import Record
from records.operations.saying import locked_for, say

from ..enums import Environment, Result, State
from ..models import Deployment, Release
from ..queries.contents import keys_of
from .contents import refuse_unless

OPEN_TO_PLAN = frozenset({State.PLANNING, State.BUILDING, State.TESTING, State.READY, State.DEPLOYING})
OPEN_TO_TRY = frozenset({State.BUILDING, State.TESTING, State.READY, State.DEPLOYING})
ENDED = (Result.SUCCESSFUL, Result.FAILED, Result.BACKED_OUT)
MOST_DEPLOYMENTS = 200


@transaction.atomic
def deploy(*, release: Release, by: Any, at: datetime, reason: str = "", version: int | None = None) -> Release:
    """
    Begin to deploy, inside the window or with a reason.

    What is in it is held meanwhile, so that no change falls out of its authorization between the look and the act.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: what is not authorized, not signed, or not decided.
    """
    # In the order of their numbers, as linking locks them too: what is in it can't alter once all are held.
    keys = [release.pk, *keys_of(release)]
    held = {row.pk for row in Record.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if not set(keys_of(release)) <= held:
        raise Refused.because("contents", _("Something was added this moment. Look at what is in it, then try again."))
    began: Release = transitions.apply(record=release, name="deploy", by=by, at=at, reason=reason, version=version)
    return began


@transaction.atomic
def enter_early_life(*, release: Release, by: Any, at: datetime, version: int | None = None) -> Release:
    """
    Say that it is live; its early life begins, and incidents count against it.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: a wave is open, or nothing was verified in production.
    """
    live: Release = transitions.apply(record=release, name="enter_early_life", by=by, at=at, version=version)
    return live


@transaction.atomic
def roll_back(*, release: Release, by: Any, at: datetime, reason: str, version: int | None = None) -> Release:
    """
    Take it back. Waves under way end as backed out for this reason; planned ones go.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: no reason, or nothing shows what went wrong.
    """
    back: Release = transitions.apply(record=release, name="roll_back", by=by, at=at, reason=reason, version=version)
    Deployment.objects.filter(release=back, result=Result.PLANNED).delete()
    Deployment.objects.filter(release=back, result=Result.RUNNING).update(
        result=Result.BACKED_OUT, ended_at=at, ended_by=by, verification=" ".join(reason.split())[:500]
    )
    return back


@transaction.atomic
def add_deployment(
    *,
    release: Release,
    by: Any,
    at: datetime,
    name: str,
    environment: str = Environment.PRODUCTION,
    planned_at: datetime | None = None,
) -> Deployment:
    """Plan one wave. :raises NotAllowed: :raises Refused: no name, an unknown environment, or it is live already."""
    locked = locked_for(release, by=by, operation="release.edit")
    refuse_unless(locked, OPEN_TO_PLAN, _("No more deployments are planned for it."))
    name = one_line(name)
    if not 1 <= len(name) <= 120:
        raise Refused.because("name", _("Say in 1 to 120 characters what is deployed where."), "name")
    if environment not in Environment.values:
        raise Refused.because("environment", _("Choose an environment."), "environment")
    made = _append(locked, name=name, environment=environment, planned_at=planned_at)
    say(locked, "deployment_added", by=by, at=at, title=name)
    return made


@transaction.atomic
def remove_deployment(*, deployment: Deployment, by: Any, at: datetime) -> None:
    """Take a planned wave out. :raises NotAllowed: :raises Refused: it has begun."""
    locked = locked_for(deployment.release, by=by, operation="release.edit")
    removed = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    if removed.result != Result.PLANNED:
        raise Refused.because("begun", _("It has begun; it stays in the history."))
    say(locked, "deployment_removed", by=by, at=at, title=removed.name)
    removed.delete()


@transaction.atomic
def start_deployment(*, deployment: Deployment, by: Any, at: datetime) -> Deployment:
    """
    Begin one wave: to production while the release is deploying, elsewhere from building on.

    :raises NotAllowed: :raises Refused: it has begun already, or it is not the time for it.
    """
    locked = locked_for(deployment.release, by=by, operation="release.deploy")
    begun = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    if begun.is_live:
        refuse_unless(locked, frozenset({State.DEPLOYING}), _("Begin to deploy it first; production comes after that."))
    else:
        refuse_unless(locked, OPEN_TO_TRY, _("Nothing is deployed for it now."))
    if begun.result != Result.PLANNED:
        raise Refused.because("begun", _("It has begun already."))
    begun.result, begun.began_at, begun.began_by = Result.RUNNING, at, by
    begun.save(update_fields=["result", "began_at", "began_by"])
    say(locked, "deployment_started", by=by, at=at, title=begun.name)
    return begun


@transaction.atomic
def end_deployment(*, deployment: Deployment, by: Any, at: datetime, result: str, verification: str) -> Deployment:
    """
    Say how a wave ended, and how that was verified.

    :param result: successful, failed or backed_out.
    :raises NotAllowed: :raises Refused: it is not under way, another result, or nothing verified it.
    """
    locked = locked_for(deployment.release, by=by, operation="release.deploy")
    ended = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    if ended.result != Result.RUNNING:
        raise Refused.because("not_running", _("It is not under way."))
    if result not in ENDED:
        raise Refused.because("result", _("Say how it ended: successful, failed or backed out."), "result")
    verification = one_line(verification)[:500]
    if not verification:
        raise Refused.because("required", _("Say how it was verified, or what went wrong."), "verification")
    ended.result, ended.verification, ended.ended_at, ended.ended_by = Result(result), verification, at, by
    ended.save(update_fields=["result", "verification", "ended_at", "ended_by"])
    say(locked, f"deployment_{result}", by=by, at=at, title=ended.name, reason=verification)
    return ended


@transaction.atomic
def repeat(*, deployment: Deployment, by: Any, at: datetime, planned_at: datetime | None = None) -> Deployment:
    """
    Plan a wave once more that did not succeed. What was lost by it counts as lost until the repetition has ended.

    :raises NotAllowed: :raises Refused: it succeeded, was repeated already, or the release takes no more.
    """
    locked = locked_for(deployment.release, by=by, operation="release.edit")
    refuse_unless(locked, OPEN_TO_PLAN, _("No more deployments are planned for it."))
    lost = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    if lost.result not in (Result.FAILED, Result.BACKED_OUT):
        raise Refused.because("not_lost", _("Only what failed or was backed out is repeated."))
    if Deployment.objects.filter(repeats=lost).exists():
        raise Refused.because("repeated", _("It is repeated already."))
    made = _append(locked, name=lost.name, environment=lost.environment, planned_at=planned_at, repeats=lost)
    say(locked, "deployment_repeated", by=by, at=at, title=lost.name)
    return made


def _append(release: Release, **values: Any) -> Deployment:
    latest = Deployment.objects.filter(release=release).aggregate(latest=Max("position"))["latest"] or 0
    if latest >= MOST_DEPLOYMENTS:
        raise Refused.because("many", _("There are 200 deployments already. Plan another release."), "name")
    return Deployment.objects.create(release=release, position=latest + 1, **values)
