"""Forms that make a record, exactly once however often they are sent."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from common.forms import tell
from common.refusals import NotAllowed, Refused
from common.time import now

from .. import once
from .base import see_other


def made_once(
    request: HttpRequest, form: Any, make: Callable[[], str], *, ask: Callable[[str, int], HttpResponse]
) -> HttpResponse:
    """
    Make what the form says and lead to it; a refusal stands at the field that it is about.

    :param make: makes it and answers its address; runs inside the transaction that uses the form's token up.
    :param ask: shows the form again, with this token and status.
    """
    token = request.POST.get("token", "")
    if not form.is_valid():
        return ask(token, 422)
    try:
        url, _is_new = once.act_once(user=request.user, token=token, at=now(), act=make)
    except NotAllowed:
        raise
    except Refused as refused:
        tell(form, refused.refusals)
        return ask(token or once.new_token(), 422)
    return see_other(request, url)
