"""Find or make the people, teams and other things that a log names. A batch asks for all of its names at once."""

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as Mapping_
from typing import Any

from django.db.models import Model
from django.utils.text import slugify

from people.models import Membership, Organization, Team, User
from records.models import Category
from services.models import ConfigurationItem, Service

from .mapping import Mapping

CACHED_NAMES = 200_000


def short_name(text: str, length: int = 80) -> str:
    """A slug that stays apart from others that look alike."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{slugify(text)[: length - 9]}-{digest}".lstrip("-")


class Directory:
    """
    Names of the log -> our keys. People are the same person when the log writes the same name.

    Imported people can't sign in (no password) and get no role; they are members of the teams in which they worked.
    """

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.organization = self._row(Organization, mapping.organization)
        self.provider = Organization.objects.filter(is_provider=True, is_sample=False).first() or self.organization
        self.service = self._row(Service, mapping.service) if mapping.service else None
        self.people: dict[str, int] = {}
        self.organizations: dict[str, int] = {mapping.organization: self.organization.pk}
        self.teams: dict[str, int] = {}
        self.services: dict[str, int] = {self.service.name: self.service.pk} if self.service else {}
        self.items: dict[str, int] = {}
        self.categories: dict[tuple[str, str], int] = {}
        self._members: set[tuple[int, int]] = set()

    def _row(self, model: type[Any], name: str) -> Any:
        found = model.objects.filter(name=name[:200]).first()
        return found or model.objects.create(name=name[:200], slug=short_name(name))

    def prepare(
        self,
        *,
        people: Mapping_[str, str],
        teams: Iterable[str],
        services: Iterable[str],
        items: Iterable[str],
        categories: Iterable[tuple[str, str]],
        members: Iterable[tuple[str, str]],
    ) -> None:
        """
        Make sure that all of these names are known; a few statements, however many names.

        :param people: name -> name of the organization, empty for the provider's own people.
        """
        if len(self.people) > CACHED_NAMES:
            self.people.clear()
        self._named(
            Organization,
            self.organizations,
            people.values(),
            lambda name: Organization(name=name, slug=short_name(name)),
        )
        self._people(people)
        self._named(Team, self.teams, teams, lambda name: Team(name=name, slug=short_name(name)))
        self._named(Service, self.services, services, lambda name: Service(name=name, slug=short_name(name)))
        self._named(ConfigurationItem, self.items, items, lambda name: ConfigurationItem(name=name))
        self._categories(categories)
        self._memberships(members)

    def _named(self, model: type[Model], known: dict[str, int], names: Iterable[str], make: Any) -> None:
        wanted = {name for name in names if name and name not in known}
        if not wanted:
            return
        known.update(model._default_manager.filter(name__in=wanted).values_list("name", "pk"))
        new = sorted(wanted - known.keys())
        model._default_manager.bulk_create([make(name) for name in new], ignore_conflicts=True)
        known.update(model._default_manager.filter(name__in=new).values_list("name", "pk"))

    def _key(self, name: str) -> str:
        return f"{self.mapping.name}:{name}"[:200]

    def _people(self, people: Mapping_[str, str]) -> None:
        wanted = {self._key(name): name for name in people if name and name not in self.people}
        if not wanted:
            return
        self._learn(wanted)
        new = [
            User(
                username=short_name(f"{self.mapping.name} {name}", 150),
                name=name[:200],
                organization_id=self.organizations.get(people[name], self.provider.pk),
                external_key=key,
                password="!",  # noqa: S106 - the mark for "no password fits"
            )
            for key, name in sorted(wanted.items())
            if name not in self.people
        ]
        User.objects.bulk_create(new, ignore_conflicts=True)
        self._learn(wanted)

    def _learn(self, wanted: dict[str, str]) -> None:
        for key, pk in User.objects.filter(external_key__in=wanted).values_list("external_key", "pk"):
            self.people[wanted[key]] = pk

    def _categories(self, pairs: Iterable[tuple[str, str]]) -> None:
        wanted = {pair for pair in pairs if pair[0] and pair not in self.categories}
        for parents in (True, False):
            pairs_now = {(top, "") for top, _sub in wanted} if parents else {pair for pair in wanted if pair[1]}
            for top, sub in sorted(pairs_now - self.categories.keys()):
                category, _is_new = Category.objects.get_or_create(
                    name=(sub or top)[:120], parent_id=None if parents else self.categories[top, ""]
                )
                self.categories[top, sub] = category.pk

    def _memberships(self, pairs: Iterable[tuple[str, str]]) -> None:
        wanted = {(self.people[person], self.teams[team]) for person, team in pairs} - self._members
        if wanted:
            Membership.objects.bulk_create(
                [Membership(user_id=user, team_id=team) for user, team in sorted(wanted)], ignore_conflicts=True
            )
            self._members |= wanted
