"""People, the organizations they belong to, the teams they work in, what they may do, and their API tokens."""

from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .enums import Density, NavGrouping, Role, Theme


def validate_time_zone(value: str) -> None:
    """Refuse a name that the IANA time zone database does not hold."""
    if value not in available_timezones():
        raise ValidationError(_("“%(zone)s” is no time zone. Pick one such as Europe/Oslo."), params={"zone": value})


class Vocabulary(models.Model):
    """
    In which words pages speak (docs/guide/vocabularies.md). Those that come with Steward have their words in files.

    :ivar words: of own vocabularies: language, term, form, word. :ivar version: counts every change of words, since
        what was made of them is kept.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    is_shipped = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    words = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-is_shipped", "id"]
        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")
        constraints = [
            models.UniqueConstraint(
                "is_default", condition=models.Q(is_default=True), name="people_vocabulary_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    """A customer organization, or the provider itself. Every record belongs to exactly one."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    is_provider = models.BooleanField(_("is the provider"), default=False)
    vocabulary = models.ForeignKey(
        Vocabulary,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("vocabulary"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def matching(self, text: str) -> "UserQuerySet":
        """People whose name, e-mail, phone or user name holds the text."""
        wanted = models.Q()
        for word in text.split():
            wanted &= (
                models.Q(name__icontains=word)
                | models.Q(email__icontains=word)
                | models.Q(phone__icontains=word)
                | models.Q(username__icontains=word)
            )
        return self.filter(wanted)


_PeopleManager = BaseUserManager.from_queryset(UserQuerySet)


class UserManager(_PeopleManager):  # type: ignore[valid-type, misc]
    def create_user(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> "User":
        user = cast(User, self.model(username=username, email=self.normalize_email(email), **fields))
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> "User":
        """Make an administrator of the provider. The first one of an empty installation brings the provider along."""
        if "organization" not in fields:
            own = Organization.objects.filter(is_provider=True, is_sample=False).order_by("pk").first()
            fields["organization"] = own or Organization.objects.create(
                name=str(_("Service provider")), slug="service-provider", is_provider=True
            )
        user = self.create_user(username, email, password, is_staff=True, is_superuser=True, **fields)
        RoleGrant.objects.create(user=user, role=Role.ADMINISTRATOR)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who asks for help, gives it, or watches over it. Never deleted, only deactivated."""

    username = models.CharField(_("user name"), max_length=150, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=200)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    location = models.CharField(_("location"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="people", verbose_name=_("organization")
    )
    is_vip = models.BooleanField(_("VIP"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the set-up pages"), default=False)
    is_sample = models.BooleanField(default=False, editable=False)
    absent_until = models.DateField(_("absent until"), null=True, blank=True)
    deputy = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    external_key = models.CharField(max_length=200, blank=True, editable=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    vocabulary = models.ForeignKey(
        Vocabulary,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("vocabulary"),
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=12, choices=Density.choices, default=Density.STANDARD)
    has_single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    # Keys that the person has moved, by the name of the act; which there are is the shell's to know.
    own_keys = models.JSONField(default=dict, blank=True, editable=False)
    nav_grouping = models.CharField(
        _("navigation"), max_length=10, choices=NavGrouping.choices, default=NavGrouping.PROCESS
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "name"]

    objects = UserManager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="people_user_email_once"),
            models.UniqueConstraint(
                "external_key", condition=~models.Q(external_key=""), name="people_user_external_key_once"
            ),
        ]
        indexes = [
            GinIndex(
                fields=["name", "email", "phone", "username"],
                name="people_user_typed",
                opclasses=["gin_trgm_ops"] * 4,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class Team(models.Model):
    """A group of people who take work together."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    lead = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="teams_led")
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    calendar = models.ForeignKey("calendars.Calendar", on_delete=models.PROTECT, null=True, blank=True)
    is_first_line = models.BooleanField(_("first line"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = _("membership")
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="people_membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class RoleGrant(models.Model):
    """A role given to a person, for one organization or (none named) for all of them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=30, choices=[c for c in Role.choices if c[0] != Role.REQUESTER])
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("only for organization")
    )
    granted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organization"], name="people_role_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class ApiToken(models.Model):
    """
    A bearer token of the REST API. Only its SHA-256 is kept; the token itself is shown once.

    A plain hash is right here and a slow one would be wrong: the token has 256 random bits, so there is nothing to
    guess, and it is checked on every request.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=120)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"
