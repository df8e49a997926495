"""What doors about one record share: finding it as the caller may see it, and showing it anew when it has changed."""

from collections.abc import Callable
from typing import Any

from django.http import Http404

from common.api.fields import LARGEST_KEY
from common.api.views import ApiView
from common.problems import STALE, Problem
from common.refs import parse_reference
from common.refusals import Stale
from people.access import access_of

from ..models import Record


class RecordDoor(ApiView):
    """
    A door below one record.

    :cvar kind: which records this address knows; another kind is not found here.
    """

    kind: str = ""
    also = ("record.view",)

    def record(self, reference: str) -> Any:
        """:raises Http404: unknown, of another kind, or not for the eyes of the caller; nobody can tell which."""
        number = parse_reference(reference)
        if number is None:
            raise Http404
        found = Record.objects.visible_to(self.request.user).filter(kind=self.kind, pk=number).first()
        if found is None:
            raise Http404
        return found

    def reads_notes(self, record: Any) -> bool:
        """Whether the caller sees the provider's side of this record."""
        return access_of(self.request.user).allows_on("record.read_notes", record)

    def or_current(self, record: Any, act: Callable[[], Any]) -> Any:
        """
        Do the act; when somebody else was faster, refuse with the record as it is now.

        :raises Problem: 412 with `current`, which holds the version and the fields to compare.
        """
        try:
            return act()
        except Stale as stale:
            fresh = type(record).objects.get(pk=record.pk)
            raise Problem(
                STALE,
                str(stale),
                errors=[{"code": each.code, "message": str(each.message)} for each in stale.refusals],
                headers={"ETag": f'"{fresh.version}"'},
                current=self.current(fresh),
            ) from stale

    def current(self, record: Any) -> dict[str, Any]:
        """What a 412 shows of the newer record."""
        return {"reference": record.reference, "version": record.version, "updated_at": record.updated_at}


class InnerDoor(RecordDoor):
    """A door to the provider's side of one record, which nobody else is told of."""

    def inner(self, reference: str) -> Any:
        """The record with the columns of its kind. :raises Http404: the caller does not see its inner side."""
        record = self.record(reference)
        if not self.reads_notes(record):
            raise Http404
        return record.specific

    def row(self, rows: Any, number: int) -> Any:
        """:raises Http404: there is no such row among these."""
        found = rows.filter(pk=number).first() if number <= LARGEST_KEY else None
        if found is None:
            raise Http404
        return found
