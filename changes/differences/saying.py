"""Differences in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from services.importing.showing import Values

from .models import Difference


class Saying:
    """What differs on these rows; names behind keys are looked up for all of them together."""

    def __init__(self, rows: Iterable[Difference]) -> None:
        self.values = Values((row.field, (row.before, row.after)) for row in rows if row.field)

    def what(self, row: Difference) -> str:
        return self.values.field(row.field) if row.field else _("seen")

    def before(self, row: Difference) -> str:
        return self.values.value(row.field, row.before) if row.field else ""

    def after(self, row: Difference) -> str:
        return self.values.value(row.field, row.after) if row.field else str(row.after)

    def of(self, row: Difference) -> str:
        """In a line: Memory: 16 → 32."""
        return f"{self.what(row)}: {self.before(row)} → {self.after(row)}" if row.field else self.after(row)
