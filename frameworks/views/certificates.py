"""Certificates: the list, one of them, and as a file."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.numbers import number_in
from people.doors import requires

from ..certifying import picture, verification
from ..models import Certificate, Picture

ROWS = 50


@require_safe
@requires("practice_map.view")
def certificates(request: HttpRequest) -> HttpResponseBase:
    """All certificates, the newest first, a page at a time by key."""
    rows = Certificate.objects.select_related("by")
    before = number_in(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: ROWS + 1])
    shown = found[:ROWS]
    context = {
        "certificates": shown,
        "newer_url": "" if before is None else "?",
        "older_url": f"?before={shown[-1].pk}" if len(found) > ROWS else "",
    }
    return render(request, "frameworks/certificates.html", context)


@require_safe
@requires("practice_map.view")
def certificate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One certificate: what was compared, what was written, and whether it is as it was sealed."""
    found = get_object_or_404(Certificate.objects.select_related("by"), pk=pk)
    parts = [
        {"label": picture.label_of(name), "before": before, "after": after, "entries": entries,
         "is_equal": before == after}
        for name, (before, after, entries) in sorted(found.parts.items(), key=lambda each: picture.place_of(each[0]))
    ]  # fmt: skip
    written = sorted(found.written.items())
    context = {
        "certificate": found,
        "parts": parts,
        "written": written,
        "is_sealed": verification.is_sealed(found),
    }
    return render(request, "frameworks/certificate.html", context)


@require_safe
@requires("practice_map.view")
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The certificate with the pictures that it compared, for whoever wants to check it elsewhere."""
    found = get_object_or_404(Certificate, pk=pk)
    pictures = {
        each.fingerprint: each.document for each in Picture.objects.filter(fingerprint__in=[found.before, found.after])
    }
    response = JsonResponse(
        {"certificate": found.pk, "sealed": found.sealed, "seal": found.seal, "pictures": pictures},
        json_dumps_params={"ensure_ascii": False},
    )
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.pk}.json"'
    return response
