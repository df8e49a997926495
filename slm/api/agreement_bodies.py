"""What the REST API takes about agreements, and what operations make of it."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from calendars.models import Calendar
from common.api.fields import Choice, Day, Integer, Row, Strict, Text, Texts
from common.api.filters import PageQuery, Several
from common.refusals import Refused
from people.queries import organizations_visible_to
from records.api.references import person, service, team
from records.enums import Priority

from ..declarations import clock_choices, kind_choices
from ..enums import AgreementState, AgreementType, MaintenancePolicy, ReopenPolicy, RetargetPolicy, VolumePeriod
from ..keeping import QUALITY
from ..points import Point
from ..thresholds import MOST, Threshold

LONGEST_TARGET_MINUTES = 525_600


TWICE = _("A clock and priority stand twice. Give each target once.")


class Percent(Text):
    """A percentage as a text, so that 99.95 stays what it is: a JSON number would pass through a float."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text) or not 0 <= Decimal(text) <= 100:
            raise serializers.ValidationError(
                _('This is no percentage. Write it like "99.95", with three decimals at most.')
            )
        return Decimal(text)


def calendar(**options: Any) -> Row:
    """A calendar, by id or short name."""
    return Row(among=lambda by: Calendar.objects.active(), **options)


class TargetBody(Strict):
    """One promise."""

    clock = Choice(choices=clock_choices())
    priority = Choice(choices=[(each.value, str(each.label)) for each in Priority])
    minutes = Integer(min_value=1, max_value=LONGEST_TARGET_MINUTES, required=False, help_text="Working minutes.")
    point = Text(
        max_length=50, required=False, help_text="Instead of minutes: `next day 17:00`, `same day 17:00 if by 12:00`."
    )
    calendar = calendar(required=False, allow_null=True, help_text="Id or short name; else that of the agreement.")


class TargetsBody(Strict):
    """The whole matrix of targets; what is missing is no longer promised."""

    targets = TargetBody(many=True, max_length=50)  # type: ignore[call-arg] # of the list, not of its rows


class WarningBody(Strict):
    """One warning; `percent` or `minutes`, not both."""

    percent = Integer(min_value=1, max_value=500, required=False, help_text="Of the target.")
    minutes = Integer(min_value=1, max_value=LONGEST_TARGET_MINUTES, required=False, help_text="Before it is due.")
    clocks = Texts(required=False, max_length=20, help_text="None: every clock.")
    tells = Texts(required=False, max_length=2, help_text="`owner`, `lead`.")
    people = serializers.ListField(child=person(), required=False, max_length=20, help_text="Ids or user names.")
    in_hours = serializers.BooleanField(required=False, help_text="Tell a closed team at its next opening.")


class VolumeBody(Strict):
    """How many tickets it covers."""

    most = Integer(min_value=1, max_value=10_000_000)
    per = Choice(choices=VolumePeriod.choices)


class AgreementChange(Strict):
    """What an agreement says beside its targets. Only the fields sent are written."""

    name = Text(max_length=200, required=False)
    team = team(required=False, allow_null=True, help_text="Id or short name; of agreements with a team.")
    supplier = Row(among=organizations_visible_to, required=False, allow_null=True)
    supplier_name = Text(max_length=200, required=False, allow_blank=True)
    organization = Row(among=organizations_visible_to, required=False, allow_null=True)
    service = service(required=False, allow_null=True, help_text="Id or short name.")
    requester = person(required=False, allow_null=True, help_text="Id or user name.")
    service_hours = calendar(required=False, allow_null=True, help_text="Id or short name; null: `calendar`.")
    maintenance_windows = calendar(required=False, allow_null=True, help_text="Open while maintenance is agreed.")
    calendar = calendar(required=False, help_text="Id or short name.")
    pause_reasons = Texts(
        required=False, max_length=20, help_text="Reasons of holding that pause the resolution clock."
    )
    reopen_policy = Choice(choices=ReopenPolicy.choices, required=False)
    retarget_policy = Choice(choices=RetargetPolicy.choices, required=False)
    valid_from = Day(required=False, allow_null=True)
    valid_to = Day(required=False, allow_null=True, help_text="This day not included.")
    attainment_target = Integer(min_value=0, max_value=100, required=False, help_text="Percent promised.")
    availability_target = Percent(required=False, allow_null=True, help_text="Percent promised, such as 99.95.")
    maintenance = Choice(choices=MaintenancePolicy.choices, required=False)
    thresholds = WarningBody(many=True, required=False, max_length=MOST)  # type: ignore[call-arg] # of the list
    exclusions = Text(max_length=10_000, required=False, allow_blank=True, help_text="What does not count.")
    notice_days = Integer(min_value=0, max_value=1_095, required=False)
    volume = VolumeBody(required=False, allow_null=True)
    quality = serializers.DictField(child=Percent(), required=False, help_text="Bound by measure, in percent.")


