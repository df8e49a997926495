"""Shapes of answers that every part of the API shares, for the schema."""

from rest_framework import serializers

from common.problems import KINDS

from .fields import Answer

PROBLEM_TYPES = [f"urn:problem-type:steward:{kind.code}" for kind in KINDS]


class Reason(Answer):
    """One reason why something was refused."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False, help_text="Dotted path of the field it is about.")


class ProblemDocument(Answer):
    """RFC 9457. `type` names the kind for machines, `detail` says for people what happened, why and what to do."""

    type = serializers.ChoiceField(choices=PROBLEM_TYPES)
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField()
    instance = serializers.CharField(allow_blank=True)
    request_id = serializers.CharField(allow_blank=True, help_text="Also in X-Request-Id and in our log.")
    errors = Reason(many=True)  # type: ignore[assignment] # the field of that name
    current = serializers.JSONField(required=False, help_text="With 412: the record as it is now.")
