"""How procedures look over REST, and what callers send."""

from typing import Any

from rest_framework import serializers

from approvals.models import Approval
from common.api.fields import Answer, Flag, Integer, Named, Row, Strict, Text, Texts, named
from people.models import Organization, Team
from records.api.references import person
from records.enums import Priority
from services.models import Service

from ..enums import VersionState
from ..models import Procedure, ProcedureVersion
from ..terms import StepTerms, Terms


class ProcedureStepShape(Answer):
    """A step."""

    key = serializers.CharField(help_text="By this frameworks name it; it stays from version to version.")
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField(help_text="Who does it: a role of the permission matrix.")
    guidance = serializers.CharField(allow_blank=True, help_text="Markdown.")
    is_mandatory = serializers.BooleanField()


class ProcedureVersionShape(Answer):
    """What a version says."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=VersionState.values)
    purpose = serializers.CharField(allow_blank=True)
    instructions = serializers.CharField(allow_blank=True, help_text="Markdown.")
    kinds = serializers.ListField(child=serializers.CharField(), help_text="Empty: done outside of records.")
    services = serializers.ListField(child=serializers.IntegerField())
    teams = serializers.ListField(child=serializers.IntegerField())
    organizations = serializers.ListField(child=serializers.IntegerField())
    priorities = serializers.ListField(child=serializers.IntegerField())
    what_changed = serializers.CharField(allow_blank=True)
    way = serializers.CharField(
        allow_blank=True, help_text="act, second, approval or change; empty until it was handed in."
    )
    raises = serializers.CharField(allow_blank=True, help_text="normal or standard:MODEL where a change is raised.")
    change = serializers.IntegerField(allow_null=True, help_text="Number of the change that it waits for, or came by.")
    approvals = serializers.ListField(
        child=serializers.IntegerField(), help_text="Those that decide or decided about it, the latest first."
    )
    written_by = Named(allow_null=True)
    written_at = serializers.DateTimeField()
    activated_by = Named(allow_null=True)
    in_force_from = serializers.DateTimeField(allow_null=True)
    in_force_to = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField()
    steps = ProcedureStepShape(many=True)


class ProcedureRowShape(Answer):
    """A procedure in a list."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    process = serializers.CharField(help_text="agree, change, recover, operate or improve.")
    step = serializers.CharField()
    owner = Named(allow_null=True)


class ProcedureShape(ProcedureRowShape):
    """A procedure with what is in force and what is being written."""

    in_force = ProcedureVersionShape(allow_null=True)
    draft = ProcedureVersionShape(allow_null=True, help_text="Being written, or handed in.")


class ProcedureStepBody(Strict):
    """A step. Send the slug of one that stays, so that its key stays."""

    name = Text(max_length=200)
    role = Text(max_length=24, help_text="Who does it: a role of the permission matrix.")
    guidance = Text(max_length=10_000, required=False, allow_blank=True)
    is_mandatory = Flag(required=False)
    slug = Text(max_length=80, required=False, allow_blank=True)


class NumberList(serializers.ListField):
    """Priorities as numbers."""

    child = Integer(min_value=min(Priority.values), max_value=max(Priority.values))


class RowList(serializers.ListField):
    """Rows by id or short name."""

    def __init__(self, *, rows: Any, **options: Any) -> None:
        super().__init__(child=Row(among=lambda by: rows.objects.all()), max_length=200, **options)


class DraftBody(Strict):
    """All that a draft says."""

    purpose = Text(max_length=300, required=False, allow_blank=True)
    instructions = Text(max_length=20_000, required=False, allow_blank=True)
    kinds = Texts(required=False, max_length=20)
    services = RowList(rows=Service, required=False)
    teams = RowList(rows=Team, required=False)
    organizations = RowList(rows=Organization, required=False)
    priorities = NumberList(required=False, max_length=5)
    steps = ProcedureStepBody(many=True, max_length=30)  # type: ignore[call-arg] # of the list, not of its rows


class ChangedDraft(DraftBody):
    """All that a draft says from now on, and what changed."""

    what_changed = Text(max_length=500, required=False, allow_blank=True)


