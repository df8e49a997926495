"""Things that a person makes and lets others read. What they show follows the rights of who reads."""

from collections.abc import Collection, Mapping
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import NotAllowed, Refused, Stale
from people.access import access_of, can
from people.enums import Role
from people.models import Organization, Team, User

MOST_PEOPLE = 50


class SharedQuerySet(models.QuerySet[Any]):
    operation = "dashboard.view"

    def visible_to(self, user: Any) -> Self:
        """One's own, and what is shared with the person, a team or role of theirs, or their organization."""
        access = access_of(user)
        if not access.allows(self.operation):
            return self.none()
        shared = Q(roles__overlap=[str(role) for role in access.reach])
        for name, keys in (
            ("people", [user.pk]), ("teams", sorted(access.team_ids)), ("organizations", [user.organization_id])
        ):  # fmt: skip
            if keys:
                field = self.model._meta.get_field(name)
                through = field.remote_field.through  # type: ignore[union-attr] # many to many
                ours, theirs = field.m2m_column_name(), field.m2m_reverse_name()  # type: ignore[union-attr]
                shared |= Q(Exists(through.objects.filter(**{ours: OuterRef("pk"), f"{theirs}__in": keys})))
        return self.filter(Q(owner=user.pk) | shared, removed_at=None)

    def owned_by(self, user: Any) -> Self:
        """What the person may change; removed ones too, which they can take back."""
        return self.filter(owner=user.pk) if access_of(user).allows(self.operation) else self.none()


class Shared(models.Model):
    """
    :ivar owner: who may change it; nobody for those that come with Steward. :ivar roles: of `people.enums.Role`.
    :ivar removed_at: taken away, and back again as long as nobody has cleared it up.
    """

    name = models.CharField(gettext_lazy("name"), max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    organizations = models.ManyToManyField(Organization, related_name="+", blank=True)
    roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name as people read it; those that come with Steward are translated."""
        return _(self.name) if self.is_shipped else self.name

    @property
    def is_shipped(self) -> bool:
        return self.owner_id is None

    @property
    def is_shared(self) -> bool:
        return bool(self.roles or self.people.exists() or self.teams.exists() or self.organizations.exists())


def lock(row: Any, *, by: Any, version: int | None, operation: str = "dashboard.edit") -> Any:
    """
    The row to change, and nobody else changes it meanwhile.

    :param version: that the person saw; None does not ask. :raises NotAllowed: it is not theirs. :raises Stale:
    """
    locked = type(row).objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if locked is None or locked.owner_id != by.pk or not can(by, operation):
        raise NotAllowed.because(
            "not_allowed", _("Only whoever made this changes it. Make a copy, and change that one.")
        )
    if version is not None and version != locked.version:
        raise Stale.because(
            "stale",
            _("This was changed since you opened it. Nothing of yours was saved; look at it anew, then repeat."),
        )
    return locked


def touched(row: Any, at: Any, *fields: str) -> None:
    """Save fields, and the version that comes after."""
    row.version += 1
    row.changed_at = at
    row.save(update_fields=["version", "changed_at", *fields])


def take_away(row: Any, *, by: Any, at: Any) -> tuple[Any, bool]:
    """Hide it from everybody; it can be given back for a while. Returns the row, and whether that is new."""
    locked = lock(row, by=by, version=None)
    is_new = locked.removed_at is None
    if is_new:
        locked.removed_at = at
        touched(locked, at, "removed_at")
    return locked, is_new


def give_back(row: Any, *, by: Any, at: Any) -> tuple[Any, bool]:
    """Undo `take_away`. Returns the row, and whether that is new."""
    locked = lock(row, by=by, version=None)
    is_new = locked.removed_at is not None
    if is_new:
        locked.removed_at = None
        touched(locked, at, "removed_at")
    return locked, is_new


def named(typed: str, *, by: Any, is_self_known: bool = False) -> list[Any]:
    """
    People out of sign-in names and addresses with commas between them.

    :param is_self_known: whether one may name oneself. :raises Refused: somebody who can't be found, or too many.
    """
    names = [name.strip() for name in typed.replace("\n", ",").split(",") if name.strip()]
    if len(names) > MOST_PEOPLE:
        said = _("At most %(count)s people fit. Take some out.") % {"count": MOST_PEOPLE}
        raise Refused.because("too_many", said, "people")
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= Q(username__iexact=name) | Q(email__iexact=name)
    found = list(people_for(by).filter(wanted))
    if is_self_known and any(name.lower() in (by.username.lower(), by.email.lower()) for name in names):
        found.append(by)
    told = {each.username.lower() for each in found} | {each.email.lower() for each in found}
    if missing := [name for name in names if name.lower() not in told]:
        said = _("Nobody whom you may see is called %(names)s. Check how it is written.")
        raise Refused.because("unknown", said % {"names": ", ".join(missing[:5])[:200]}, "people")
    return found


def share(row: Any, *, by: Any, with_whom: Mapping[str, Collection[Any]]) -> None:
    """
    Set who may read it. :param with_whom: `people`, `teams`, `organizations` as rows, and `roles`.

    :raises NotAllowed: roles and organizations need the right to share widely. :raises Refused: a team or organization
        that is not one's own, a role that does not exist, too many people.
    """
    access, wide = access_of(by), can(by, "dashboard.share")
    people, teams = list(with_whom.get("people", ())), list(with_whom.get("teams", ()))
    organizations, roles = list(with_whom.get("organizations", ())), list(with_whom.get("roles", ()))
    if (organizations or roles) and not wide:
        raise NotAllowed.because(
            "not_allowed",
            _("You may share this with people and your teams. For roles and whole organizations ask a team lead."),
        )
    if unknown := set(roles) - set(Role.values):
        raise Refused.because("unknown", _("There is no role “%(name)s”.") % {"name": sorted(unknown)[0][:40]}, "roles")
    if len(people) > MOST_PEOPLE:
        raise Refused.because(
            "too_many", _("At most %(count)s people fit. Share it with a team.") % {"count": MOST_PEOPLE}, "people"
        )
    if not wide and any(team.pk not in access.team_ids for team in teams):
        raise Refused.because("unknown", _("Choose among your own teams."), "teams")
    reachable = {each.pk for each in organizations_for(by)}
    if any(each.pk not in reachable for each in organizations):
        raise Refused.because("unknown", _("Choose among the organizations that your roles cover."), "organizations")
    row.people.set(people)
    row.teams.set(teams)
    row.organizations.set(organizations)
    row.roles = sorted(set(roles))


def organizations_for(user: Any) -> Any:
    """Those that a person may share with."""
    rows = Organization.objects.filter(is_active=True).order_by("name")
    condition = access_of(user).rows("dashboard.share", own=Q(pk__in=[]), organization="pk")
    return rows.filter(condition)


def teams_for(user: Any) -> Any:
    """One's own teams, or all for those who may share widely."""
    rows = Team.objects.filter(is_active=True).order_by("name")
    return rows if can(user, "dashboard.share") else rows.filter(pk__in=access_of(user).team_ids)


def people_for(user: Any) -> Any:
    """People who could read something shared: those of organizations within reach, and one's own."""
    rows = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name", "pk")
    condition = access_of(user).rows("dashboard.view", own=Q(organization=user.organization_id))
    return rows.filter(condition | Q(organization=user.organization_id)) if condition else rows
