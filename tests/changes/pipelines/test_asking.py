"""“May this deploy now?”: what a yes makes, and every no with its reasons."""

from datetime import timedelta

import pytest

from audit.models import Entry
from changes import operations as changes
from changes.models import Booking, Change
from changes.pipelines import operations
from changes.pipelines.models import Deployment, Environment
from common.refusals import NotAllowed, Refused
from services.models import Service
from tests.changes.conftest import gateway, write_change  # noqa: F401 - the fixtures
from tests.conftest import moment

from .conftest import MONDAY_10


def codes(deployment):
    return [each["code"] for each in deployment.reasons]


def freeze(house, start="2026-03-02 00:00", end="2026-03-03 00:00", **said):
    return changes.save_window(
        by=house.ines, at=moment("2026-03-01 09:00"), kind="freeze", name="Quarter end",
        starts_at=moment(start), ends_at=moment(end), zone="UTC", **said,
    )  # fmt: skip


def test_a_yes_for_production_comes_with_a_standard_change_under_way(ask, house, vpn, deploy_model):
    deployment = ask(run_url="https://ci.example.com/runs/1")

    change = Change.objects.get()
    assert (deployment.state, deployment.reasons, deployment.change) == ("running", [], change)
    assert (change.type, change.model, change.state) == ("standard", deploy_model, "implementing")
    assert (change.planned_from, change.planned_to) == (MONDAY_10, MONDAY_10 + timedelta(minutes=30))
    assert (change.actual_from, change.requester, list(change.services.all())) == (MONDAY_10, house.tom, [vpn])
    assert change.title == "Deploy VPN 1.0"
    assert (deployment.team, deployment.is_production, deployment.made_change) == (house.networks, True, True)
    acts = Entry.objects.filter(subject_kind="record", subject_id=change.pk).order_by("id")
    assert [entry.action for entry in acts] == ["change.created", "change.planned", "change.submitted", "change.begun"]


def test_elsewhere_no_change_is_needed_and_none_is_made(ask):
    deployment = ask(environment="staging", model="")

    assert (deployment.state, deployment.change, deployment.is_production) == ("running", None, False)
    assert not Change.objects.exists()


def test_the_policy_of_an_environment_is_data(ask, house):
    ask(environment="staging", model="")
    staging = Environment.objects.get(slug="staging")
    operations.change_environment(environment=staging, by=house.ines, at=MONDAY_10, values={"needs_change": True})

    refused = ask(environment="staging", model="", version="1.1")

    assert codes(refused) == ["no_change", "running"]


def test_names_that_stand_for_nothing_are_all_told_and_kept(ask):
    deployment = ask(service="nope", environment="moon")

    assert (deployment.state, codes(deployment)) == ("refused", ["service_unknown", "environment_unknown"])
    assert (deployment.service, deployment.asked_service, deployment.asked_environment) == (None, "nope", "moon")
    assert "production" in deployment.reasons[1]["message"]
    assert Entry.objects.filter(action="deployment.refused", subject_id=deployment.pk).exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [({"model": "nope"}, "model_unknown"), ({"change": "CHG-999999"}, "change_unknown"), ({"model": ""}, "no_change")],
)
def test_production_needs_a_model_or_a_change(ask, said, code):
    assert codes(ask(**said)) == [code]


def test_a_suspended_model_and_one_past_its_day_say_no(ask, house, deploy_model):
    assert codes(ask(at=moment("2027-03-01 10:00"))) == ["model_expired"]

    changes.suspend_model(model=deploy_model, by=house.ines, at=MONDAY_10, reason="Too many failures")

    assert codes(ask()) == ["model_state"]
    assert not Change.objects.exists()


def test_a_model_for_other_services_or_shorter_windows_says_no(ask, house, deploy_model):
    assert codes(ask(planned_minutes=61)) == ["model_window"]
    deploy_model.services.set([Service.objects.create(name="Mail", slug="mail")])

    assert codes(ask()) == ["model_services"]


def test_a_freeze_says_no_and_leaves_no_change_behind(ask, house):
    freeze(house)

    deployment = ask()

    assert codes(deployment) == ["freeze"]
    assert "Quarter end" in deployment.reasons[0]["message"]
    assert not Change.objects.exists()
    assert not Entry.objects.filter(subject_kind="record").exists()
    assert deployment.change is None


def test_the_minute_in_which_a_freeze_begins_is_frozen_and_the_one_of_its_end_is_free(ask, house):
    freeze(house, start="2026-03-02 10:30", end="2026-03-02 11:00")

    assert ask(version="before").state == "running"
    deployment = Deployment.objects.get(version="before")
    operations.report(deployment=deployment, by=house.tom, at=MONDAY_10 + timedelta(minutes=5), result="succeeded")

    assert codes(ask(version="into", at=MONDAY_10 + timedelta(minutes=6))) == ["freeze"]
    assert ask(version="after", at=MONDAY_10 + timedelta(minutes=60)).state == "running"


