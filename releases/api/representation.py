"""One release as the API shows it."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, named
from people.access import access_of
from records.api import detail
from records.api.representation import person_of
from records.enums import Priority

from ..enums import Environment, Result, Type, Verdict
from ..models import AcceptanceCriterion, ChecklistItem, Deployment, ReadinessItem, Release
from ..permissions import SIGNER_CHOICES
from ..queries.contents import Content
from ..queries.early_life import ExitCriterion

RELATED = (*detail.RELATED, "reviewed_by")
PLAIN = (
    "version_name", "build_reference", "release_notes", "known_errors", "deployment_plan", "back_out_plan",
    "communication_plan", "early_life_days", "quiet_days", "quiet_priority", "most_incidents", "waiver_reason",
    "review_text",
)  # fmt: skip
MOMENTS = (
    "planned_from", "planned_to", "promised_to", "tested_from", "ready_at", "deploy_began_at", "deployed_at",
    "rolled_back_at", "early_life_ends_at",
)  # fmt: skip


class ReleaseDetail(detail.RecordDetail):
    """A release. What only the provider's people may see is left out for others."""

    type = serializers.ChoiceField(choices=Type.choices)
    services = Named(many=True, required=False)
    version_name = serializers.CharField(required=False, allow_blank=True, help_text="The version that is released.")
    build_reference = serializers.CharField(required=False, allow_blank=True)
    release_notes = serializers.CharField(required=False, allow_blank=True)
    known_errors = serializers.CharField(required=False, allow_blank=True)
    deployment_plan = serializers.CharField(required=False, allow_blank=True)
    back_out_plan = serializers.CharField(required=False, allow_blank=True)
    communication_plan = serializers.CharField(required=False, allow_blank=True)
    early_life_days = serializers.IntegerField(required=False)
    quiet_days = serializers.IntegerField(required=False)
    quiet_priority = serializers.ChoiceField(required=False, choices=Priority.values)
    most_incidents = serializers.IntegerField(required=False, allow_null=True)
    waiver_reason = serializers.CharField(required=False, allow_blank=True)
    review_text = serializers.CharField(required=False, allow_blank=True)
    reviewed_by = Named(required=False, allow_null=True)
    planned_from = serializers.DateTimeField(required=False, allow_null=True)
    planned_to = serializers.DateTimeField(required=False, allow_null=True)
    promised_to = serializers.DateTimeField(
        required=False, allow_null=True, help_text="End of the window that was planned when building began."
    )
    tested_from = serializers.DateTimeField(required=False, allow_null=True)
    ready_at = serializers.DateTimeField(required=False, allow_null=True)
    deploy_began_at = serializers.DateTimeField(required=False, allow_null=True)
    deployed_at = serializers.DateTimeField(required=False, allow_null=True)
    rolled_back_at = serializers.DateTimeField(required=False, allow_null=True)
    early_life_ends_at = serializers.DateTimeField(required=False, allow_null=True)


class ContentShape(Answer):
    """Something that goes live with the release."""

    id = serializers.IntegerField(help_text="Of the link; names it when it is taken out.")
    reference = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    is_authorized = serializers.BooleanField()
    has_ended = serializers.BooleanField()
    linked_at = serializers.DateTimeField()


class ContentList(Answer):
    """What goes live with a release, as far as the caller may see it."""

    items = ContentShape(many=True)
    hidden = serializers.IntegerField(help_text="How many more the caller may not see.")


