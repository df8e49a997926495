"""Who may sign in with a local account, and which Django permissions the set-up pages see."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from .access import can


class PeopleBackend(AuthenticationBackend):
    """Local accounts by allauth; the set-up pages (Django admin) follow the matrix, not Django's own tables."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return can(user_obj, "setup.edit")

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return can(user_obj, "setup.edit")