def test_every_conflict_is_a_reason_of_its_own(ask, house, write_change):  # noqa: F811
    freeze(house)
    running = changes.submit(change=write_change(window=("2026-03-02 10:10", "2026-03-02 12:00")), by=house.aisha,
                             at=moment("2026-03-02 09:10"))  # fmt: skip
    Change.objects.filter(pk=running.pk).update(state="scheduled")

    deployment = ask()

    assert codes(deployment) == ["freeze", "conflict"]
    assert running.reference in deployment.reasons[1]["message"]


def test_one_deployment_of_a_service_at_a_time(ask):
    first = ask()

    second = ask(version="1.1", at=MONDAY_10 + timedelta(minutes=1))

    assert codes(second) == ["running"]
    assert f"#{first.pk}" in second.reasons[0]["message"]
    assert Change.objects.count() == 1
    assert ask(version="1.1", environment="staging").state == "running"


def test_items_are_booked_by_the_change(ask, gateway):  # noqa: F811
    deployment = ask(items=["vpn-gw-2"])

    assert list(Booking.objects.values_list("change", "item")) == [(deployment.change.pk, gateway.pk)]
    assert codes(ask(environment="staging", model="", items=["nope"])) == []


def test_an_unknown_item_says_no(ask):
    assert codes(ask(items=["nope"])) == ["item_unknown"]
    assert not Change.objects.exists()


def test_people_who_must_be_told_are_told_first(ask, house, deploy_model):
    changes.change_model(model=deploy_model, by=house.ines, at=MONDAY_10, values={"communication_plan": "Mail them."})
    changes.approve_model(
        model=deploy_model, by=house.ines, at=MONDAY_10, expires_date=moment("2027-01-01 00:00").date()
    )

    assert codes(ask()) == ["notice"]
    assert ask(notice_was_sent=True).state == "running"


@pytest.fixture
def scheduled(write_change, house):  # noqa: F811
    """A change of the VPN that stands in the calendar for Thursday evening, authorized by the board."""
    change = write_change(type="emergency", harm="Nobody can work.")
    change = changes.submit(change=change, by=house.aisha, at=moment("2026-03-02 09:10"))
    return changes.authorize(change=change, by=house.ines, at=moment("2026-03-02 09:20"))


THURSDAY = moment("2026-03-05 20:00")


def test_a_scheduled_change_is_begun_in_its_window(ask, scheduled):
    deployment = ask(change=scheduled.reference, at=THURSDAY, notice_was_sent=True)

    assert (deployment.reasons, deployment.change.state) == ([], "implementing")
    assert (deployment.change.pk, deployment.made_change) == (scheduled.pk, False)


def test_a_scheduled_change_says_no_outside_its_window(ask, scheduled):
    early = ask(change=scheduled.reference, at=THURSDAY - timedelta(minutes=1), notice_was_sent=True)
    late = ask(change=scheduled.reference, at=moment("2026-03-05 22:00"), notice_was_sent=True)
    long = ask(change=scheduled.reference, at=moment("2026-03-05 21:31"), notice_was_sent=True)

    assert [codes(each) for each in (early, late, long)] == [
        ["outside_window"],
        ["outside_window"],
        ["window_too_short"],
    ]
    assert early.change == scheduled
    scheduled.refresh_from_db()
    assert scheduled.state == "scheduled"


def test_a_change_that_is_not_scheduled_or_touches_another_service_says_no(ask, write_change, house):  # noqa: F811
    draft = write_change()
    Service.objects.create(name="Mail", slug="mail")

    assert codes(ask(change=draft.reference)) == ["change_not_scheduled"]
    assert codes(ask(change=draft.reference, service="mail")) == ["change_service", "change_not_scheduled"]


def test_a_model_and_a_change_at_once_are_refused_without_a_trace(house, deploy_model):
    question = operations.Question(
        service="vpn", environment="production", version="1", commits=[("a", MONDAY_10)], planned_minutes=5,
        model=deploy_model.slug, change="CHG-1",
    )  # fmt: skip

    with pytest.raises(Refused):
        operations.ask(question=question, by=house.tom, at=MONDAY_10)

    assert not Deployment.objects.exists()


@pytest.mark.parametrize("person", ["maria", "max"])
def test_customers_may_not_ask(ask, house, person):
    with pytest.raises(NotAllowed):
        ask(by=getattr(house, person))

    assert not Deployment.objects.exists()


def test_otto_hears_nothing_of_deployments_of_others(ask, house):
    ask()

    refused = ask(by=house.otto, version="2.0")

    assert codes(refused) in (["running"], ["service_unknown"])
    assert "1.0" not in str(refused.reasons)
    assert list(Deployment.objects.visible_to(house.otto)) == [refused]
    assert not Deployment.objects.visible_to(house.maria).exists()
