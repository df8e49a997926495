"""Which policy decides, and why this one: the most specific of those that match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from records.enums import Priority

from . import subjects
from .enums import Comparison
from .models import ApprovalPolicy, PolicyCondition
from .purposes import Condition, Purpose


@dataclass(frozen=True)
class Candidate:
    """One policy that was compared. `failed` is the first condition that did not hold, None when all did."""

    policy: ApprovalPolicy
    conditions: int
    failed: PolicyCondition | None = None


@dataclass(frozen=True)
class Selected:
    """
    The policy taken, and every one that was compared, the most specific first.

    :param values: what the conditions were compared with.
    """

    policy: ApprovalPolicy | None
    candidates: tuple[Candidate, ...]
    values: Mapping[str, Any]

    def as_document(self) -> dict[str, Any]:
        """For keeping with the approval."""
        return {
            "values": {name: text_of(value) for name, value in self.values.items()},
            "candidates": [
                {
                    "policy": each.policy.pk,
                    "name": each.policy.name,
                    "conditions": each.conditions,
                    "failed": str(each.failed.fact) if each.failed else None,
                    "is_taken": each.policy == self.policy,
                }
                for each in self.candidates
            ],
        }


COMMON: tuple[Condition, ...] = (
    Condition("service", gettext_lazy("service")),
    Condition("organization", gettext_lazy("organization")),
    Condition("team", gettext_lazy("team")),
    Condition(
        "priority", gettext_lazy("priority (1 is the highest)"), kind="number", choices=lambda: list(Priority.choices)
    ),
)


def conditions_of(purpose: Purpose) -> Sequence[Condition]:
    """What policies of the purpose may ask for: its own values, then those of every record where it is about one."""
    return (*purpose.conditions, *(() if subjects.is_declared(purpose.kind) else COMMON))


def values_of(purpose: Purpose, subject: Any) -> dict[str, Any]:
    """What conditions are compared with. Services, organizations and teams are named by their short name."""
    own = purpose.values(subject)
    if subjects.is_declared(purpose.kind):
        return dict(own)
    return {
        "service": subject.service.slug if subject.service else "",
        "organization": subject.organization.slug,
        "team": subject.team.slug if subject.team else "",
        "priority": subject.priority,
        **own,
    }


def choose(purpose: Purpose, subject: Any) -> Selected:
    """
    Compare every policy of the purpose with its subject. Two queries beside the subject's own.

    The one with the most conditions wins; of equals the smaller order, then the name.
    """
    values = values_of(purpose, subject)
    policies = ApprovalPolicy.objects.filter(purpose=purpose.name, is_active=True).prefetch_related("conditions")
    compared = []
    for policy in policies:
        conditions = list(policy.conditions.all())
        failed = next((each for each in conditions if not holds(each, values)), None)
        compared.append(Candidate(policy=policy, conditions=len(conditions), failed=failed))
    compared.sort(key=lambda each: (-each.conditions, each.policy.position, each.policy.name))
    taken = next((each.policy for each in compared if each.failed is None), None)
    return Selected(policy=taken, candidates=tuple(compared), values=values)


def text_of(value: Any) -> str:
    """A value as conditions compare it: a member of a choice by its code."""
    return str(getattr(value, "value", value))


def holds(condition: Any, values: Mapping[str, Any]) -> bool:
    """Whether one condition is met. A value that the subject does not have meets none but `is_not`."""
    value = values.get(condition.fact)
    if condition.comparison in (Comparison.AT_LEAST, Comparison.AT_MOST):
        number, limit = number_of(value), number_of(condition.values[0] if condition.values else None)
        if number is None or limit is None:
            return False
        return number >= limit if condition.comparison == Comparison.AT_LEAST else number <= limit
    is_in = value is not None and text_of(value) in condition.values
    return is_in if condition.comparison == Comparison.IS else not is_in


def number_of(value: Any) -> Decimal | None:
    """A number, None for what is none."""
    try:
        number = Decimal(text_of(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def sentence(candidate: Candidate, known: Mapping[str, Condition]) -> str:
    """Why a policy was or was not taken into the choice, for its page."""
    if candidate.failed is not None:
        return _("does not apply: %(condition)s") % {"condition": describe(candidate.failed, known)}
    if not candidate.conditions:
        return _("applies to everything")
    return ngettext("applies: its condition holds", "applies: all %(count)d conditions hold", candidate.conditions) % {
        "count": candidate.conditions
    }


def describe(condition: Any, known: Mapping[str, Condition]) -> str:
    """A condition in words: “risk is one of high, very high”. :param known: of the purpose, by name."""
    fact = known.get(condition.fact)
    choices = {text_of(value): label for value, label in fact.choices()} if fact and fact.choices else {}
    comparison = Comparison(condition.comparison)
    is_alone = len(condition.values) == 1
    alone = {Comparison.IS: _("is"), Comparison.IS_NOT: _("is not")}
    return _("%(value)s %(comparison)s %(wanted)s") % {
        "value": fact.label if fact else condition.fact,
        "comparison": alone.get(comparison, comparison.label) if is_alone else comparison.label,
        "wanted": ", ".join(str(choices.get(value, value)) for value in condition.values),
    }
