"""What an agent does while somebody is on the phone: several acts that stand or fall together."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people import operations as people_operations
from people.models import Organization, User

from ..models import Incident
from . import assignment, creation, ending


@transaction.atomic
def log_and_assign(*, by: Any, at: datetime, assignee: Any = None, team: Any = None, **said: Any) -> Incident:
    """
    Log an incident and give it to somebody in one act; with neither person nor team it stays new.

    :param assignee: a person; the team is the one given, else the one of the service if they are in it, else theirs.
    :param said: as `create`.
    :raises NotAllowed: :raises Refused: as `create` and `assign`.
    """
    incident = creation.create(by=by, at=at, **said)
    if assignee is None and team is None:
        return incident
    return assignment.assign(
        incident=incident,
        by=by,
        at=at,
        team=team or _team_of(assignee, incident),
        assignee=assignee,
        confirm_absent=True,
    )


def _team_of(person: Any, incident: Incident) -> Any:
    teams = list(person.teams.filter(is_active=True).order_by("name"))
    wanted = incident.service.support_team_id if incident.service else None
    return next((team for team in teams if team.pk == wanted), teams[0] if teams else None)


@transaction.atomic
def log_and_resolve(*, by: Any, at: datetime, code: str, text: str, **said: Any) -> Incident:
    """
    Log an incident that was solved while the caller was on the phone: logged, taken and resolved in one act.

    :param code: one of `ResolutionCode`. :param text: what was done; the subject stands in when it is empty.
    :param said: as `create`.
    :raises NotAllowed: :raises Refused: as `create`; a resolution needs the service.
    """
    if not said.get("service"):
        raise Refused.because(
            "service", _("The service is missing. Choose the service that was hit, then resolve."), "service"
        )
    incident = creation.create(by=by, at=at, **said)
    taken = assignment.take(incident=incident, by=by, at=at)
    done = text.strip() or _("Solved on the phone: %(title)s") % {"title": incident.title}
    return ending.resolve(incident=taken, by=by, at=at, code=code, text=done)


@transaction.atomic
def add_caller(
    *, by: Any, at: datetime, name: str, organization: Organization, email: str = "", phone: str = ""
) -> User:
    """
    Enter a person whom nobody knew, while they are on the phone. They can't sign in until somebody invites them.

    :raises NotAllowed: :raises Refused: no name, or the e-mail belongs to somebody.
    """
    person = people_operations.create_person(by=by, name=name, organization=organization, email=email, phone=phone)
    log.record(
        "person.created",
        subject_kind="person",
        subject_id=person.pk,
        subject_label=person.name,
        organization_id=organization.pk,
        by=by,
        at=at,
        changes={"name": (None, person.name), "email": (None, person.email), "phone": (None, person.phone)},
    )
    return person
