"""People, teams and organizations in the REST API, for reading: other systems look up whom to name."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import LARGEST_KEY, Answer, Named, Strict, Text, named
from common.api.filters import NameQuery, PageQuery
from common.api.paging import listing_of
from common.api.views import ApiView, ListDoor, one_of
from common.refusals import Refused

from .access import access_of
from .models import Vocabulary
from .operations import set_profile
from .queries import organizations_visible_to, people_visible_to, teams_visible_to


class PersonShape(Answer):
    """Somebody who asks for help, gives it, or watches over it."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    job_title = serializers.CharField(allow_blank=True)
    location = serializers.CharField(allow_blank=True)
    organization = Named()
    is_vip = serializers.BooleanField()
    is_active = serializers.BooleanField()
    absent_until = serializers.DateField(allow_null=True)
    time_zone = serializers.CharField()
    language = serializers.CharField()


class MyselfShape(PersonShape):
    """The caller, and what they may do."""

    roles = serializers.ListField(child=serializers.CharField())
    teams = Named(many=True)
    vocabulary = serializers.CharField(
        allow_null=True, help_text="In whose words pages speak; null as the organization."
    )
    scopes = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Of the token; null for a signed-in browser."
    )


class MyselfChange(Strict):
    """What is left out stays."""

    vocabulary = Text(
        max_length=60,
        required=False,
        allow_null=True,
        help_text="Short name of a vocabulary; null as the organization.",
    )


class TeamShape(Answer):
    """A group of people who take work together."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    lead = Named(allow_null=True)
    is_first_line = serializers.BooleanField()
    is_active = serializers.BooleanField()


class OneTeamShape(TeamShape):
    """A team with its members."""

    members = Named(many=True)


class OrganizationShape(Answer):
    """A customer organization, or the provider."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    is_provider = serializers.BooleanField()
    is_active = serializers.BooleanField()


class PeopleQuery(PageQuery):
    """Filters add up."""

    q = serializers.CharField(required=False, max_length=200, help_text="Words of name, e-mail, phone or user name.")
    organization = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    is_active = serializers.BooleanField(required=False, allow_null=True, default=None)


def person(user: Any) -> dict[str, Any]:
    """The dictionary of a `PersonShape`. :param user: read with its organization."""
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "job_title": user.job_title,
        "location": user.location,
        "organization": {"id": user.organization_id, "name": user.organization.name},
        "is_vip": user.is_vip,
        "is_active": user.is_active,
        "absent_until": user.absent_until,
        "time_zone": user.time_zone,
        "language": user.language,
    }


def team(row: Any) -> dict[str, Any]:
    """The dictionary of a `TeamShape`. :param row: read with its lead."""
    return {
        "id": row.pk,
        "slug": row.slug,
        "name": row.name,
        "lead": named(row.lead_id, row.lead.name if row.lead else None),
        "is_first_line": row.is_first_line,
        "is_active": row.is_active,
    }


def organization(row: Any) -> dict[str, Any]:
    """The dictionary of an `OrganizationShape`."""
    return {
        "id": row.pk,
        "slug": row.slug,
        "name": row.name,
        "is_provider": row.is_provider,
        "is_active": row.is_active,
    }


class People(ListDoor):
    """People."""

    operations = {"GET": "people.view"}

    @describe("List people", gives=listing_of(PersonShape), parameters=[PeopleQuery])
    def get(self, request: Any) -> Any:
        query = PeopleQuery.of(request)
        rows = people_visible_to(request.user).select_related("organization")
        if "q" in query:
            rows = rows.matching(query["q"])
        if "organization" in query:
            rows = rows.filter(organization_id=query["organization"])
        return self.listed(request, rows, query, person)


class Myself(ApiView):
    """The caller."""

    operations = {"GET": "people.myself", "PATCH": "people.profile"}

    @describe("Get oneself: who the token or session acts for, and what it may do", gives=MyselfShape)
    def get(self, request: Any) -> Any:
        return self.shown(request)

    @describe("Change how pages speak to oneself", takes=MyselfChange, gives=MyselfShape)
    def patch(self, request: Any) -> Any:
        values = MyselfChange.read(request.data, by=request.user)
        if "vocabulary" in values:
            set_profile(by=request.user, values={"vocabulary": _vocabulary(values["vocabulary"])})
        return self.shown(request)

    def shown(self, request: Any) -> Any:
        access = access_of(request.user)
        rows = request.user.teams.order_by("name").values_list("pk", "name")
        body = person(request.user) | {
            "roles": sorted(role.value for role in access.reach),
            "teams": [named(key, name) for key, name in rows],
            "vocabulary": request.user.vocabulary.slug if request.user.vocabulary else None,
            "scopes": None if access.token_scopes is None else sorted(access.token_scopes),
        }
        return self.answer(body)


def _vocabulary(slug: str | None) -> Vocabulary | None:
    if slug is None:
        return None
    found = Vocabulary.objects.filter(slug=slug).first()
    if found is None:
        said = {"name": slug}
        raise Refused.because("unknown_vocabulary", _("There is no vocabulary “%(name)s”.") % said, "vocabulary")
    return found


class OnePerson(ApiView):
    """One person."""

    operations = {"GET": "people.view"}

    @describe("Get a person", gives=PersonShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        rows = people_visible_to(request.user).select_related("organization")
        return self.answer(person(one_of(rows, number)))


class Teams(ListDoor):
    """Teams."""

    operations = {"GET": "people.view"}

    @describe("List teams", gives=listing_of(TeamShape), parameters=[NameQuery])
    def get(self, request: Any) -> Any:
        query = NameQuery.of(request)
        return self.listed(request, teams_visible_to(request.user).select_related("lead"), query, team)


class OneTeam(ApiView):
    """One team."""

    operations = {"GET": "people.view"}

    @describe("Get a team with its members", gives=OneTeamShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = one_of(teams_visible_to(request.user).select_related("lead"), number)
        members = found.members.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
        return self.answer(team(found) | {"members": [named(key, name) for key, name in members]})


class Organizations(ListDoor):
    """Organizations."""

    operations = {"GET": "people.view"}

    @describe("List organizations", gives=listing_of(OrganizationShape), parameters=[NameQuery])
    def get(self, request: Any) -> Any:
        query = NameQuery.of(request)
        return self.listed(request, organizations_visible_to(request.user), query, organization)


class OneOrganization(ApiView):
    """One organization."""

    operations = {"GET": "people.view"}

    @describe("Get an organization", gives=OrganizationShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(organization(one_of(organizations_visible_to(request.user), number)))
