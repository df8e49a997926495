"""Take the sample workspace away again, and nothing else."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction
from django.db.models import ProtectedError

from approvals.models import Approval, ApprovalPolicy, Board, BoardMember
from audit.models import Dispatch, Entry
from changes.board.models import Meeting
from changes.models import CalendarWindow, ChangeModel
from changes.pipelines.models import Deployment, Environment
from frameworks.models import Certificate, Pack, Signal
from improvement.models import Goal
from knowledge.models import SearchTerm
from measurement.catalog.models import Factor, Handling
from measurement.dashboards.models import Dashboard
from measurement.following.models import Alert, Pin
from measurement.ledger.models import Closing, LedgerReading
from measurement.notes.models import Note
from measurement.own.models import OwnMeasure
from measurement.pivots.models import Pivot
from measurement.schedules.models import Schedule
from notifications.models import Mute, Notice
from people.models import Organization, Team, User
from problems.finding.models import Cluster, DecidedBurst
from procedures.models import Procedure, ProcedureVersion
from records.models import Category, Record
from services.models import ConfigurationItem, Service
from slm.availability.models import Outage
from slm.forecasts.models import Curve, Lesson
from slm.models import Agreement
from slm.reports.models import ReportPlan, ServiceReport

IN_ORDER: tuple[type[models.Model], ...] = (
    Schedule, Dashboard, Pivot, Note, Alert, Pin, Procedure, Signal, Certificate, Pack, Factor, Handling, OwnMeasure,
    Goal, Cluster, DecidedBurst, SearchTerm, Meeting, Deployment, Environment, ApprovalPolicy, Board, ChangeModel,
    CalendarWindow, Outage, Agreement, ConfigurationItem, Category, Service, Team,
)  # fmt: skip
# What the log tells of these goes with them, as the log itself allows: the rule stands in its trigger.
TOLD_OF: dict[str, type[models.Model]] = {
    "record": Record, "item": ConfigurationItem, "outage": Outage, "person": User, "team": Team,
    "organization": Organization, "service": Service, "agreement": Agreement, "board": Board,
    "approval_policy": ApprovalPolicy, "change_model": ChangeModel, "change_window": CalendarWindow, "meeting": Meeting,
    "environment": Environment, "deployment": Deployment, "report": ServiceReport, "report_plan": ReportPlan,
    "cluster": Cluster, "burst": DecidedBurst, "goal": Goal, "success_factor": Factor, "own_measure": OwnMeasure,
    "kpi_handling": Handling, "framework_pack": Pack, "practice_signal": Signal, "procedure": Procedure,
    "dashboard": Dashboard, "table": Pivot, "schedule": Schedule, "kpi_note": Note, "kpi_alert": Alert,
}  # fmt: skip


@transaction.atomic
def remove() -> dict[str, int]:
    """
    Remove sample records with all that belongs to them, then sample people and things that nothing real points at.

    What a real record or the log of a real act still names stays, people without the right to sign in. It is sample no
    longer: it belongs to what is real.

    :returns: how many rows went and stayed, by kind.
    """
    counts = {"records": 0, "kept": 0, "people": 0, "people deactivated": 0}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        for kind, model in TOLD_OF.items():
            sample = model._default_manager.filter(is_sample=True)  # type: ignore[misc]
            told = Entry.objects.filter(subject_kind=kind, subject_id__in=sample.values("pk"))
            Dispatch.objects.filter(entry__in=told).delete()
            told._raw_delete(told.db)
            for about_it in (Notice, Mute):
                about_it.objects.filter(subject_kind=kind, subject_key__in=sample.values("pk")).delete()
        versions = ProcedureVersion.objects.filter(procedure__is_sample=True)
        Approval.objects.filter(subject_kind=ProcedureVersion.kind, subject_key__in=versions.values("pk")).delete()
        sample = Record.objects.filter(is_sample=True)
        _remove_reports()
        for learned in (LedgerReading, Closing, Curve, Lesson):
            learned.objects.filter(is_sample=True).delete()
        for practice_model in {record.practice.model for record in sample.only("kind").distinct("kind")}:
            counts["records"] += (
                practice_model.objects.filter(is_sample=True).delete()[1].get(practice_model._meta.label, 0)
            )
    BoardMember.objects.filter(user__is_sample=True).delete()
    for model in IN_ORDER:
        counts["kept"] += _delete_each(model._default_manager.filter(is_sample=True))  # type: ignore[misc]
    for user in User.objects.filter(is_sample=True):
        if _delete(user):
            counts["people"] += 1
        else:
            User.objects.filter(pk=user.pk).update(is_active=False, is_staff=False, is_superuser=False)
            counts["people deactivated"] += 1
    counts["kept"] += _delete_each(Organization.objects.filter(is_sample=True))
    people: tuple[type[models.Model], ...] = (User, Organization)
    for model in (*IN_ORDER, *people):
        model._default_manager.filter(is_sample=True).update(is_sample=False)  # type: ignore[misc]
    return counts


def _remove_reports() -> None:
    """Reports from the latest edition on, which names the one before; then their plans."""
    for report in ServiceReport.objects.filter(is_sample=True).order_by("-edition"):
        report.delete()
    ReportPlan.objects.filter(is_sample=True).delete()


def _delete_each(rows: Iterable[Any]) -> int:
    """Delete what nothing points at; answers how many had to stay."""
    return sum(not _delete(row) for row in rows)


def _delete(row: Any) -> bool:
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return False
    return True
