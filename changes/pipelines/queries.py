"""Lists of deployments."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from .models import Commit, DeploymentQuerySet


def narrowed(
    rows: DeploymentQuerySet, *, text: str = "", service: Any = None, environment: str = "", state: str = ""
) -> DeploymentQuerySet:
    """
    Those that all filters let through.

    :param text: part of a version, or the start of a commit. :param service: key. :param environment: short name.
    """
    if text:
        commits = Commit.objects.filter(deployment=OuterRef("pk"), sha__startswith=text)
        rows = rows.filter(Q(version__icontains=text) | Exists(commits))
    if service:
        rows = rows.filter(service=service)
    if environment:
        rows = rows.filter(environment__slug=environment)
    if state:
        rows = rows.filter(state=state)
    return rows
