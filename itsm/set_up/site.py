"""The site that the set-up pages stand on: our sign-in, our rights, no actions that bypass the log."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import NotAllowed
from people import access


class SetUpSite(AdminSite):
    """Open to administrators whom the account also marks as such; signing in and out is the product's own."""

    site_header = gettext_lazy("Steward set-up")
    site_title = gettext_lazy("Steward set-up")
    index_title = gettext_lazy("What do you want to set up?")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and getattr(user, "is_staff", False) and access.can(user, "setup.edit"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            access.require(request.user, "setup.edit")
            if not self.has_permission(request):
                raise NotAllowed.because(
                    "no_set_up", _("Your account may not open the set-up pages. Another administrator can change that.")
                )
            return guarded(request, *args, **kwargs)

        return door

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_login")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")


site = SetUpSite(name="admin")
# It would remove many rows without asking any of our operations.
site.disable_action("delete_selected")
