"""The acts on people. What calls for a log entry is logged by the caller: the log stands above this layer."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused
from common.texts import one_line

from .access import EVERYWHERE, access_of, forget, require
from .enums import Role
from .models import Organization, RoleGrant, User


@transaction.atomic
def create_person(*, by: Any, name: str, organization: Organization, email: str = "", phone: str = "") -> User:
    """
    Enter a person who asks for help. They have no password, so they can't sign in until somebody invites them.

    :raises NotAllowed: `by` may not add people to this organization.
    :raises Refused: no name, an unfit address, or an address that belongs to somebody.
    """
    stands_in = User(organization=organization)
    require(by, "people.add", stands_in)
    name = one_line(name)
    if not name or len(name) > 200:
        raise Refused.because("name", _("A person needs a name of at most 200 characters."), "caller_text")
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Refused.because(
                "email",
                _("“%(email)s” is no e-mail address. Correct it or leave it out.") % {"email": email},
                "person_email",
            ) from None
    username = f"{slugify(name, allow_unicode=True)[:100] or 'person'}-{secrets.token_hex(3)}"
    try:
        with transaction.atomic():
            return User.objects.create_user(
                username, email, None, name=name, organization=organization, phone=phone.strip()[:60]
            )
    except IntegrityError:
        raise Refused.because(
            "email_taken",
            _("%(email)s belongs to somebody else. Choose that person, or leave the address out.") % {"email": email},
            "person_email",
        ) from None


def set_profile(*, by: User, values: dict[str, Any]) -> User:
    """
    Change one's own language, words, time zone, theme, density, navigation and keys. Nothing is logged: it concerns
    nobody else.

    :raises Refused: a value that does not fit.
    """
    require(by, "people.profile")
    allowed = {"time_zone", "language", "vocabulary", "theme", "density", "has_single_keys", "own_keys", "nav_grouping"}
    unknown = set(values) - allowed
    if unknown:
        raise Refused.because("unknown_field", _("“%(name)s” can't be changed here.") % {"name": sorted(unknown)[0]})
    for name, value in values.items():
        setattr(by, name, value)
    try:
        by.clean_fields(exclude=[field.name for field in by._meta.fields if field.name not in values])
    except ValidationError as error:
        raise Refused.because("unfit", " ".join(error.messages)) from None
    by.save(update_fields=sorted(values))
    return by


def require_may_grant(*, by: User, user: User, role: str, organization: Organization | None) -> None:
    """
    Check that `by` may give or take this role: nobody hands out what is as powerful as what they hold themselves.

    An administrator of the whole installation may give and take every role, their own included. Others need the right
    to change the person, a role above the one they give, and a reach that covers the organization; they can't change
    their own roles.

    :param organization: where the role applies, None for everywhere.
    :raises NotAllowed: one of these does not hold. :raises Refused: there is no such role to give.
    """
    if role not in Role.values or role == Role.REQUESTER:
        raise Refused.because("unknown_role", _("There is no role “%(role)s” to give.") % {"role": role}, "role")
    require(by, "people.edit", user)
    reach = access_of(by).reach
    if Role.ADMINISTRATOR in reach and reach[Role.ADMINISTRATOR] is EVERYWHERE:
        return
    if by.pk == user.pk:
        raise NotAllowed.because(
            "own_roles", _("You may not change your own roles. Ask another user manager or an administrator."), "role"
        )
    # Roles are declared from the least to the most powerful.
    ranks = list(Role)
    if ranks.index(Role(role)) >= ranks.index(Role.USER_MANAGER):
        raise NotAllowed.because(
            "too_high",
            _("You may not give or take the role %(role)s: it is not below your own. Ask an administrator.")
            % {"role": Role(role).label},
            "role",
        )
    covered = reach[Role.USER_MANAGER]
    if covered is not EVERYWHERE and (organization is None or organization.pk not in covered):
        raise NotAllowed.because(
            "beyond_reach",
            _("Your own role does not reach that far. Choose an organization that it covers."),
            "organization",
        )


@transaction.atomic
def grant_role(*, by: User, user: User, role: str, organization: Organization | None = None) -> RoleGrant:
    """
    Give a person a role, for one organization or (None) for all. Administrators of all may open the set-up pages.

    :raises NotAllowed: as `require_may_grant`. :raises Refused: they have it already.
    """
    require_may_grant(by=by, user=user, role=role, organization=organization)
    grant, is_new = RoleGrant.objects.get_or_create(
        user=user, role=role, organization=organization, defaults={"granted_by": by}
    )
    if not is_new:
        raise Refused.because("has_it", _("%(name)s has this role already.") % {"name": user}, "role")
    if role == Role.ADMINISTRATOR and organization is None:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    forget(user)
    return grant


@transaction.atomic
def withdraw_role(*, by: User, grant: RoleGrant) -> None:
    """
    Take a role back; with the role of administrator goes the right to open the set-up pages.

    :raises NotAllowed: as `require_may_grant`. :raises Refused: nobody would be left who can change the set-up.
    """
    user = grant.user
    require_may_grant(by=by, user=user, role=grant.role, organization=grant.organization)
    is_administrator = grant.role == Role.ADMINISTRATOR and grant.organization_id is None
    if is_administrator:
        require_another_administrator(than=user)
    grant.delete()
    if is_administrator:
        user.is_staff = user.is_superuser = False
        user.save(update_fields=["is_staff", "is_superuser"])
    forget(user)


def require_another_administrator(*, than: User) -> None:
    """
    Lock the administrators until the end of the transaction and see that one would be left without this person.

    :raises Refused: the person is the last one who can sign in and change the set-up.
    """
    holders = RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR, organization=None)
    people = list(holders.order_by("id").values_list("user_id", flat=True))
    if than.pk in people and not User.objects.active().filter(pk__in=people).exclude(pk=than.pk).exists():
        raise Refused.because(
            "last_administrator",
            _("%(name)s is the last administrator. Make somebody else administrator first.") % {"name": than},
        )


def require_may_deactivate(*, by: User, user: User) -> None:
    """
    Check that a person's account may be ended: nobody ends their own or the last administrator's.

    :raises NotAllowed: `by` may not change the person. :raises Refused: oneself, or the last administrator.
    """
    require(by, "people.edit", user)
    if by.pk == user.pk:
        raise Refused.because(
            "oneself", _("You can't deactivate yourself. Ask another administrator to do it."), "is_active"
        )
    require_another_administrator(than=user)
