from .checklist import ChecklistItem, ReadinessItem
from .release import AcceptanceCriterion, Deployment, Release, ReleaseQuerySet

__all__ = [
    "AcceptanceCriterion",
    "ChecklistItem",
    "Deployment",
    "ReadinessItem",
    "Release",
    "ReleaseQuerySet",
]