class NewProcedure(DraftBody):
    """A new procedure, as a draft."""

    name = Text(max_length=200)
    process = Text(max_length=12, help_text="agree, change, recover, operate or improve.")
    step = Text(max_length=20)
    owner = person(required=False, allow_null=True, help_text="Id or user name.")


class ProcedureReason(Strict):
    """Why."""

    reason = Text(max_length=500)


class DutyShape(Answer):
    """Who is accountable for a step of a process, and which roles have a part in it."""

    id = serializers.IntegerField()
    process = serializers.CharField(help_text="agree, change, recover, operate or improve.")
    step = serializers.CharField()
    accountable = serializers.CharField(help_text="A role of the permission matrix.")
    person = Named(allow_null=True)
    parts = serializers.DictField(child=serializers.CharField(), help_text="Role: its part.")
    version = serializers.IntegerField()


class DutyBody(Strict):
    """Who is accountable from now on. `parts` replaces all of them."""

    accountable = Text(max_length=24, help_text="A role of the permission matrix.")
    person = person(required=False, allow_null=True, help_text="Id or user name.")
    parts = serializers.DictField(child=Text(max_length=12), help_text="Role: its part.")


def terms_of(values: dict[str, Any]) -> Terms:
    """The terms that a body describes."""
    return Terms(
        purpose=values.get("purpose", ""),
        instructions=values.get("instructions", ""),
        kinds=tuple(values.get("kinds", ())),
        services=tuple(each.pk for each in values.get("services", ())),
        teams=tuple(each.pk for each in values.get("teams", ())),
        organizations=tuple(each.pk for each in values.get("organizations", ())),
        priorities=tuple(values.get("priorities", ())),
        steps=tuple(
            StepTerms(
                name=each["name"],
                role=each["role"],
                guidance=each.get("guidance", ""),
                is_mandatory=each.get("is_mandatory", False),
                slug=each.get("slug", ""),
            )
            for each in values["steps"]
        ),
    )


def procedure_row(row: Procedure) -> dict[str, Any]:
    """The dictionary of a `ProcedureRowShape`."""
    said = {name: getattr(row, name) for name in ("slug", "name", "process", "step")}
    return {"id": row.pk, **said, "owner": named(row.owner_id, row.owner.name if row.owner else None)}


def procedure(row: Procedure) -> dict[str, Any]:
    """The dictionary of a `ProcedureShape`. :param row: with `versions` of interest prefetched as `shown`."""
    shown: list[ProcedureVersion] = row.shown  # type: ignore[attr-defined] # prefetched by the door
    standing = next((each for each in shown if each.is_in_force), None)
    draft = next((each for each in shown if not each.is_in_force), None)
    return procedure_row(row) | {
        "in_force": version(standing, row) if standing else None,
        "draft": version(draft, row) if draft else None,
    }


def version(row: ProcedureVersion, of: Procedure) -> dict[str, Any]:
    """The dictionary of a `ProcedureVersionShape`. :param row: with its people and steps."""
    same = (
        "number", "state", "purpose", "instructions", "kinds", "priorities", "what_changed", "way", "raises",
        "written_at", "in_force_from", "in_force_to", "revision",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "change": row.carrier_id,
        "approvals": list(Approval.objects.about(row).order_by("-pk").values_list("pk", flat=True)),
        "services": row.service_ids,
        "teams": row.team_ids,
        "organizations": row.organization_ids,
        "written_by": named(row.written_by_id, row.written_by.name if row.written_by else None),
        "activated_by": named(row.activated_by_id, row.activated_by.name if row.activated_by else None),
        "steps": [step(each, of.slug) for each in row.steps.all()],
    }


def step(row: Any, procedure_slug: str) -> dict[str, Any]:
    """The dictionary of a `ProcedureStepShape`."""
    same = ("slug", "name", "role", "guidance", "is_mandatory")
    return {"key": f"{procedure_slug}:{row.slug}", **{name: getattr(row, name) for name in same}}
