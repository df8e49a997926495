"""Who may sign in with a local account, and which Django permissions the set-up pages see."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from .access import can
from .models import User
from .vocabularies.layers import one_with_layers


class PeopleBackend(AuthenticationBackend):
    """Local accounts by allauth; the set-up pages (Django admin) follow the matrix, not Django's own tables."""

    def get_user(self, user_id: Any) -> User | None:
        """Whoever signed in, with the words they speak."""
        user = one_with_layers(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return can(user_obj, "setup.edit")

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return can(user_obj, "setup.edit")
