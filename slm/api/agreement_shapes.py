"""Agreements as the REST API answers them."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, named

from ..declarations import clock_choices
from ..enums import AgreementState, AgreementType, MaintenancePolicy, ReopenPolicy, RetargetPolicy, VolumePeriod
from ..points import Point
from ..thresholds import Tell, Threshold

RELATED = (
    "provider_signatory",
    "partner_signatory",
    "team",
    "supplier",
    "organization",
    "service",
    "requester",
    "calendar",
    "service_hours",
    "maintenance_windows",
)


class TargetShape(Answer):
    """How soon, in working minutes."""

    clock = serializers.ChoiceField(choices=clock_choices())
    priority = serializers.IntegerField(min_value=1, max_value=5)
    minutes = serializers.IntegerField(help_text="Of a point: the longest that it can take.")
    point = serializers.CharField(allow_null=True, help_text="The point in time promised instead: next day 17:00.")
    calendar = Named(allow_null=True, help_text="Null: that of the agreement.")


class WarningShape(Answer):
    """When somebody is told beside the usual moments: a percentage of the target, or working minutes before due."""

    percent = serializers.IntegerField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    clocks = serializers.ListField(child=serializers.CharField(), help_text="Empty: every clock.")
    tells = serializers.ListField(child=serializers.ChoiceField(choices=[str(each) for each in Tell]))
    people = serializers.ListField(child=serializers.IntegerField(), help_text="Keys of people.")
    in_hours = serializers.BooleanField(help_text="Told at the next opening of the receiver's team.")


class VolumeShape(Answer):
    """How many tickets it covers; more are worked on all the same."""

    most = serializers.IntegerField()
    per = serializers.ChoiceField(choices=VolumePeriod.choices)


class AgreementShape(Answer):
    """Targets by priority on a calendar, with rules for pauses, reopening and new targets."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=AgreementType.choices)
    kind = serializers.CharField()
    team = Named(allow_null=True)
    supplier = Named(allow_null=True)
    supplier_name = serializers.CharField(help_text="Of a supplier that is no organization here.")
    organization = Named(allow_null=True)
    service = Named(allow_null=True)
    requester = Named(allow_null=True)
    calendar = Named()
    pause_reasons = serializers.ListField(child=serializers.CharField())
    reopen_policy = serializers.ChoiceField(choices=ReopenPolicy.choices)
    retarget_policy = serializers.ChoiceField(choices=RetargetPolicy.choices)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True, help_text="This day not included.")
    attainment_target = serializers.FloatField(help_text="Percent promised.")
    availability_target = serializers.CharField(
        allow_null=True, help_text="Percent promised, such as 99.950; null: none."
    )
    service_hours = Named(allow_null=True, help_text="When the service is to be usable; null: `calendar`.")
    maintenance = serializers.ChoiceField(choices=MaintenancePolicy.choices)
    maintenance_windows = Named(allow_null=True)
    state = serializers.ChoiceField(choices=AgreementState.choices)
    version = serializers.IntegerField(help_text="Of what the fields say: the version in force, if one is.")
    proposed_version = serializers.IntegerField(allow_null=True, help_text="Drafted beside the one in force.")
    exclusions = serializers.CharField()
    volume = VolumeShape(allow_null=True)
    quality = serializers.DictField(child=serializers.CharField(), help_text="Bound by measure, in percent.")
    notice_days = serializers.IntegerField()
    review_date = serializers.DateField(allow_null=True)
    provider_signatory = Named(allow_null=True)
    partner_signatory = Named(allow_null=True, help_text="Null: signed on paper.")
    ends_date = serializers.DateField(allow_null=True, help_text="First day without it, where notice was given.")
    targets = TargetShape(many=True)
    thresholds = WarningShape(many=True)


def agreement(row: Any) -> dict[str, Any]:
    """The dictionary of an `AgreementShape`. :param row: read with `RELATED` and its targets."""
    return {
        "id": row.pk,
        "slug": row.slug,
        "name": row.name,
        "type": row.type,
        "kind": row.kind,
        "supplier_name": row.supplier_name,
        **{name: named(getattr(row, f"{name}_id"), str(getattr(row, name))) for name in RELATED},
        "pause_reasons": row.pause_reasons,
        "reopen_policy": row.reopen_policy,
        "retarget_policy": row.retarget_policy,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "attainment_target": float(row.attainment_target),
        "availability_target": None if row.availability_target is None else f"{row.availability_target:.3f}",
        "maintenance": row.maintenance,
        "state": str(row.state),
        "version": row.version,
        "proposed_version": row.proposed_version,
        "exclusions": row.exclusions,
        "volume": row.limits.get("volume"),
        "quality": row.limits.get("quality", {}),
        "notice_days": row.notice_days,
        "review_date": row.review_date,
        "ends_date": row.ends_date,
        "targets": [
            {
                "clock": each.clock,
                "priority": each.priority,
                "minutes": each.target_minutes,
                "point": str(Point.from_code(each.point)) if each.point else None,
                "calendar": named(each.calendar_id, str(each.calendar)),
            }
            for each in row.targets.all()
        ],
        "thresholds": [_warning(each) for each in row.thresholds],
    }


def _warning(said: dict[str, Any]) -> dict[str, Any]:
    row = Threshold.from_document(said)
    return {
        "percent": row.percent,
        "minutes": row.minutes,
        "clocks": row.clocks,
        "tells": row.tells,
        "people": row.people,
        "in_hours": row.in_hours,
    }
