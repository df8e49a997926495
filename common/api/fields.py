"""Fields and serializers that take exactly what the schema says: no guessing of types, no unknown names."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from threading import local
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
LARGEST_KEY = 2**63 - 1

_MISSING: dict[str, Any] = {
    "required": _("This is missing. Send it."),
    "null": _("This can't be null. Leave it out or give a value."),
}

_kept = local()


class Text(serializers.CharField):
    """A JSON string; numbers and flags are not turned into one."""

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {
        "invalid": _("This must be a text."),
        "blank": _("This is empty. Write something."),
        "max_length": _("This is longer than {max_length} characters. Shorten it."),
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Integer(serializers.IntegerField):
    """A JSON number without a fraction; `"3"`, `3.0` and `true` are none."""

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {
        "invalid": _("This must be a whole number."),
        "min_value": _("The smallest value is {min_value}."),
        "max_value": _("The largest value is {max_value}."),
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """`true` or `false`, nothing that looks like it."""

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {"invalid": _("This must be true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    """One of the listed values, of the same type."""

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {
        "invalid_choice": _("“{input}” is not possible here. Choose among {known}.")
    }

    def to_internal_value(self, data: Any) -> Any:
        for value in self.choices:
            if type(data) is type(value) and data == value:
                return value
        known = ", ".join(str(value) for value in self.choices)
        return self.fail("invalid_choice", input=str(data)[:60], known=known)


class Moment(serializers.DateTimeField):
    """A moment in ISO 8601 with its offset from UTC; one without an offset could mean several moments."""

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {
        "invalid": _("This is no moment in ISO 8601. Write it like 2026-03-02T09:00:00Z."),
        "naive": _("This moment has no offset from UTC. Add Z or for example +01:00."),
        "range": _("This moment is outside of 1970 to 2199."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not value.isascii() or len(value) > 40:
            self.fail("invalid")
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail("invalid")
        if found.tzinfo is None:
            self.fail("naive")
        try:
            found = found.astimezone(UTC)
        except OverflowError:
            self.fail("range")
        if not EARLIEST <= found < LATEST:
            self.fail("range")
        return found


class Day(serializers.DateField):
    """A date, `2026-03-02`."""

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {
        "invalid": _("This is no date. Write it like 2026-03-02."),
        "range": _("This date is outside of 1970 to 2199."),
    }

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or len(value) != 10 or not value.isascii():
            self.fail("invalid")
        try:
            found = date.fromisoformat(value)
        except ValueError:
            self.fail("invalid")
        if not EARLIEST.date() <= found < LATEST.date():
            self.fail("range")
        return found


class Texts(serializers.ListField):
    """A list of texts."""

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {
        "not_a_list": _("This must be a list."),
        "max_length": _("There are more than {max_length}."),
    }
    child = Text()


class Row(serializers.Field):
    """
    A row of ours, named by its id or by its short name, looked up among those that the caller may see.

    A row that is not there and one that the caller may not see get the same sentence.

    :param among: the person acting -> queryset. :param by: the field with the short name.
    """

    default_error_messages: ClassVar[dict[str, Any]] = _MISSING | {
        "invalid": _("Name it by its id (a number) or its short name (a text)."),
        "unknown": _("There is nothing called “{name}” that you may choose here."),
    }

    def __init__(self, *, among: Callable[[Any], QuerySet[Any]], by: str = "slug", **options: Any) -> None:
        self.among, self.by = among, by
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        if isinstance(data, str) and (not data or len(data) > 200 or "\x00" in data):
            self.fail("invalid")
        if isinstance(data, int) and not 0 < data <= LARGEST_KEY:
            self.fail("unknown", name=str(data)[:40])
        wanted = {"pk": data} if isinstance(data, int) else {self.by: data}
        # Without the order of the list: it takes longer to put into words than the row to find.
        found = next(iter(self.among(self.context["by"]).filter(**wanted).order_by()[:1]), None)
        if found is None:
            self.fail("unknown", name=str(data)[:60])
        return found

    def to_representation(self, value: Any) -> Any:
        return value.pk


class Strict(serializers.Serializer):
    """Input: names that are not declared are errors, so that a typing error never passes silently."""

    no_object = _("This must be a JSON object.")
    unknown_name = _("There is no “%(name)s” here. Known: %(known)s.")

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError([self.no_object], code="invalid")
        writable = [name for name, field in self.fields.items() if not field.read_only]
        unknown = [name for name in data if name not in writable]
        if unknown:
            raise serializers.ValidationError(
                {
                    str(name)[:60]: serializers.ErrorDetail(
                        str(self.unknown_name % {"name": str(name)[:60], "known": ", ".join(writable)}),
                        code="unknown_field",
                    )
                    for name in unknown[:20]
                }
            )
        return super().to_internal_value(data)

    @classmethod
    def read(cls, data: Any, *, by: Any) -> dict[str, Any]:
        """
        Check a body and return its values by name.

        One reader a class and thread is kept: making its fields anew for each request costs more than reading.

        :raises ValidationError: it does not fit; all reasons at once.
        """
        if not isinstance(data, Mapping):
            raise serializers.ValidationError([cls.no_object], code="invalid")
        readers = _kept.__dict__.setdefault("readers", {})
        reader = readers.get(cls)
        if reader is None:
            reader = readers[cls] = cls()
        reader._context = {"by": by}
        try:
            return dict(reader.run_validation(data))
        finally:
            reader._context = {}


class Nothing(Strict):
    """Nothing to say: the address says it all. An empty body or an empty object."""


class Answer(serializers.Serializer):
    """Output, for the schema: what we send are plain dictionaries, made where the rows are read."""


class Named(Answer):
    """A person, team, service or other row, as others mention it."""

    id = serializers.IntegerField()
    name = serializers.CharField()


def named(key: Any, name: Any) -> dict[str, Any] | None:
    """The dictionary of a `Named`; None where there is none."""
    return None if key is None else {"id": key, "name": name}
