"""Improvements, goals, scales and suggestions as the API shows them."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, named
from people.access import access_of
from records.api import detail
from records.api.representation import person_of

from .. import presenting
from ..enums import Aspect, Origin, Size, State, Word
from ..models import Goal, Improvement, Measure, Option, Scale, Verdict
from ..operations.measuring import may_see_figures
from ..queries.scoring import scales
from ..queries.wheel import StepState, Wheel
from ..queries.work import Work

RELATED = (*detail.RELATED, "triaged_by")
PLAIN = (
    "origin", "size", "kpi", "step", "loop", "value", "effort", "risk", "acted_on", "settling_days", "is_shared",
    "reply_text", "triaged_at", "activated_at", "decayed_at",
)  # fmt: skip


class ImprovementDetail(detail.RecordDetail):
    """An improvement."""

    origin = serializers.ChoiceField(required=False, choices=Origin.choices)
    size = serializers.ChoiceField(required=False, choices=Size.choices)
    goal = Named(required=False, allow_null=True)
    kpi = serializers.CharField(required=False, allow_blank=True, help_text="Whose figures gave the idea.")
    step = serializers.IntegerField(required=False, help_text="Where the pointer stands, 1 to 7.")
    loop = serializers.IntegerField(required=False)
    value = serializers.IntegerField(required=False, allow_null=True)
    effort = serializers.IntegerField(required=False, allow_null=True)
    risk = serializers.IntegerField(required=False, allow_null=True)
    score = serializers.IntegerField(required=False, allow_null=True, help_text="0 to 100, by the weights of now.")
    acted_on = serializers.DateField(required=False, allow_null=True, help_text="In effect from this day on.")
    settling_days = serializers.IntegerField(required=False)
    is_shared = serializers.BooleanField(required=False)
    reply_text = serializers.CharField(required=False, allow_blank=True)
    triaged_at = serializers.DateTimeField(required=False, allow_null=True)
    triaged_by = Named(required=False, allow_null=True)
    activated_at = serializers.DateTimeField(required=False, allow_null=True)
    decayed_at = serializers.DateTimeField(required=False, allow_null=True)
    votes = serializers.IntegerField(required=False)


class ImprovementStep(Answer):
    """One of the seven steps."""

    step = serializers.IntegerField()
    question = serializers.CharField()
    letter = serializers.CharField(help_text="Plan, do, check or act: P, D, C, A.")
    is_current = serializers.BooleanField()
    is_complete = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())
    skip_reason = serializers.CharField(allow_blank=True)
    may_be_skipped = serializers.BooleanField()
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True))


class StrideShape(Answer):
    """One move of the pointer."""

    loop = serializers.IntegerField()
    step_from = serializers.IntegerField()
    step_to = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)
    by = Named(allow_null=True)
    at = serializers.DateTimeField()


class WheelShape(Answer):
    """The seven steps, and the way of the pointer."""

    loop = serializers.IntegerField()
    steps = ImprovementStep(many=True)
    path = StrideShape(many=True)


class WayShape(Answer):
    """One way to get there."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    value = serializers.IntegerField()
    effort = serializers.IntegerField()
    risk = serializers.IntegerField()
    score = serializers.IntegerField(allow_null=True)
    is_chosen = serializers.BooleanField()


class WayList(Answer):
    """All ways that are weighed in this loop."""

    items = WayShape(many=True)


class VerdictShape(Answer):
    """What one comparison said."""

    id = serializers.IntegerField()
    months = serializers.IntegerField(help_text="After the action: 0 for the first look, then 3, 6 and 12.")
    word = serializers.ChoiceField(choices=Word.choices)
    sentence = serializers.CharField(help_text="Why.")
    after_from = serializers.DateField()
    after_to = serializers.DateField(help_text="Not included.")
    numbers = serializers.DictField()
    signals = serializers.ListField(child=serializers.CharField(), help_text="Of the control chart, in words.")
    rivals = serializers.ListField(
        child=serializers.CharField(), help_text="What else may have done it, as far as the caller may know of it."
    )
    fingerprint = serializers.CharField(allow_blank=True, help_text="Of the rows counted.")
    by = Named(allow_null=True)
    at = serializers.DateTimeField()


class MeasureShape(Answer):
    """What an improvement is measured by. Figures of other organizations are left out."""

    id = serializers.IntegerField()
    kpi = serializers.CharField(allow_blank=True, help_text="Empty for an observation.")
    name = serializers.CharField()
    baseline_from = serializers.DateField(allow_null=True)
    baseline_to = serializers.DateField(allow_null=True, help_text="Not included.")
    baseline_value = serializers.FloatField(allow_null=True)
    baseline_rows = serializers.IntegerField(allow_null=True)
    fingerprint = serializers.CharField(allow_blank=True)
    target = serializers.FloatField(allow_null=True)
    target_text = serializers.CharField(allow_blank=True)
    target_date = serializers.DateField(allow_null=True)
    needed = serializers.DictField(help_text="The minimum sample: how much, and days at the pace of the baseline.")
    minimum = serializers.CharField(allow_blank=True, help_text="The same in words.")
    verdicts = VerdictShape(many=True)


class MeasureList(Answer):
    """What it is measured by in this loop."""

    items = MeasureShape(many=True)


