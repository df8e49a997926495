"""
How much an incident looks like a problem.

An incident of another service never does. Otherwise the likeness is 0.6 × the likeness of the words (trigrams of the
subject against the problem's subject and the known error's title and symptom, the best of them), 0.25 for the same
configuration item and 0.15 for the same category. From 0.35 on it is noted, from 0.55 on it is taken for sure. An
incident that a person linked as caused by the problem is sure.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from records.enums import LinkKind
from records.models import Link

from ..models import Problem

NOTED, SURE = 0.35, 0.55
WORDS, ITEM, CATEGORY = 0.6, 0.25, 0.15


@dataclass(frozen=True)
class Likeness:
    """:param evidence: what is alike, for people to read: `words` (0 to 1), `item`, `category`, `linked`."""

    score: float
    evidence: dict[str, Any]


def watched_problems_like(incident: Any) -> list[tuple[Problem, Likeness]]:
    """Problems that are watched and that the incident looks like, the most alike first. One statement."""
    link = Link.objects.filter(from_record=incident.pk, to_record=OuterRef("pk"), kind=LinkKind.CAUSED_BY)
    about = Q(service=incident.service_id) | Q(known_error__services=incident.service_id)
    if incident.service_id is None:
        about = Q(pk__in=[])
    title = incident.title
    rows = (
        Problem.objects.watched()
        .filter(fixed_at__lte=incident.opened_at)
        .annotate(
            is_linked=Exists(link),
            words=Greatest(
                TrigramSimilarity("title", title),
                Coalesce(TrigramSimilarity("known_error__title", title), 0.0),
                Coalesce(TrigramWordSimilarity(incident.title, "known_error__symptom"), 0.0),
            ),
        )
        .filter(about | Q(is_linked=True))
        .distinct()
    )
    found = []
    for problem in rows:
        likeness = _likeness(problem, incident)
        if likeness.score >= NOTED:
            found.append((problem, likeness))
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0].pk))


def _likeness(problem: Any, incident: Any) -> Likeness:
    same_item = problem.item_id is not None and problem.item_id == incident.item_id
    same_category = problem.category_id is not None and problem.category_id == incident.category_id
    score = WORDS * problem.words + ITEM * same_item + CATEGORY * same_category
    if problem.is_linked:
        score = 1.0
    evidence = {
        "words": round(float(problem.words), 2),
        "item": same_item,
        "category": same_category,
        "linked": problem.is_linked,
    }
    return Likeness(round(float(score), 3), evidence)
