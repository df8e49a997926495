"""Links between records, and the people who follow one."""

from typing import Any

from django.db.models import Q
from django.http import Http404
from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, describe
from common.api.fields import LARGEST_KEY, Answer, Choice, Named, Strict
from common.refs import format_reference
from common.time import now
from people.models import User

from .. import operations, practices
from ..enums import REVERSE_LABELS, LinkKind
from ..models import Link, Record, Watcher
from .idempotency import once
from .records import RecordDoor
from .references import RecordRow, person
from .representation import href

MOST_ROWS = 500


class LinkedRecord(Answer):
    """The other end of a link."""

    reference = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    href = serializers.CharField()


class LinkShape(Answer):
    """A link as read from this record."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=LinkKind.values)
    direction = serializers.ChoiceField(choices=["out", "in"], help_text="out: this record is <kind> the other.")
    label = serializers.CharField()  # type: ignore[assignment] # the field of that name
    other = LinkedRecord()
    at = serializers.DateTimeField()


class LinkList(Answer):
    """Every link of the record whose other end the caller may see."""

    items = LinkShape(many=True)


class LinkBody(Strict):
    """This record is <kind> the other."""

    kind = Choice(choices=LinkKind.choices)
    to = RecordRow(help_text="Reference or number of the other record.")


class WatcherShape(Answer):
    """Somebody who follows the record."""

    person = Named()
    at = serializers.DateTimeField()


class WatcherList(Answer):
    """Everybody who follows the record."""

    items = WatcherShape(many=True)


class WatcherBody(Strict):
    """Who shall follow; nobody named means the caller."""

    person = person(required=False, help_text="Id or user name; the caller when left out.")


def links_of(record: Any, by: Any) -> list[dict[str, Any]]:
    """Links of a record as dictionaries; those to records that the caller may not see are left out."""
    links = Link.objects.filter(Q(from_record=record.pk) | Q(to_record=record.pk)).order_by("id")
    rows: list[Any] = list(links.values("pk", "kind", "at", "from_record_id", "to_record_id")[:MOST_ROWS])
    others = {_other(row, record.pk) for row in rows}
    seen: dict[int, Any] = {
        each["pk"]: each
        for each in Record.objects.visible_to(by).filter(pk__in=others).values("pk", "kind", "title", "state")
    }
    return [_link(row, record.pk, seen[_other(row, record.pk)]) for row in rows if _other(row, record.pk) in seen]


def _other(row: dict[str, Any], key: int) -> int:
    return row["to_record_id"] if row["from_record_id"] == key else row["from_record_id"]


def _link(row: dict[str, Any], key: int, other: dict[str, Any]) -> dict[str, Any]:
    is_out = row["from_record_id"] == key
    kind = LinkKind(row["kind"])
    return {
        "id": row["pk"],
        "kind": row["kind"],
        "direction": "out" if is_out else "in",
        "label": str(kind.label if is_out else REVERSE_LABELS[kind]),
        "other": {
            "reference": format_reference(practices.of(other["kind"]).prefix, other["pk"]),
            "title": other["title"],
            "state": other["state"],
            "href": href(other["kind"], other["pk"]),
        },
        "at": row["at"],
    }


class Links(RecordDoor):
    """The links of a record."""

    operations = {"GET": "record.view", "POST": "record.link"}

    @describe("List the links of a record", gives=LinkList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.answer({"items": links_of(self.record(reference), request.user)})

    @describe(
        "Link a record to another",
        takes=LinkBody,
        gives=LinkShape,
        status=201,
        problems=[404, 409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[("Part of another", {"kind": "child_of", "to": "INC-1001"})],
    )
    def post(self, request: Any, reference: str) -> Any:
        at = now()
        record = self.record(reference)
        values = LinkBody.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.link(record=record, to=values["to"], kind=values["kind"], by=request.user, at=at)
            shown = next(each for each in links_of(record, request.user) if each["id"] == made.pk)
            return self.answer(shown, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


class OneLink(RecordDoor):
    """One link."""

    operations = {"DELETE": "record.link"}

    @describe("Remove a link", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        record = self.record(reference)
        both = Link.objects.filter(Q(from_record=record.pk) | Q(to_record=record.pk))
        found = both.filter(pk=number).first() if number <= LARGEST_KEY else None
        if found is None or not self._sees(_other({**vars(found)}, record.pk)):
            raise Http404
        operations.unlink(link=found, by=request.user, at=now())
        return self.answer(status=204)

    def _sees(self, key: int) -> bool:
        return Record.objects.visible_to(self.request.user).filter(pk=key).exists()


class Watchers(RecordDoor):
    """Who follows a record."""

    operations = {"GET": "record.view", "POST": "record.watch"}

    @describe("List who follows a record", gives=WatcherList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        rows = Watcher.objects.filter(record_id=self.record(reference).pk).order_by("at", "pk")
        items = [
            {"person": {"id": row["user_id"], "name": row["user__name"]}, "at": row["at"]}
            for row in rows.values("user_id", "user__name", "at")[:MOST_ROWS]
        ]
        return self.answer({"items": items})

    @describe(
        "Follow a record, or let somebody follow it",
        takes=WatcherBody,
        gives=WatcherShape,
        status=201,
        problems=[404, 409],
        examples=[("Follow it oneself", {}), ("Let somebody follow", {"person": "maria"})],
        description="Without a person the caller follows. Letting others follow is a right of the desk.",
    )
    def post(self, request: Any, reference: str) -> Any:
        at = now()
        record = self.record(reference)
        values = WatcherBody.read(request.data, by=request.user)
        who = values.get("person") or request.user
        if who.pk == request.user.pk:
            made = operations.watch(record=record, by=request.user, at=at)
        else:
            made = operations.add_watcher(record=record, user=who, by=request.user, at=at)
        body = {"person": {"id": who.pk, "name": who.name}, "at": made.at}
        return self.answer(body, status=201, location=f"{request.path}{who.pk}/")


class OneWatcher(RecordDoor):
    """One person who follows."""

    operations = {"DELETE": "record.watch"}

    @describe(
        "Stop following a record, or stop somebody from following it",
        status=204,
        problems=[404, 422],
        description="`number` is the id of the person.",
    )
    def delete(self, request: Any, reference: str, number: int) -> Any:
        record = self.record(reference)
        who = User.objects.filter(watched__record_id=record.pk, pk=min(number, LARGEST_KEY)).first()
        if who is None:
            raise Http404
        if who.pk == request.user.pk:
            operations.unwatch(record=record, by=request.user, at=now())
        else:
            operations.remove_watcher(record=record, user=who, by=request.user, at=now())
        return self.answer(status=204)
