"""How allauth treats accounts here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class LocalAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a user manager, never by the visitor."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
