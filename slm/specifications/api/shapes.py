"""How specifications look over REST, and what callers send."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Day, Integer, Named, Row, Strict, Text, named
from common.api.filters import Query
from services.queries import services_visible_to
from services.specifications.classifying import LONGEST, Hit, Verdict
from services.specifications.enums import Call, Cell
from services.specifications.models import LONGEST_REASON, LONGEST_TEXT, Specification
from services.specifications.shapes import StatementShape, statement
from services.specifications.terms import Said, Terms

from ..tracing import Check, Fit

MOST = 120


class SpecificationVersionShape(Answer):
    """One version of what a service is said to be."""

    number = serializers.IntegerField()
    is_draft = serializers.BooleanField()
    valid_from = serializers.DateField(allow_null=True, help_text="In the zone of the installation; null for a draft.")
    reason = serializers.CharField(allow_blank=True)
    written_by = Named(allow_null=True)
    written_at = serializers.DateTimeField()
    decided_by = Named(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="Counts the edits of a draft; its ETag.")
    statements = StatementShape(many=True)


class SpecificationTraceShape(Answer):
    """How an agreement stands to a statement."""

    statement = serializers.IntegerField(help_text="Key of the statement.")
    agreement = Named()
    fit = serializers.ChoiceField(choices=[each.value for each in Fit])
    promised = serializers.CharField(allow_blank=True)


class SpecificationFindingShape(Answer):
    """Something that does not fit."""

    agreement = Named()
    kind = serializers.CharField(help_text="missing, weaker or loose.")
    text = serializers.CharField()


class SpecificationCheckShape(Answer):
    """Whether the agreements in force keep what is said, and say what they keep."""

    traces = SpecificationTraceShape(many=True)
    findings = SpecificationFindingShape(many=True)


class CallStatementShape(Answer):
    """A statement that speaks of a call."""

    service = Named()
    cell = serializers.ChoiceField(choices=Cell.values)
    key = serializers.IntegerField()
    text = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField(), help_text="Words of the call that it speaks of.")


class CallShape(Answer):
    """What a call is."""

    call = serializers.ChoiceField(choices=Call.values, allow_null=True, help_text="Null: no cell decides.")
    reason = serializers.CharField()
    statement = CallStatementShape(allow_null=True, help_text="The one that decides, or the nearest one.")
    others = CallStatementShape(many=True)


class CallQuery(Query):
    """What the caller says, and about which service."""

    text = serializers.CharField(max_length=LONGEST)
    service = Row(among=services_visible_to, required=False)


class StatementBody(Strict):
    """A statement. Send the key of one that stays."""

    cell = Text(max_length=22, help_text=", ".join(Cell.values))
    text = Text(max_length=LONGEST_TEXT)
    also = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="Other words for it.")
    call = Text(max_length=9, required=False, allow_blank=True, help_text="Empty: what its cell says.")
    offering = Integer(required=False, allow_null=True, help_text="Id; null: for everybody.")
    bound = Text(max_length=60, required=False, allow_blank=True, help_text="Such as clock:response:1, availability.")
    value = serializers.DecimalField(
        max_digits=12, decimal_places=3, required=False, allow_null=True, help_text="Percent, or working minutes."
    )
    key = Integer(required=False, min_value=0, max_value=2_000_000_000)


class DraftStatements(Strict):
    """All that a draft says from now on, in order."""

    statements = StatementBody(many=True, max_length=MOST)  # type: ignore[call-arg] # of the list, not of its rows


class ForceBody(Strict):
    """From which day on it holds, and why."""

    valid_from = Day(help_text="Today or later, in the zone of the installation.")
    reason = Text(max_length=LONGEST_REASON)


def terms_of(values: dict[str, Any]) -> Terms:
    """The statements that a body describes."""
    return tuple(
        Said(
            cell=each["cell"],
            text=each["text"],
            also=each.get("also", ""),
            call=each.get("call", ""),
            offering=each.get("offering"),
            bound=each.get("bound", ""),
            value=each.get("value"),
            key=each.get("key", 0),
        )
        for each in values["statements"]
    )


def version(row: Specification) -> dict[str, Any]:
    """The dictionary of a `SpecificationVersionShape`. :param row: with its people, statements and offerings."""
    same = ("number", "is_draft", "valid_from", "reason", "written_at", "decided_at", "revision")
    return {
        **{name: getattr(row, name) for name in same},
        "written_by": named(row.written_by_id, row.written_by.name if row.written_by else None),
        "decided_by": named(row.decided_by_id, row.decided_by.name if row.decided_by else None),
        "statements": [statement(each, is_inside=True) for each in row.statements.all()],
    }


def check(found: Check) -> dict[str, Any]:
    """The dictionary of a `SpecificationCheckShape`."""
    return {
        "traces": [
            {
                "statement": each.statement.key,
                "agreement": named(trace.agreement.pk, trace.agreement.name),
                "fit": trace.fit.value,
                "promised": trace.promised,
            }
            for each in found.traced
            for trace in each.traces
        ],
        "findings": [
            {"agreement": named(each.agreement.pk, each.agreement.name), "kind": str(each.kind), "text": each.text}
            for each in found.findings
        ],
    }


def call(verdict: Verdict) -> dict[str, Any]:
    """The dictionary of a `CallShape`."""
    return {
        "call": verdict.call.value if verdict.call else None,
        "reason": verdict.reason,
        "statement": _hit(verdict.hit) if verdict.hit else None,
        "others": [_hit(each) for each in verdict.others],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "service": named(hit.service.pk, hit.service.name),
        "cell": hit.statement.cell,
        "key": hit.statement.key,
        "text": hit.statement.text,
        "words": list(hit.words),
    }