class WorkShape(Answer):
    """A record that is done for the improvement."""

    reference = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    has_ended = serializers.BooleanField()
    link = serializers.CharField()


class WorkList(Answer):
    """What is done for it, as far as the caller may see it."""

    items = WorkShape(many=True)
    hidden = serializers.IntegerField(help_text="How many more the caller may not see.")


class ImprovementSuggestionShape(Answer):
    """A suggestion as everybody of its organization may read it."""

    reference = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=State.choices)
    reply_text = serializers.CharField(allow_blank=True)
    votes = serializers.IntegerField()
    is_mine = serializers.BooleanField(help_text="Whether the caller suggested it.")
    has_my_vote = serializers.BooleanField()


class ImprovementSuggestionList(Answer):
    """One's own suggestions, and those of one's organization that are shown; the newest 200."""

    items = ImprovementSuggestionShape(many=True)


class GoalShape(Answer):
    """A goal."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    organization = Named(allow_null=True)
    owner = Named(allow_null=True)
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class GoalList(Answer):
    """All goals that the caller may see."""

    items = GoalShape(many=True)


class ScaleShape(Answer):
    """One scale of the score."""

    id = serializers.IntegerField()
    aspect = serializers.ChoiceField(choices=Aspect.choices)
    weight = serializers.IntegerField()
    texts = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()


class ScaleList(Answer):
    """The three scales."""

    items = ScaleShape(many=True)


def improvement(record: Improvement, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of an `ImprovementDetail`. :param record: read with `RELATED`, so that no name costs a query."""
    found = detail.detail(record, by=by, at=at, comments=comments)
    if not access_of(by).allows_on("record.read_notes", record):
        return found
    return found | {
        **{name: getattr(record, name) for name in PLAIN},
        "goal": named(record.goal_id, record.goal.title) if record.goal is not None else None,
        "score": scales().score(record.value, record.effort, record.risk),
        "triaged_by": person_of(record.triaged_by),
        "votes": record.votes.count(),
    }


def step(state: StepState) -> dict[str, Any]:
    return {
        "step": state.number,
        "question": str(state.label),
        "letter": state.letter.value,
        "is_current": state.is_current,
        "is_complete": state.is_complete,
        "missing": state.missing,
        "skip_reason": state.skip_reason,
        "may_be_skipped": state.may_be_skipped,
        "answers": {question.name: text for question, text in state.answers},
    }


def wheel(found: Wheel) -> dict[str, Any]:
    plain = ("loop", "step_from", "step_to", "reason", "at")
    return {
        "loop": found.improvement.loop,
        "steps": [step(each) for each in found.steps],
        "path": [{**{name: getattr(each, name) for name in plain}, "by": person_of(each.by)} for each in found.strides],
    }


def way(row: Option) -> dict[str, Any]:
    plain = ("text", "value", "effort", "risk", "is_chosen")
    score = scales().score(row.value, row.effort, row.risk)
    return {"id": row.pk, **{name: getattr(row, name) for name in plain}, "score": score}


def verdict(row: Verdict, *, by: Any) -> dict[str, Any]:
    """:param row: with its measure and the improvement of that."""
    plain = ("months", "word", "after_from", "after_to", "numbers", "fingerprint", "at")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "sentence": presenting.sentence(row.measure, row),
        "signals": presenting.signals(row.measure, row),
        "rivals": presenting.rivals(row.measure, row, by, row.measure.improvement),
        "by": person_of(row.by),
    }


def measure(row: Measure, *, by: Any) -> dict[str, Any]:
    """Figures that count records of organizations outside the caller's roles are left out."""
    is_seen = may_see_figures(by, row)
    found = {name: getattr(row, name) for name in ("kpi", "baseline_from", "baseline_to", "target_date")}
    return found | {
        "id": row.pk,
        "name": str(row.name),
        "baseline_value": row.baseline.get("value") if is_seen else None,
        "baseline_rows": row.baseline.get("count") if is_seen else None,
        "fingerprint": row.fingerprint if is_seen else "",
        "target": row.target if is_seen else None,
        "target_text": row.aim if is_seen and row.has_target else "",
        "needed": row.needed if is_seen else {},
        "minimum": presenting.minimum(row) if is_seen else "",
        "verdicts": [verdict(each, by=by) for each in row.verdicts.all()] if is_seen else [],
    }


def work(found: Work) -> dict[str, Any]:
    record = found.record
    return {
        "reference": record.reference, "kind": record.kind, "title": record.title, "state": record.state,
        "has_ended": found.has_ended, "link": found.kind,
    }  # fmt: skip


def suggestion(row: Any, *, by: Any) -> dict[str, Any]:
    """:param row: of `queries.register.told_in_portal`."""
    plain = ("reference", "title", "description", "state", "reply_text")
    return {
        **{name: getattr(row, name) for name in plain},
        "votes": row.vote_count,
        "is_mine": row.requester_id == by.pk,
        "has_my_vote": row.is_mine,
    }


def goal(row: Goal) -> dict[str, Any]:
    plain = ("title", "description", "is_active", "version")
    home = row.organization
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "organization": named(home.pk, home.name) if home is not None else None,
        "owner": person_of(row.owner),
    }


def scale(row: Scale) -> dict[str, Any]:
    plain = ("aspect", "weight", "texts", "version")
    return {"id": row.pk, **{name: getattr(row, name) for name in plain}}
