"""What the doors of every record share: finding it as this person may see it, saying what came of an act."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from common.forms import tell
from common.refusals import NotAllowed, Refused, Stale
from people.access import access_of

from ..models import Record

LONGEST_TYPED = 200


def record_or_404(user: Any, number: int, model: type[Record] = Record) -> Any:
    """
    The record as its own kind. Unknown and foreign ones answer alike.

    :raises Http404: there is none that this person may see.
    """
    found = model.objects.visible_to(user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found.specific


def is_worked_on_by(user: Any, record: Any) -> bool:
    """Whether the person sees the inner side of this record: work notes, history, clocks."""
    return access_of(user).allows_on("record.read_notes", record)


def address_for(user: Any, record: Any) -> str:
    """
    The page of the record for this person: the one of those who work on it, or the requester's copy of it.

    :raises Http404: records of this kind have no copy for requesters.
    """
    if is_worked_on_by(user, record):
        return record.get_absolute_url()
    if not record.practice.has_portal_page:
        raise Http404
    return f"/portal/requests/{record.reference}/"


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to another page, for a form that was sent plainly or by script."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def act_and_return(
    request: HttpRequest,
    record: Any,
    act: Callable[[], Any],
    *,
    said: Any = "",
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """
    Do one act and lead back to the record's page, which says what came of it, a refusal included.

    :param said: one line for the page when it was done.
    :param typed: what the page's form shows again after a refusal, by the names that its template reads.
    """
    address = address_for(request.user, record)
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        if typed:
            address += f"?{urlencode({name: text[:LONGEST_TYPED] for name, text in typed.items()})}"
    else:
        if said:
            messages.success(request, said)
    return see_other(request, address)


def saved(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    ask: Callable[[int], Any],
    url: str | Callable[[Any], str],
    said: Any = None,
    over: tuple[str, Any] | None = None,
) -> HttpResponse:
    """
    Do what a form says and lead on; a refusal stands at the field that it is about, and nothing typed is lost.

    :param act: takes the cleaned data. :param ask: shows the form again, with this status.
    :param url: where to go then, or what tells it of the act's answer. :param said: that it is done.
    :param over: the field of the version that was seen, and the row: who was overtaken reads that, and what they sent
        takes the place of what stands when they send it again.
    :raises NotAllowed: the person may not do it.
    """
    if not form.is_valid():
        return cast(HttpResponse, ask(422))
    try:
        result = act(form.cleaned_data)
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.refusals)
        if over is not None and isinstance(refused, Stale):
            field, row = over
            row.refresh_from_db()
            form.data = form.data.copy()
            form.data[field] = str(row.version)
        return cast(HttpResponse, ask(refused.status))
    messages.success(request, said or _("Saved."))
    return see_other(request, url(result) if callable(url) else url)


def pressed(
    request: HttpRequest,
    act: Callable[[], Any],
    *,
    url: str | Callable[[Any], str],
    back: str | None = None,
    said: Any = "",
) -> HttpResponse:
    """
    Do what a button stands for and lead on, to a page that says what came of it.

    :param url: where to go then, or what tells it of the act's answer. :param back: where to go after a refusal,
        `url` unless told. :param said: one line for the page when it was done, or what tells it of the act's answer.
    :raises NotAllowed: the person may not do it.
    """
    try:
        result = act()
    except NotAllowed:
        raise
    except Refused as refused:
        for each in refused.refusals:
            messages.error(request, str(each))
        return see_other(request, back or cast(str, url))
    line = said(result) if callable(said) else said
    if line:
        messages.success(request, line)
    return see_other(request, url(result) if callable(url) else url)
