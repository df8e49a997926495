"""Goals and scales: what improvements trace to and are scored by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import NotAllowed, Refusal, Refused, Stale
from common.texts import one_line
from people.access import EVERYWHERE, access_of, require
from people.enums import Role
from records import changing

from ..models import Goal, Scale

LONGEST_TITLE = 200


@transaction.atomic
def create_goal(
    *, by: Any, at: datetime, title: str, description: str = "", organization: Any = None, owner: Any = None,
    is_sample: bool = False,
) -> Goal:  # fmt: skip
    """
    Write down a goal.

    :param organization: whose goal it is; None for all, which takes the right for all of them.
    :raises NotAllowed: :raises Refused: no title.
    """
    goal = Goal(is_sample=is_sample)
    _require_on(by, organization)
    _fill(goal, title=title, description=description, organization=organization, owner=owner)
    goal.save()
    _log(goal, "created", by=by, at=at, changes={"title": (None, goal.title)})
    return goal


@transaction.atomic
def change_goal(
    *, goal: Goal, by: Any, at: datetime, title: str, description: str = "", organization: Any = None,
    owner: Any = None, is_active: bool = True, version: int | None = None,
) -> Goal:  # fmt: skip
    """
    Change a goal; one that is pursued no more keeps its improvements.

    :raises NotAllowed: :raises Stale: :raises Refused: no title.
    """
    locked = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    _require_on(by, locked.organization)
    _require_on(by, organization)
    _require_version(locked, version)
    before = changing.snapshot(locked)
    _fill(locked, title=title, description=description, organization=organization, owner=owner)
    locked.is_active = is_active
    changes = changing.differences(locked, before)
    if changes:
        locked.version += 1
        locked.save()
        _log(locked, "changed", by=by, at=at, changes=changes)
    return locked


@transaction.atomic
def change_scale(
    *, scale: Scale, by: Any, at: datetime, weight: int, texts: Sequence[str], version: int | None = None
) -> Scale:
    """
    Say in words what the five levels of a scale mean, and how much it counts, 0 to 100. Scores follow at once.

    :raises NotAllowed: not for all organizations. :raises Stale: :raises Refused: a text is missing, or no such weight.
    """
    _require_everywhere(by, "improvement.set_scales")
    locked = Scale.objects.select_for_update(of=("self",)).get(pk=scale.pk)
    _require_version(locked, version)
    tidy = [one_line(text)[:120] for text in texts]
    refusals = []
    if len(tidy) != 5 or not all(tidy):
        refusals.append(Refusal("texts", _("Say in words what each of the five levels means."), "texts"))
    if isinstance(weight, bool) or not 0 <= weight <= 100:
        refusals.append(Refusal("weight", _("Weights go from 0 to 100."), "weight"))
    elif weight == 0 and not Scale.objects.exclude(pk=locked.pk).filter(weight__gt=0).exists():
        refusals.append(Refusal("weight", _("One scale has to count. Give it a weight."), "weight"))
    if refusals:
        raise Refused.all_of(refusals)
    before = changing.snapshot(locked)
    locked.weight, locked.texts = weight, tidy
    changes = changing.differences(locked, before)
    if changes:
        locked.version += 1
        locked.save()
        log.record(
            "improvement_scale.changed", subject_kind="improvement_scale", subject_id=locked.pk,
            subject_label=str(locked), by=by, at=at, changes=changes,
        )  # fmt: skip
    return locked


def _fill(goal: Goal, *, title: str, description: str, organization: Any, owner: Any) -> None:
    title = one_line(title)[: LONGEST_TITLE + 1]
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Refused.because("title", _("Say the goal in 1 to 200 characters."), "title")
    goal.title, goal.description = title, description.replace("\x00", "").strip()
    goal.organization, goal.owner = organization, owner


def _require_on(by: Any, organization: Any) -> None:
    """The right for the organization, or for all of them when the goal is for all."""
    if by is None:
        return
    if organization is None:
        _require_everywhere(by, "improvement.set_goals")
    else:
        require(by, "improvement.set_goals", _Of(organization.pk))


class _Of:
    """Something of an organization, for asking the right."""

    def __init__(self, organization_id: int) -> None:
        self.organization_id = organization_id


def _require_everywhere(by: Any, operation: str) -> None:
    if by is None:
        return
    require(by, operation)
    if access_of(by).reach.get(Role.SERVICE_MANAGER, ()) is not EVERYWHERE:
        raise NotAllowed.because("not_allowed", _("This is for all organizations. Your role covers some of them only."))


def _require_version(row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Stale.because(
            "stale", _("“%(name)s” was changed by somebody else since you read it. Compare, then save again.")
            % {"name": row},
        )  # fmt: skip


def _log(goal: Goal, act: str, *, by: Any, at: datetime, changes: Any) -> None:
    log.record(
        f"goal.{act}", subject_kind="goal", subject_id=goal.pk, subject_label=goal.title,
        organization_id=goal.organization_id, by=by, at=at, changes=changes,
    )  # fmt: skip
