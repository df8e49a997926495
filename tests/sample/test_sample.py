"""The sample workspace: true at any hour, and gone in one act."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from audit.models import Entry
from changes.operations import propose_model
from itsm.sample.cast import assemble
from itsm.sample.outages import FAILURES, Logbook
from itsm.sample.removal import remove
from itsm.sample.reports import Reporter
from itsm.sample.story import Story
from people.enums import Role
from people.models import Organization, RoleGrant, Team, User
from records.models import Record
from services.models import Service
from slm.availability.models import Outage, ServiceDay
from slm.reports.models import ReviewAction, ServiceReport
from slm.reports.verification import faults_of
from tests.conftest import moment

# A Wednesday noon, the night of a Sunday, and the hour that happens twice in Oslo.
MOMENTS = ["2026-03-04 11:00", "2026-03-08 02:17", "2026-10-25 00:30"]


@pytest.mark.django_db
@pytest.mark.parametrize("present", MOMENTS)
def test_there_is_open_work_in_every_phase_whatever_the_hour(present):
    at = moment(present)

    told = Story(assemble(password="x", at=at), at=at).tell(40)

    phases = set(Record.objects.values_list("phase", flat=True))
    assert told == 40
    assert phases == {"open", "waiting", "done"}
    assert not Record.objects.filter(updated_at__gt=at).exists()
    assert not Entry.objects.filter(at__gt=at).exists()
    assert not Record.objects.filter(is_sample=False).exists()


@pytest.mark.django_db
def test_somebody_plays_each_role():
    assemble(password="x", at=moment(MOMENTS[0]))

    played = set(RoleGrant.objects.values_list("role", flat=True))
    assert played == {Role.ADMINISTRATOR, Role.TECHNICIAN, Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.CHANGE_MANAGER,
                      Role.AUDITOR, Role.ORGANIZATION_MANAGER}  # fmt: skip
    assert User.objects.count() == 40
    assert Service.objects.count() == 6


@pytest.mark.django_db
def test_the_log_lets_go_of_the_sample_alone(house, vpn):
    model = propose_model(
        by=house.ines, at=moment(MOMENTS[0]), name="Restart", services=[vpn], implementation_plan="Restart it.",
        back_out_plan="Leave the other one alone.",
    )  # fmt: skip

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(subject_kind="change_model", subject_id=model.pk).delete()
    assert Entry.objects.filter(subject_kind="change_model").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("present", MOMENTS[-1:])
def test_a_year_of_outages_is_told_and_goes_with_the_sample(present):
    at = moment(present)
    cast = assemble(password="x", at=at)
    Story(cast, at=at).tell(12)

    told = Logbook(cast, at=at).tell()

    assert told > len(FAILURES)
    assert set(Outage.objects.values_list("state", flat=True)) >= {"confirmed", "withdrawn"}
    assert Outage.objects.filter(ended_at=None, is_planned=False).exists()
    assert not Entry.objects.filter(at__gt=at).exists()
    assert ServiceDay.objects.filter(lost_hundredths__gt=0).exists()
    remove()
    assert not Outage.objects.exists()
    assert not ServiceDay.objects.exists()
    assert not Entry.objects.filter(subject_kind="outage").exists()


@pytest.mark.django_db
def test_removal_leaves_what_is_real(house, log_incident):
    real = log_incident()
    at = moment(MOMENTS[0])
    cast = assemble_beside(at)
    by_sample = cast.staff["mei"]
    from incidents import operations

    operations.assign(incident=real, by=by_sample, at=at, team=house.networks)

    remove()

    assert Record.objects.get().pk == real.pk
    assert Entry.objects.filter(subject_id=real.pk).count() == 2
    assert User.objects.get(username="mei").is_active is False
    assert not User.objects.filter(is_sample=True).exists()
    assert not Organization.objects.filter(is_sample=True).exists()
    with pytest.raises(CommandError, match="Real records still name"):
        call_command("seed")


def assemble_beside(at):
    """The sample beside real people who have its names: those give way first."""
    Organization.objects.filter(slug="northwind").update(name="Real provider", slug="real-provider")
    User.objects.exclude(username="mei").update(email="")
    for user in User.objects.all():
        user.username = f"real-{user.username}"
        user.save(update_fields=["username"])
    for team in Team.objects.all():
        team.name, team.slug = f"Real {team.name}", f"real-{team.slug}"
        team.save(update_fields=["name", "slug"])
    return assemble(password="x", at=at)


@pytest.mark.django_db
def test_a_second_seed_says_that_it_is_there():
    assemble(password="x", at=moment(MOMENTS[0]))

    with pytest.raises(CommandError, match="here already"):
        call_command("seed")


@pytest.mark.django_db
@pytest.mark.parametrize("present", MOMENTS[-1:])
def test_three_months_of_reports_are_told_and_go_with_the_sample(present):
    at = moment(present)
    cast = assemble(password="x", at=at)
    Story(cast, at=at).tell(12)
    Logbook(cast, at=at).tell()

    told = Reporter(cast, at=at).tell()

    assert told == 5
    states = set(ServiceReport.objects.values_list("state", flat=True))
    assert states == {"compiled", "issued", "accepted", "disputed"}
    assert ServiceReport.objects.get(edition=2).predecessor.is_disputed
    assert not any(list(faults_of(each)) for each in ServiceReport.objects.frozen())
    assert [action.is_done for action in ReviewAction.objects.order_by("pk")] == [False, True]
    assert not Entry.objects.filter(at__gt=at).exists()
    remove()
    assert not ServiceReport.objects.exists()
    assert not Organization.objects.exists()
    assert not Entry.objects.filter(subject_kind__in=["report", "report_plan"]).exists()
