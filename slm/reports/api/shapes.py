"""What the API says of reports and plans, and what it reads."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Day, Flag, Named, Row, Strict, Text, Texts, named
from common.api.filters import PageQuery
from people.models import User
from people.queries import people_visible_to

from ..enums import RemarkKind, State
from ..forms import customers_of
from ..models import ReportPlan, ServiceReport
from ..operations.common import LONGEST_REASON, LONGEST_TEXT
from ..operations.planning import LONGEST_PURPOSE, MOST_RECEIVERS


class ReportRemarkShape(Answer):
    """What one side said about an issued report."""

    kind = serializers.ChoiceField(choices=RemarkKind.choices)
    text = serializers.CharField(allow_blank=True)
    by = Named()
    at = serializers.DateTimeField()


class ReportShape(Answer):
    """One edition of the report of a month."""

    id = serializers.IntegerField()
    organization = Named()
    month = serializers.CharField(help_text="Such as 2026-10.")
    zone = serializers.CharField(help_text="The month begins and ends at midnight there.")
    edition = serializers.IntegerField(min_value=1)
    corrects = serializers.IntegerField(allow_null=True, help_text="Id of the edition before.")
    correction_reason = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=State.choices)
    compiled_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField(allow_null=True)
    issued_by = Named(allow_null=True)
    fingerprint = serializers.CharField(allow_blank=True, help_text="SHA-256 of the document once it is issued.")
    version = serializers.IntegerField()


class OneReportShape(ReportShape):
    """A report with its figures."""

    summary = serializers.CharField(allow_blank=True)
    document = serializers.JSONField(help_text="All figures; frozen once issued. Each `key` opens its rows.")
    remarks = ReportRemarkShape(many=True)
    file_sha256 = serializers.CharField(allow_null=True, help_text="Of the PDF; null until it is made.")


class FigureRowsShape(Answer):
    """The rows that a figure was counted from, as they were then."""

    key = serializers.CharField()
    kind = serializers.CharField(help_text="record, clock or outage.")
    ids = serializers.ListField(child=serializers.IntegerField())


class FigureQuery(PageQuery):
    """Which figure."""

    key = serializers.CharField(max_length=120, help_text="As the document names it, such as tickets.incident.opened.")


class ReportQuery(PageQuery):
    """Filters add up."""

    organization = Row(among=lambda by: customers_of(by, "report.view"), by="slug", required=False)
    state = serializers.ChoiceField(choices=State.choices, required=False)
    month = serializers.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", required=False, help_text="Such as 2026-10.")


class ReportPlanShape(Answer):
    """For whom a report is made each month."""

    id = serializers.IntegerField()
    organization = Named()
    purpose = serializers.CharField(allow_blank=True)
    zone = serializers.CharField()
    first_month = serializers.CharField(help_text="Such as 2026-10.")
    owner = Named(allow_null=True)
    receivers = Named(many=True)
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Chapters not told to this customer.")
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


def person(**options: Any) -> Row:
    """Somebody active, by id or user name."""
    return Row(among=lambda by: people_visible_to(by).filter(is_active=True), by="username", **options)


class ReportPlanChange(Strict):
    """Only the fields sent are written."""

    purpose = Text(max_length=LONGEST_PURPOSE, required=False, allow_blank=True)
    zone = Text(max_length=64, required=False, help_text="IANA name.")
    first_month = Day(required=False, help_text="Any day of it.")
    owner = person(required=False, allow_null=True, help_text="Id or user name.")
    receivers = serializers.ListField(
        child=person(), max_length=MOST_RECEIVERS, required=False, help_text="Ids or user names."
    )
    left_out = Texts(required=False, max_length=20)
    is_active = Flag(required=False)


class NewReportPlan(ReportPlanChange):
    """A plan; the reports of its months are made once they are over."""

    organization = Row(
        among=lambda by: customers_of(by, "report.prepare"), by="slug", help_text="Id or short name of the customer."
    )
    zone = Text(max_length=64, help_text="IANA name.")
    first_month = Day(help_text="Any day of it.")


class ReportMonth(Strict):
    """Which month."""

    month = Day(help_text="Any day of it.")


class ReportSummary(Strict):
    """The figures in words."""

    summary = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)


class ReportComment(Strict):
    """What the customer says."""

    comment = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)


class ReportAnswer(Strict):
    """What the customer is answered."""

    text = Text(max_length=LONGEST_TEXT)


class ReportCorrection(Strict):
    """Why a corrected edition is made."""

    reason = Text(max_length=LONGEST_REASON)
    has_new_terms = Flag(
        required=False, default=False,
        help_text="Service credits go by the terms of today, not by those of the edition that is corrected.",
    )  # fmt: skip


def report(row: ServiceReport) -> dict[str, Any]:
    """The dictionary of a `ReportShape`. :param row: read with organization and issuer."""
    same = ("zone", "edition", "correction_reason", "state", "compiled_at", "issued_at", "fingerprint", "version")
    return {
        "id": row.pk,
        "organization": named(row.organization_id, row.organization.name),
        "month": row.month.slug,
        "corrects": row.predecessor_id,
        **{name: getattr(row, name) for name in same},
        "issued_by": named(row.issued_by_id, row.issued_by.name if row.issued_by else None),
    }


def one_report(row: ServiceReport) -> dict[str, Any]:
    """The dictionary of a `OneReportShape`; two more statements."""
    file = getattr(row, "file", None)
    return report(row) | {
        "summary": row.summary,
        "document": row.document,
        "remarks": [
            {"kind": each.kind, "text": each.text, "by": named(each.by_id, each.by.name), "at": each.at}
            for each in row.remarks.select_related("by")
        ],
        "file_sha256": file.sha256 if file is not None and file.is_made else None,
    }


def plan(row: ReportPlan) -> dict[str, Any]:
    """The dictionary of a `ReportPlanShape`. :param row: read with organization, owner and receivers."""
    people: list[User] = list(row.receivers.all())
    return {
        "id": row.pk,
        "organization": named(row.organization_id, row.organization.name),
        "purpose": row.purpose,
        "zone": row.zone,
        "first_month": f"{row.first_month:%Y-%m}",
        "owner": named(row.owner_id, row.owner.name if row.owner else None),
        "receivers": [named(each.pk, each.name) for each in people],
        "left_out": row.left_out,
        "is_active": row.is_active,
        "version": row.version,
    }
