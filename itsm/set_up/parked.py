"""Set-up page of work that follows an act: what still waits, and what failed eight times and was parked."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Dispatch
from common.time import now
from people.doors import person_of

from . import operations
from .audited import AuditedAdmin, ReadOnly
from .site import site


@admin.register(Dispatch, site=site)
class DispatchAdmin(ReadOnly, AuditedAdmin):
    fields = ["subscriber", "entry", "state", "attempts", "due_at", "error"]
    list_display = ["subscriber", "entry", "state", "attempts", "due_at", "error"]
    list_filter = ["state", "subscriber"]
    list_select_related = ["entry"]
    ordering = ["-id"]
    actions = ["try_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispatch]:
        """What was delivered is of no interest here, and there is a lot of it."""
        return super().get_queryset(request).exclude(state=Dispatch.State.DONE)

    @admin.action(description=gettext_lazy("Try the parked ones again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        count = operations.replay(by=person_of(request), at=now(), dispatches=queryset)
        messages.info(request, _("Waiting to be tried again: %(count)s.") % {"count": count})
