"""Agreements in the REST API: what was promised to whom."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from calendars.models import Calendar
from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Answer, Choice, Day, Integer, Named, Nothing, Row, Strict, Text, Texts, named
from common.api.filters import PageQuery, Several
from common.api.paging import listing_of
from common.api.preconditions import etag, seen_version
from common.api.views import ApiView, ListDoor, one_of
from common.problems import STALE, Problem
from common.refusals import Refused, Stale
from common.time import now
from people.queries import organizations_visible_to
from records.api.idempotency import once
from records.api.references import person, service, team
from records.enums import Priority

from .. import operations
from ..declarations import clock_choices, kind_choices
from ..enums import AgreementState, AgreementType, MaintenancePolicy, ReopenPolicy, RetargetPolicy, VolumePeriod
from ..keeping import QUALITY
from ..models import Agreement
from ..points import Point
from ..texts import latest_document
from ..thresholds import MOST, Tell, Threshold

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
LONGEST_TARGET_MINUTES = 525_600
DRAFTS = (
    "Makes a version, which both sides sign: beside the one in force, or in place of a draft. Clocks that run keep the "
    "one they started under. If-Match is required."
)
TWICE = _("A clock and priority stand twice. Give each target once.")


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


def _with_warnings(values: dict[str, Any]) -> dict[str, Any]:
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


def _rows() -> Any:
    return Agreement.objects.select_related(*RELATED).prefetch_related("targets__calendar")


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


class AgreementDoor(ApiView):
    """A door to one agreement."""

    def agreement(self, number: int) -> Agreement:
        return one_of(_rows(), number)

    def shown(self, key: int, *, status: int = 200, location: str = "") -> Any:
        row = _rows().get(pk=key)
        return self.answer(agreement(row), status=status, version=row.latest_version, location=location)

    def or_current(self, key: int, act: Any) -> Any:
        """Do the act; when somebody else was faster, refuse with the agreement as it is now."""
        try:
            return act()
        except Stale as stale:
            fresh = _rows().get(pk=key)
            raise Problem(
                STALE, str(stale), headers={"ETag": etag(fresh.latest_version)}, current=agreement(fresh)
            ) from stale


class Agreements(AgreementDoor, ListDoor):
    """Agreements."""

    operations = {"GET": "agreement.view", "POST": "agreement.edit"}

    @describe("List agreements", gives=listing_of(AgreementShape), parameters=[AgreementQuery])
    def get(self, request: Any) -> Any:
        query = AgreementQuery.of(request)
        rows = _rows()
        for name in ("type", "state"):
            if name in query:
                rows = rows.filter(**{f"{name}__in": query[name]})
        return self.listed(request, rows, query, agreement)

    @describe(
        "Make an agreement",
        takes=NewAgreement,
        gives=AgreementShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            (
                "Critical incidents of one service",
                {
                    "name": "VPN gold",
                    "service": "vpn",
                    "calendar": "24x7",
                    "pause_reasons": ["requester"],
                    "targets": [{"clock": "resolution", "priority": 1, "minutes": 120}],
                },
            )
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = _with_warnings(NewAgreement.read(request.data, by=request.user))
        matrix = targets_of(values.pop("targets"))
        values = with_limits(values, {})

        def act() -> Any:
            made = operations.create_agreement(by=request.user, at=at, **matrix, **values)
            return self.shown(made.pk, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


class OneAgreement(AgreementDoor):
    """One agreement."""

    operations = {"GET": "agreement.view", "PATCH": "agreement.edit"}

    @describe("Get an agreement", gives=AgreementShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        return self.answer(agreement(found), version=found.latest_version)

    @describe(
        "Change what an agreement says beside its targets",
        takes=AgreementChange,
        gives=AgreementShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description=DRAFTS,
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        version = seen_version(request, is_required=True)
        values = _with_warnings(AgreementChange.read(request.data, by=request.user))
        values = with_limits(values, latest_document(found).get("limits", {}))
        edit = operations.edit_agreement
        self.or_current(
            found.pk, lambda: edit(agreement=found, by=request.user, at=now(), values=values, version=version)
        )
        return self.shown(found.pk)


class AgreementTargets(AgreementDoor):
    """The targets of an agreement."""

    operations = {"PUT": "agreement.edit"}

    @describe(
        "Replace the targets of an agreement",
        takes=TargetsBody,
        gives=AgreementShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description=DRAFTS,
    )
    def put(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        version = seen_version(request, is_required=True)
        matrix = targets_of(TargetsBody.read(request.data, by=request.user)["targets"])
        act = operations.set_targets
        self.or_current(found.pk, lambda: act(agreement=found, by=request.user, at=now(), version=version, **matrix))
        return self.shown(found.pk)


class AgreementHandling(AgreementDoor):
    """Who signs an agreement, and when it is reviewed."""

    operations = {"PATCH": "agreement.edit"}

    @describe(
        "Say who signs an agreement, and when it is reviewed",
        takes=AgreementHandlingBody,
        gives=AgreementShape,
        problems=[404, 409],
        description="No part of the text: no version, and no new signatures.",
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        values = AgreementHandlingBody.read(request.data, by=request.user)
        operations.handle(agreement=found, by=request.user, at=now(), values=values)
        return self.shown(found.pk)


class AgreementRetirement(AgreementDoor):
    """Taking an agreement out of use."""

    operations = {"POST": "agreement.edit"}

    @describe("Retire an agreement", takes=Nothing, gives=AgreementShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        Nothing.read(request.data, by=request.user)
        operations.retire(agreement=found, by=request.user, at=now())
        return self.shown(found.pk)


class AgreementReinstatement(AgreementDoor):
    """Using an agreement again."""

    operations = {"POST": "agreement.edit"}

    @describe("Use a retired agreement again", takes=Nothing, gives=AgreementShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        Nothing.read(request.data, by=request.user)
        operations.reinstate(agreement=found, by=request.user, at=now())
        return self.shown(found.pk)
