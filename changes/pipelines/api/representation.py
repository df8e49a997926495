"""Deployments and environments as the API shows them."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named
from records.api.representation import person_of, row_of

from ..enums import State
from ..models import Commit, Deployment, Environment

RELATED = ("service", "environment", "team", "requester", "model", "change", "incident", "reported_by")
PLAIN = (
    "is_production", "version", "run_url", "planned_minutes", "asked_at", "state", "made_change", "change_note",
    "due_at", "overdue_at", "finished_at", "reported_at", "note", "is_unplanned_repair", "failed_at", "recovered_at",
)  # fmt: skip


class ReasonShape(Answer):
    """Something in the way."""

    code = serializers.CharField()
    message = serializers.CharField()


class CommitShape(Answer):
    """A commit that it brings."""

    sha = serializers.CharField()
    committed_at = serializers.DateTimeField()


class DeploymentShape(Answer):
    """A question whether something may be deployed, the answer, and how it went."""

    id = serializers.IntegerField()
    is_allowed = serializers.BooleanField(help_text="Whether it may be, or was, deployed.")
    reasons = ReasonShape(many=True, help_text="Everything in the way; empty when it is allowed.")
    state = serializers.ChoiceField(choices=State.choices)
    change = serializers.CharField(allow_null=True, help_text="Reference of the change it happens under.")
    made_change = serializers.BooleanField(help_text="The change was made for it.")
    change_note = serializers.CharField(allow_blank=True, help_text="Why the change was not finished by the report.")
    service = Named(allow_null=True, help_text="Null: there was none of the name asked for.")
    environment = Named(allow_null=True, help_text="Null: there was none of the name asked for.")
    asked_service = serializers.CharField()
    asked_environment = serializers.CharField()
    is_production = serializers.BooleanField()
    version = serializers.CharField()
    commits = CommitShape(many=True)
    run_url = serializers.CharField(allow_blank=True)
    planned_minutes = serializers.IntegerField()
    model = Named(allow_null=True)
    team = Named(allow_null=True)
    requester = Named(help_text="Whose token asked.")
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="Report by then.")
    overdue_at = serializers.DateTimeField(allow_null=True, help_text="When it was noted that no report had come.")
    finished_at = serializers.DateTimeField(allow_null=True)
    reported_at = serializers.DateTimeField(allow_null=True)
    reported_by = Named(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    is_unplanned_repair = serializers.BooleanField()
    incident = serializers.CharField(allow_null=True, help_text="Reference.")
    failed_at = serializers.DateTimeField(allow_null=True)
    recovered_at = serializers.DateTimeField(allow_null=True)


class EnvironmentShape(Answer):
    """A place that pipelines deploy to."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    is_production = serializers.BooleanField()
    needs_change = serializers.BooleanField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class EnvironmentList(Answer):
    """Every environment, production first."""

    items = EnvironmentShape(many=True)


def deployment(row: Deployment) -> dict[str, Any]:
    """The dictionary of a `DeploymentShape`. :param row: read with `RELATED`, and commits prefetched for lists."""
    return {
        "id": row.pk,
        "is_allowed": not row.is_refused,
        "reasons": row.reasons,
        "change": row.change.reference if row.change else None,
        "service": row_of(row.service),
        "environment": row_of(row.environment),
        "asked_service": row.asked_service,
        "asked_environment": row.asked_environment,
        "commits": [_commit(each) for each in row.commits.all()],
        "model": row_of(row.model),
        "team": row_of(row.team),
        "requester": person_of(row.requester),
        "reported_by": person_of(row.reported_by),
        "incident": row.incident.reference if row.incident else None,
        **{name: getattr(row, name) for name in PLAIN},
    }


def _commit(row: Commit) -> dict[str, Any]:
    return {"sha": row.sha, "committed_at": row.committed_at}


def environment(row: Environment) -> dict[str, Any]:
    names = ("name", "slug", "is_production", "needs_change", "is_active", "version")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}
