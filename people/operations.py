"""The acts on people. What calls for a log entry is logged by the caller: the log stands above this layer."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.refusals import Refused

from .access import require
from .models import Organization, User


@transaction.atomic
def create_person(*, by: Any, name: str, organization: Organization, email: str = "", phone: str = "") -> User:
    """
    Enter a person who asks for help. They have no password, so they can't sign in until somebody invites them.

    :raises NotAllowed: `by` may not add people to this organization.
    :raises Refused: no name, an unfit address, or an address that belongs to somebody.
    """
    stands_in = User(organization=organization)
    require(by, "people.add", stands_in)
    name = " ".join(name.replace("\x00", "").split())
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
    Change one's own language, time zone, theme, density and keys. Nothing is logged: it concerns nobody else.

    :raises Refused: a value that does not fit.
    """
    require(by, "people.profile")
    allowed = {"time_zone", "language", "theme", "density", "has_single_keys"}
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
