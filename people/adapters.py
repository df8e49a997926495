"""How allauth treats accounts here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse


class LocalAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a user manager, never by the visitor."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def get_password_change_redirect_url(self, request: Any) -> str:
        """Lead back to the profile, which says that it is done; the form alone looks as if nothing had happened."""
        return reverse("people:profile")
