"""Who finds in their inbox that what a service is said to be has changed: who answers for it, and its customers."""

from typing import Any

from django.db.models import Q, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications import subjects
from notifications.models import NoticeKind
from notifications.subscriptions import tell
from people.enums import Role
from people.models import Organization, RoleGrant, User
from services.models import Offering, Service
from services.queries import services_visible_to
from services.specifications.models import Specification
from services.specifications.queries import is_inside, statements_for_organization

from .tracing import agreements_of

KIND = "service"
OWNS = gettext_lazy("because you own the service")
LEADS = gettext_lazy("because your team supports the service")
SIGNS = gettext_lazy("because you sign an agreement on the service")
MANAGES = gettext_lazy("because you manage your organization")
# What readers see of a statement; other words for it only help to find it.
READ = ("key", "cell", "text", "call", "bound", "value")


def register() -> None:
    """Called when the app is ready."""
    subjects.declare(KIND, label=gettext_lazy("Service"), visible_to=seen_by)
    subscribe("specifications.began", to=["specification.began"], handler=began)


def seen_by(user: Any) -> Any:
    """What the person may see, each leading to the page on their side."""
    return services_visible_to(user).annotate(is_in_portal=Value(not is_inside(user)))


def began(entry: Entry) -> None:
    """Tell our side of every version, and customers of one in which something differs that is for them to read."""
    rows = Specification.objects.filter(service_id=entry.subject_id)
    version = rows.filter(number=entry.data["version"]).select_related("service__owner", "service__support_team__lead")
    found = version.first()
    if found is None or found.valid_from is None:
        return
    service, day = found.service, found.valid_from
    earlier = rows.filter(number=entry.data["earlier"]).first()

    def ours() -> str:
        said = {"number": found.number, "day": date_format(day, "j M Y")}
        return _("Version %(number)d of its specification holds from %(day)s.") % said

    def theirs() -> str:
        return _("What you get was changed. It holds from %(day)s.") % {"day": date_format(day, "j M Y")}

    about = subjects.About(KIND, service.pk, label=service.name)
    tell(entry, about, NoticeKind.CHANGED, _our_people(service), ours)
    tell(entry, about, NoticeKind.CHANGED, _their_people(service, found, earlier), theirs)


def _our_people(service: Service) -> dict[User, Any]:
    """The owner, who leads the team that supports it, and who signs for the provider; each once, with the first why."""
    people: dict[User, Any] = {}
    if service.owner is not None:
        people[service.owner] = OWNS
    if service.support_team is not None and service.support_team.lead is not None:
        people.setdefault(service.support_team.lead, LEADS)
    for agreement in agreements_of(service):
        if agreement.provider_signatory is not None:
            people.setdefault(agreement.provider_signatory, SIGNS)
    return people


def _their_people(service: Service, found: Specification, earlier: Specification | None) -> dict[User, Any]:
    """Who signs for customers, and who manages one that has an agreement or an offering of the service."""
    agreements = [each for each in agreements_of(service) if each.service_id is not None]
    people = {each.partner_signatory: SIGNS for each in agreements if each.partner_signatory is not None}
    named = {each.organization_id for each in agreements} | {
        each.requester.organization_id for each in agreements if each.requester is not None
    }
    offered = Offering.objects.filter(service=service, is_active=True).values("organizations")
    customers = Organization.objects.filter(Q(pk__in=named - {None}) | Q(pk__in=offered), is_provider=False)
    grants = RoleGrant.objects.filter(role=Role.ORGANIZATION_MANAGER, organization__in=customers)
    for grant in grants.select_related("user").order_by("user__name", "user_id"):
        people.setdefault(grant.user, MANAGES)
    differs = {key: _differs(key, found, earlier) for key in {each.organization_id for each in people}}
    return {person: why for person, why in people.items() if differs[person.organization_id]}


def _differs(organization_id: int | None, found: Specification, earlier: Specification | None) -> bool:
    rows = statements_for_organization(organization_id)
    said, before = (
        list(rows.filter(specification=each).order_by("cell", "position", "id").values_list(*READ)) if each else []
        for each in (found, earlier)
    )
    return said != before
