"""Tabs of a record's page that have addresses of their own, and the acts that lead back to them."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views import View

from common.numbers import version_in
from common.refusals import NotAllowed, Refused

from .base import see_other
from .page import RecordPage


def tabs_of(
    record: Any, labels: Mapping[str, Any], current: str, *, addresses: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """
    The parts of a page as `components/tabs.html` takes them; the overview is the record's own address.

    :param labels: by the last part of the address. :param addresses: of tabs that stand elsewhere.
    """
    base = record.get_absolute_url()
    known = {"overview": base, **(addresses or {})}
    return [
        {"label": label, "url": known.get(name, f"{base}{name}/"), "is_current": name == current}
        for name, label in labels.items()
    ]


class Tab(RecordPage):
    """A tab of its own address; people who don't work on the record have none. Mix it into the page of a practice."""

    tab: ClassVar[str]

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.show(request, self.worked_on(request.user, number))

    def show(self, request: HttpRequest, record: Any, **said: Any) -> HttpResponse:
        """:param said: what an act that was refused leaves: `refusal`, its form, `status`."""
        status = said.pop("status", 200)
        return render(request, self.template, {**self.context(request, record), **said}, status=status)


class Act(View):
    """
    One act of a tab. It leads back to the tab; a refusal is said there, and what was typed is not lost.

    :cvar tab: the page that shows what came of it.
    """

    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc] # as Django names it
    tab: ClassVar[type[Tab]]

    def record(self, number: int) -> Any:
        """The record, if the person works on it."""
        return self.tab.worked_on(self.request.user, number)

    def about(self) -> dict[str, Any]:
        return {"by": self.request.user, "at": now()}

    def said(self, name: str) -> str:
        return str(self.request.POST.get(name, ""))

    def version(self) -> int | None:
        typed = self.said("version")
        return version_in(typed)

    def done(self, record: Any, act: Callable[[], Any], *, said: Any = "", **left: Any) -> HttpResponse:
        """Do it. :param left: what the tab shows again if it is refused."""
        try:
            act()
        except NotAllowed:
            raise
        except Refused as refused:
            return self.tab().show(self.request, self.record(record.pk), refusal=refused, status=409, **left)
        if said:
            messages.success(self.request, said)
        return see_other(self.request, f"{record.get_absolute_url()}{self.tab.tab}/")

    def again(self, record: Any, **left: Any) -> HttpResponse:
        """Show what was typed again, with what is wrong about it."""
        return self.tab().show(self.request, record, status=422, **left)
