"""Query parameters on an allow-list: read strictly, and an unknown one is an error, not ignored."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.numbers import number_in

from .fields import Strict
from .paging import MOST_ROWS, PAGE_ROWS

_MANY = 50


class Query(Strict):
    """The parameters of an address. Each may stand once."""

    unknown_name = _("There is no parameter “%(name)s” here. Known: %(known)s.")

    @classmethod
    def of(cls, request: Any) -> dict[str, Any]:
        """:raises ValidationError: an unknown parameter, one given twice, or a value that does not fit."""
        twice = [name for name, values in request.query_params.lists() if len(values) > 1]
        if twice:
            raise serializers.ValidationError({name: [_("Given more than once.")] for name in twice})
        return cls.read(request.query_params.dict(), by=request.user)


class PageQuery(Query):
    """How much of a list, from where."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_ROWS, default=PAGE_ROWS, help_text=f"Rows on a page, {MOST_ROWS} at most."
    )
    cursor = serializers.CharField(default="", max_length=500, help_text="Where to go on; taken from `next`.")


class NameQuery(PageQuery):
    """Filters add up."""

    q = serializers.CharField(required=False, max_length=200, help_text="Part of the name.")
    is_active = serializers.BooleanField(required=False, allow_null=True, default=None)


class Several(serializers.CharField):
    """Values with commas between them, any of which may match: `state=new,assigned`."""

    default_error_messages = {
        "choice": _("“{value}” is not possible here. Choose among {known}."),
        "number": _("“{value}” is no number."),
        "many": _("More than {limit} values."),
    }

    def __init__(self, *, among: list[Any] | None = None, numbers: bool = False, **options: Any) -> None:
        self.among, self.numbers = among, numbers
        super().__init__(**({"required": False, "max_length": 1000} | options))

    def to_internal_value(self, data: Any) -> Any:
        parts = [part.strip() for part in super().to_internal_value(data).split(",")]
        if len(parts) > _MANY:
            self.fail("many", limit=_MANY)
        return [self._one(part) for part in parts]

    def _one(self, part: str) -> Any:
        value: Any = part
        if self.numbers:
            value = number_in(part)
            if value is None:
                self.fail("number", value=part[:40])
        if self.among is not None and value not in self.among:
            self.fail("choice", value=part[:40], known=", ".join(map(str, self.among)))
        return value