class AgreementHandlingBody(Strict):
    """Who signs, and when it is reviewed. Only the fields sent are written."""

    provider_signatory = person(required=False, allow_null=True, help_text="Id or user name.")
    partner_signatory = person(required=False, allow_null=True, help_text="Id or user name; null: on paper.")
    review_date = Day(required=False, allow_null=True)


class NewAgreement(AgreementChange, AgreementHandlingBody):
    """A new agreement with its targets; a draft, in force when both sides have signed."""

    name = Text(max_length=200)
    type = Choice(choices=AgreementType.choices, required=False, help_text="Else with customers.")
    kind = Choice(choices=kind_choices(), required=False, help_text="Kind of record it is about; incident if not said.")
    calendar = calendar(help_text="Id or short name.")
    targets = TargetBody(many=True, max_length=50)  # type: ignore[call-arg] # of the list, not of its rows


def with_limits(values: dict[str, Any], known: Any) -> dict[str, Any]:
    """`limits` as the operations take it, from `volume` and `quality`. :param known: what stands so far."""
    sent = {name: values.pop(name) for name in ("volume", "quality") if name in values}
    if not sent:
        return values
    limits = dict(known)
    if "volume" in sent:
        limits["volume"] = sent["volume"] and dict(sent["volume"])
    if "quality" in sent:
        unknown = sorted(set(sent["quality"]) - set(QUALITY))
        if unknown:
            message = _("Nobody measures this here: %(name)s. Known are %(known)s.")
            said = {"name": unknown[0], "known": ", ".join(QUALITY)}
            raise Refused.because("unknown_measure", message % said, "quality")
        limits["quality"] = {name: f"{bound.normalize():f}" for name, bound in sent["quality"].items()}
    return values | {"limits": {name: said for name, said in limits.items() if said}}


def with_warnings(values: dict[str, Any]) -> dict[str, Any]:
    """The same with its warnings as the operations take them."""
    if "thresholds" not in values:
        return values
    rows = [
        Threshold.from_document({**each, "people": [one.pk for one in each.get("people", ())]})
        for each in values["thresholds"]
    ]
    return values | {"thresholds": [each.as_document() for each in rows]}


class AgreementQuery(PageQuery):
    """Filters add up."""

    q = serializers.CharField(required=False, max_length=200, help_text="Part of the name.")
    type = Several(among=AgreementType.values, help_text=", ".join(AgreementType.values))
    state = Several(among=AgreementState.values, help_text=", ".join(AgreementState.values))


def said(target: dict[str, Any]) -> int | Point:
    """What a target promises. :raises Refused: neither minutes nor a point, both, or a point nobody understands."""
    minutes, text = target.get("minutes"), target.get("point")
    if (minutes is None) == (text is None):
        raise Refused.because(
            "unfit", _("A target has working minutes or a point in time. Give one of both."), "targets"
        )
    if minutes is not None:
        return int(minutes)
    try:
        point = Point.parse(str(text))
    except ValueError:
        point = None
    if point is None:
        message = _("“%(text)s” is no point in time. Write next day 17:00, or same day 17:00 if by 12:00.")
        raise Refused.because("unfit", message % {"text": text}, "targets")
    return point


def targets_of(targets: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """`targets` and `target_calendars` of the operations. :raises Refused: a cell is given twice."""
    targets = list(targets)
    cells = [(each["clock"], each["priority"]) for each in targets]
    if len(set(cells)) < len(cells):
        raise Refused.because("twice", TWICE, field="targets")
    return {
        "targets": {cell: said(each) for cell, each in zip(cells, targets, strict=True)},
        "target_calendars": {cell: each.get("calendar") for cell, each in zip(cells, targets, strict=True)},
    }