class CriterionShape(Answer):
    """One thing that the release must fulfill."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.values)
    note = serializers.CharField(allow_blank=True)
    by = Named(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    failures = serializers.IntegerField(help_text="How often it was found not met.")


class CriterionList(Answer):
    """All acceptance criteria, in order."""

    items = CriterionShape(many=True)


class ReadinessShape(Answer):
    """One line of the readiness checklist of a release."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    role = serializers.ChoiceField(choices=SIGNER_CHOICES, help_text="Who may sign it.")
    is_required = serializers.BooleanField()
    signed_by = Named(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class ReadinessList(Answer):
    """The whole checklist, in order."""

    items = ReadinessShape(many=True)


class ReleaseDeploymentShape(Answer):
    """One wave."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    name = serializers.CharField()
    environment = serializers.ChoiceField(choices=Environment.values)
    planned_at = serializers.DateTimeField(allow_null=True)
    result = serializers.ChoiceField(choices=Result.values)
    began_at = serializers.DateTimeField(allow_null=True)
    began_by = Named(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = Named(allow_null=True)
    verification = serializers.CharField(allow_blank=True)
    repeats = serializers.IntegerField(allow_null=True, help_text="Id of the deployment that it repeats.")


class ReleaseDeploymentList(Answer):
    """All deployments, in order."""

    items = ReleaseDeploymentShape(many=True)


class ExitCriterionShape(Answer):
    """One thing that ends early life."""

    name = serializers.CharField(help_text="window, quiet or count.")
    wanted = serializers.CharField()
    sentence = serializers.CharField()
    is_met = serializers.BooleanField()


class EarlyLifeShape(Answer):
    """How the early life of a release stands."""

    ends_at = serializers.DateTimeField(allow_null=True)
    criteria = ExitCriterionShape(many=True)
    caused = serializers.ListField(child=serializers.CharField(), help_text="References that the caller may see.")
    caused_count = serializers.IntegerField()
    candidates = serializers.ListField(
        child=serializers.CharField(), help_text="Incidents of its services since the deployment that nobody linked."
    )


class ChecklistLineShape(Answer):
    """One line of the template."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    text = serializers.CharField()
    role = serializers.ChoiceField(choices=SIGNER_CHOICES)
    types = serializers.ListField(child=serializers.CharField(), help_text="All types when empty.")
    is_required = serializers.BooleanField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class ChecklistLineList(Answer):
    """The template, those that are asked first."""

    items = ChecklistLineShape(many=True)


def release(record: Release, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of a `ReleaseDetail`. :param record: read with `RELATED`, so that no name costs a query."""
    found = detail.detail(record, by=by, at=at, comments=comments) | {"type": record.type}
    if not access_of(by).allows_on("record.read_notes", record):
        return found
    return found | {
        "services": [named(*each) for each in record.services.order_by("name").values_list("pk", "name")],
        **{name: getattr(record, name) for name in (*PLAIN, *MOMENTS)},
        "reviewed_by": person_of(record.reviewed_by),
    }


def content(found: Content) -> dict[str, Any]:
    return {
        "id": found.link,
        "reference": found.reference,
        "title": found.title,
        "state": found.record.state,
        "is_authorized": found.is_authorized,
        "has_ended": found.has_ended,
        "linked_at": found.linked_at,
    }


def criterion(row: AcceptanceCriterion) -> dict[str, Any]:
    plain = ("text", "verdict", "note", "at", "failures")
    return {"id": row.pk, **{name: getattr(row, name) for name in plain}, "by": person_of(row.by)}


def readiness(row: ReadinessItem) -> dict[str, Any]:
    plain = ("text", "role", "is_required", "signed_at", "note")
    return {"id": row.pk, **{name: getattr(row, name) for name in plain}, "signed_by": person_of(row.signed_by)}


def deployment(row: Deployment) -> dict[str, Any]:
    plain = ("position", "name", "environment", "planned_at", "result", "began_at", "ended_at", "verification")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "began_by": person_of(row.began_by),
        "ended_by": person_of(row.ended_by),
        "repeats": row.repeats_id,
    }


def exit_criterion(found: ExitCriterion) -> dict[str, Any]:
    return {
        "name": found.name, "wanted": found.wanted, "sentence": found.sentence, "is_met": found.is_met,
    }  # fmt: skip


def line(row: ChecklistItem) -> dict[str, Any]:
    plain = ("key", "text", "role", "types", "is_required", "is_active", "version")
    return {"id": row.pk, **{name: getattr(row, name) for name in plain}}
