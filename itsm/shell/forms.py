"""Forms of the shell: signing in and passwords, with labels that say what to type and nothing repeated inside."""

from typing import Any

from allauth.account import forms as accounts
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class SignInForm(accounts.LoginForm):
    """Signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, login=_("User name or e-mail"))
        self.fields["login"].widget.attrs["autofocus"] = True


class ChangePasswordForm(accounts.ChangePasswordForm):
    """A new password in place of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, oldpassword=_("Present password"), **_NEW)


class SetPasswordForm(accounts.SetPasswordForm):
    """A first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, **_NEW)


class ResetPasswordForm(accounts.ResetPasswordForm):
    """Where the link to a new password is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, email=_("E-mail"))


class ResetPasswordKeyForm(accounts.ResetPasswordKeyForm):
    """A new password by the link in the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, **_NEW)


_NEW = {"password1": _("New password"), "password2": _("New password, once more")}


def _plain(form: forms.Form, **labels: Any) -> None:
    """Put our labels on the fields and take out what would repeat them."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
    if "password1" in form.fields:
        form.fields["password1"].help_text = _demands()


def _demands() -> str:
    """What a password has to be, in a line instead of a list of what it must not be."""
    validators = get_default_password_validators()
    length = max((each.min_length for each in validators if isinstance(each, MinimumLengthValidator)), default=1)
    return ngettext(
        "At least %(count)d character. A few words that belong together for you alone are good; your name is not.",
        "At least %(count)d characters. A few words that belong together for you alone are good; your name is not.",
        length,
    ) % {"count": length}
