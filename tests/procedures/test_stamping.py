"""A record meets the version that is in force when it comes to a step of its process, and keeps it."""

from typing import Any

from incidents import operations
from procedures.defaults import ensure_base_set
from procedures.models import Place, Procedure, Visit
from records import practices
from tests.conftest import moment

AT = moment("2026-03-02 09:00")


def visits(record: Any) -> list[tuple[str, str, bool]]:
    found = Visit.objects.filter(record_id=record.pk).order_by("pk").select_related("version__procedure")
    return [(each.version.procedure.slug, each.step, each.left_at is None) for each in found]


def test_every_place_is_known_to_the_database(db: None) -> None:
    declared = {(p.kind, str(s), p.process, step) for p in practices.all_practices() for s, step in p.steps.items()}

    assert set(Place.objects.values_list("kind", "state", "process", "step")) == declared


def test_an_incident_meets_a_procedure_at_each_step_and_waiting_changes_nothing(house: Any, log_incident: Any) -> None:
    incident = log_incident()
    incident = operations.start(incident=incident, by=house.tom, at=moment("2026-03-02 09:05"))
    incident = operations.hold(
        incident=incident, by=house.tom, at=moment("2026-03-02 09:10"), hold_for="requester", question="Which office?"
    )
    operations.resume(incident=incident, by=house.tom, at=moment("2026-03-02 09:20"))

    assert visits(incident) == [
        ("incident-logging-and-classification", "accept", False),
        ("workaround-application", "diagnose", True),
    ]


def test_the_base_set_is_whole_and_adds_nothing_twice(db: None) -> None:
    before = Procedure.objects.count()
    ensure_base_set(at=AT)

    assert before == Procedure.objects.count() == 106
