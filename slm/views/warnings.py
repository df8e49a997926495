"""The page of an agreement's warnings: when somebody is told beside the usual moments, and who."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.doors import requires

from .. import operations
from ..models import Agreement
from ..warning_forms import WarningsForm


@requires("agreement.view")
@require_http_methods(["GET", "POST"])
def warnings(request: HttpRequest, slug: str) -> HttpResponse:
    """The warnings of an agreement; with the right to change it, the form that does."""
    found = get_object_or_404(Agreement, slug=slug)
    may_edit = access.can(request.user, "agreement.edit", found)
    form = WarningsForm(request.POST if request.method == "POST" else None, agreement=found)
    status = 200
    if request.method == "POST":
        access.require(request.user, "agreement.edit", found)
        status = 422
        if form.is_valid():
            try:
                saved = operations.edit_agreement(
                    agreement=found,
                    by=request.user,
                    at=now(),
                    values={"thresholds": form.cleaned_data["thresholds"]},
                    version=form.cleaned_data["seen_version"],
                )
            except Stale as stale:
                form.add_error(None, str(stale))
                status = stale.status
            except Refused as refused:
                form.tell(refused.refusals)
            else:
                messages.success(request, _("Warnings saved in version %(number)s.") % {"number": saved.latest_version})
                return redirect("slm:warnings", saved.slug)
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    return render(request, "slm/warnings.html", {"agreement": found, "form": form, "may_edit": may_edit}, status=status)
