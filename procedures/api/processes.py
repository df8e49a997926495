"""Doors to the five processes, and to who is accountable for their steps."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Named, named
from common.api.filters import Query
from common.api.rows import RowDoor
from common.api.views import ApiView
from common.time import now
from records.practices import PROCESSES

from .. import operations
from ..models import Duty
from ..queries import acting, processes
from .shapes import DutyBody, DutyShape


class RunningCountShape(Answer):
    """Open records in one state that the caller may see; or agreements, service reports, reviews likewise."""

    kind = serializers.CharField()
    state = serializers.CharField()
    count = serializers.IntegerField()
    breached = serializers.IntegerField()
    url = serializers.CharField(help_text="The page that lists them.")


class ProcessStepShape(Answer):
    """A step of a process."""

    slug = serializers.CharField()
    name = serializers.CharField()
    open_count = serializers.IntegerField()
    accountable = serializers.CharField(allow_null=True, help_text="A role.")
    procedures = serializers.ListField(child=serializers.CharField(), help_text="Short names of those in force.")


class ProcessShape(Answer):
    """A process with what runs in it now."""

    slug = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    open_count = serializers.IntegerField()
    running = RunningCountShape(many=True)
    steps = ProcessStepShape(many=True)


class ProcessListShape(Answer):
    """The five processes."""

    items = ProcessShape(many=True)


class WorkflowShape(Answer):
    """A workflow with how many open records go its way."""

    slug = serializers.CharField()
    name = serializers.CharField()
    chain = serializers.ListField(child=serializers.CharField())
    is_proactive = serializers.BooleanField()
    open_count = serializers.IntegerField()


class WorkflowListShape(Answer):
    """The eight workflows."""

    items = WorkflowShape(many=True)


def _process(name: str, viewer: Any) -> dict[str, Any]:
    page = processes.page_of(name, viewer)
    running = [*page.waiting, *(each for step in page.steps for each in step.running)]
    return {
        "slug": name,
        "name": str(page.label),
        "purpose": str(page.purpose),
        "kinds": [*(each.kind for each in page.kinds), *(each.kind for each in page.undertakings)],
        "open_count": page.count,
        "running": [
            {name: getattr(each, name) for name in ("kind", "state", "count", "breached", "url")} for each in running
        ],
        "steps": [
            {
                "slug": step.name,
                "name": str(step.label),
                "open_count": step.count,
                "accountable": step.duty.accountable if step.duty else None,
                "procedures": [each.slug for each in step.procedures],
            }
            for step in page.steps
        ],
    }


class Processes(ApiView):
    """The five processes."""

    operations = {"GET": "process.view"}

    @describe("List the five processes", gives=ProcessListShape)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [_process(name, request.user) for name in PROCESSES]})


class OneProcess(ApiView):
    """One process."""

    operations = {"GET": "process.view"}

    @describe("Get a process with what runs in it now", gives=ProcessShape, problems=[404])
    def get(self, request: Any, name: str) -> Any:
        if name not in PROCESSES:
            raise Http404
        return self.answer(_process(name, request.user))


class Workflows(ApiView):
    """The eight workflows."""

    operations = {"GET": "process.view"}

    @describe("List the eight workflows", gives=WorkflowListShape)
    def get(self, request: Any) -> Any:
        found = processes.workflow_cards(request.user)
        items = [
            {
                "slug": each.slug,
                "name": str(each.label),
                "chain": list(each.chain),
                "is_proactive": each.is_proactive,
                "open_count": count,
            }
            for each, count in found
        ]
        return self.answer({"items": items})


class DutyListShape(Answer):
    """Every step of every process."""

    items = DutyShape(many=True)


class ActorShape(Answer):
    """Somebody who acted at a step."""

    person = Named()
    acts = serializers.IntegerField()
    is_declared = serializers.BooleanField(help_text="Whether a role of theirs is accountable or responsible there.")


class DutyFindingShape(Answer):
    """What differs from what is declared."""

    kind = serializers.CharField(help_text="vacancy, double, outsider or overload.")
    text = serializers.CharField()


class ActedStepShape(Answer):
    """Who is declared at a step, and who acted."""

    duty = serializers.IntegerField(help_text="Id of the accountability.")
    process = serializers.CharField()
    step = serializers.CharField()
    accountable = serializers.CharField(help_text="A role.")
    person = Named(allow_null=True, help_text="Who of them, where one is named.")
    holders = serializers.ListField(child=Named(), help_text="Active people who have the accountable role.")
    parts = serializers.DictField(child=serializers.CharField(), help_text="Role: its part.")
    acts = serializers.IntegerField()
    actors = ActorShape(many=True)
    findings = DutyFindingShape(many=True)


class ActedListShape(Answer):
    """What is declared against what was done."""

    items = ActedStepShape(many=True)
    across = DutyFindingShape(many=True, help_text="What differs over the steps together.")


class ActedQuery(Query):
    """Of which days and process."""

    days = serializers.ChoiceField(choices=list(acting.RANGES), default=acting.USUAL_RANGE)
    process = serializers.ChoiceField(choices=list(PROCESSES), required=False)


def duty(row: Duty) -> dict[str, Any]:
    """The dictionary of a `DutyShape`."""
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in ("process", "step", "accountable", "version")},
        "person": named(row.person_id, row.person.name if row.person else None),
        "parts": {each.role: each.part for each in row.parts.all()},
    }


class DutyDoor(RowDoor):
    """A door to accountabilities."""

    part = "duty"
    address = "accountabilities"

    def rows(self) -> Any:
        return Duty.objects.select_related("person").prefetch_related("parts")

    def shape(self, row: Duty) -> dict[str, Any]:
        return duty(row)


class Duties(DutyDoor):
    """Accountabilities."""

    operations = {"GET": "duty.view"}

    @describe("List who is accountable, for every step", gives=DutyListShape)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [duty(row) for row in self.rows()]})


class OneDuty(DutyDoor):
    """One accountability."""

    operations = {"GET": "duty.view", "PUT": "duty.set"}

    @describe("Get who is accountable for a step", gives=DutyShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Say who is accountable for a step",
        takes=DutyBody,
        gives=DutyShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def put(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.set_duty, DutyBody)


class WhoActed(ApiView):
    """Who really acted."""

    operations = {"GET": "duty.view"}

    @describe("Compare who is accountable with who acted", gives=ActedListShape, parameters=[ActedQuery])
    def get(self, request: Any) -> Any:
        query, at = ActedQuery.of(request), now()
        rows = acting.compare(since=acting.since_of(query["days"], at), until=at, process=query.get("process", ""))
        found = [{"kind": each.kind, "text": each.text} for each in acting.across(rows)]
        return self.answer({"items": [_acted(row) for row in rows], "across": found})


def _acted(row: acting.Row) -> dict[str, Any]:
    declared = duty(row.duty)
    return {
        "duty": row.duty.pk,
        **{name: declared[name] for name in ("process", "step", "accountable", "person", "parts")},
        "holders": [named(each.pk, each.name) for each in row.holders],
        "acts": row.acts,
        "actors": [
            {"person": named(each.person.pk, each.person.name), "acts": each.acts, "is_declared": each.is_declared}
            for each in row.actors
        ],
        "findings": [{"kind": each.kind, "text": each.text} for each in row.findings],
    }
