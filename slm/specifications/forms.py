"""The editor of a draft: the statements of each cell as rows; and from which day on it holds."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import Telling
from common.numbers import number_in
from common.refusals import Refusal
from services.models import Service
from services.specifications import bounds, checking
from services.specifications.enums import Call, Cell
from services.specifications.models import LONGEST_REASON, LONGEST_TEXT, Specification
from services.specifications.terms import Said, Terms, terms_of

from ..reading import working_time

BLANK, MORE = 1, 3
LAST = 99


class StatementForm(forms.Form):
    """One statement; without a text it is left out."""

    key = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=gettext_lazy("Statement"), max_length=LONGEST_TEXT, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    order = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=LAST, required=False)
    bound = forms.ChoiceField(label=gettext_lazy("Measured by"), required=False)
    value = forms.CharField(
        label=gettext_lazy("Bound"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("4 h or 99.5"), "size": "8"}),
    )  # fmt: skip
    also = forms.CharField(
        label=gettext_lazy("People also say"), max_length=LONGEST_TEXT, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    call = forms.ChoiceField(label=gettext_lazy("A call about it is"), required=False)
    offering = forms.ChoiceField(label=gettext_lazy("Only for the offering"), required=False)

    def __init__(self, *args: Any, cell: Cell, choices: "Choices", **options: Any) -> None:
        super().__init__(*args, **options)
        self.cell, self.known = cell, choices.known
        fields: dict[str, Any] = self.fields
        fields["call"].choices = choices.calls
        if choices.offerings:
            fields["offering"].choices = choices.offerings
        else:
            del fields["offering"]
        if cell.is_bounded:
            fields["bound"].choices = choices.bounds_of(cell)
        else:
            del fields["bound"], fields["value"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        text, bound = said.get("value", "").strip(), self.known.get(said.get("bound", ""))
        said["number"] = None
        if text and bound is None:
            self.add_error("bound", _("Choose what measures it, or leave the bound out."))
        elif bound is not None:
            said["number"] = self._number(text, bound)
        return said

    def _number(self, text: str, bound: bounds.Bound) -> Decimal | None:
        try:
            return bound.read(text)
        except ValueError:
            problem = checking.too_far(bound)
            self.add_error("value", problem[:1].upper() + problem[1:])
            return None

    @property
    def has_folded_error(self) -> bool:
        return any(self[name].errors for name in ("also", "call", "offering") if name in self.fields)

    @property
    def call_label(self) -> str:
        """What a call about it is, as it was chosen."""
        return str(dict(Call.choices).get(str(self["call"].value()), ""))

    def terms(self) -> Said | None:
        said = self.cleaned_data
        if not said.get("text", "").strip():
            return None
        offering = said.get("offering", "")
        return Said(
            cell=self.cell,
            text=said["text"],
            also=said["also"],
            call=said["call"],
            offering=int(offering) if offering else None,
            bound=said.get("bound", ""),
            value=said["number"],
            key=said["key"] or 0,
        )


class Choices:
    """What the rows of one page offer; read once for all of them."""

    def __init__(self, service: Service) -> None:
        self.known = bounds.every()
        self.calls = [("", _("what its cell says")), *Call.choices]
        rows = [(str(key), name) for key, name in service.offerings.order_by("name").values_list("pk", "name")]
        self.offerings = [("", _("everybody")), *rows] if rows else []

    def bounds_of(self, cell: Cell) -> list[Any]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in self.known.values():
            if each.fits(cell):
                groups.setdefault(each.group, []).append((each.code, each.label))
        return [("", _("nothing")), *groups.items()]


class Editor:
    """
    Every row of the page. How many each cell has stands in a hidden field; `more` adds blank ones to a cell.

    :param data: what was sent; None shows the draft.
    """

    def __init__(self, draft: Specification, data: Any = None) -> None:
        self.draft, self.data = draft, data
        self.revision = draft.revision if data is None else _whole(data.get("revision"), draft.revision)
        self.non_field_errors: list[str] = []
        choices = Choices(draft.service)
        self.cells = [(cell, self._rows(cell, choices)) for cell in Cell]

    def _rows(self, cell: Cell, choices: Choices) -> list[StatementForm]:
        terms = [each for each in terms_of(self.draft) if each.cell == cell]
        if self.data is None:
            count = there = len(terms) + BLANK
        else:
            count = there = _whole(self.data.get(f"{cell}_count"), len(terms))
            count += MORE if self.data.get("more") == cell else 0
        rows = [
            StatementForm(
                self.data, prefix=f"{cell}-{number}", cell=cell, choices=choices,
                initial=_initial(terms[number] if number < len(terms) else None, number, choices),
            )
            for number in range(min(count, checking.IN_A_CELL))
        ]  # fmt: skip
        for row in rows[there:][:1]:
            # Whoever asked for more rows goes on typing in the first of them.
            row.fields["text"].widget.attrs["autofocus"] = True
        return rows

    @property
    def rows(self) -> list[StatementForm]:
        return [row for _cell, rows in self.cells for row in rows]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(anchor, sentence) of everything that does not fit, for the summary."""
        if self.data is None:
            return []
        found = [("specification-form", each) for each in self.non_field_errors]
        for form in self.rows:
            for name, messages in form.errors.items():
                field = form[name] if name in form.fields else None
                anchor = field.id_for_label if field else "specification-form"
                found += [(anchor, f"{field.label}: {each}" if field else str(each)) for each in messages]
        return found

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.rows])

    def terms(self) -> Terms:
        """What the acts take; call it after `is_valid`."""
        return tuple(said for form in self._ordered() if (said := form.terms()) is not None)

    def tell(self, refusals: Iterable[Refusal]) -> None:
        """Show refusals of the act at the row and field that they name, others above the form."""
        sent = [form for form in self._ordered() if form.terms() is not None]
        order = {cell: number for number, cell in enumerate(Cell)}
        sent.sort(key=lambda form: order[form.cell])
        for each in refusals:
            part, _dot, rest = (each.field or "").partition(".")
            number, _dot, name = rest.partition(".")
            form = sent[int(number) - 1] if part == "statements" and number.isdecimal() else None
            if form is not None and name in form.fields:
                form.add_error(name, str(each))
            else:
                self.non_field_errors.append(str(each))

    def _ordered(self) -> list[StatementForm]:
        return [form for _cell, rows in self.cells for form in sorted(rows, key=_order)]


def _order(row: StatementForm) -> int:
    order = row.cleaned_data.get("order")
    return LAST + 1 if order is None else int(order)


def _initial(said: Said | None, number: int, choices: Choices) -> dict[str, Any]:
    if said is None:
        return {"order": number + 1}
    bound = choices.known.get(said.bound)
    value = "" if said.value is None or bound is None else _typed(bound, said.value)
    same = {name: getattr(said, name) for name in ("key", "text", "bound", "also", "call")}
    return same | {"order": number + 1, "offering": str(said.offering or ""), "value": value}


def _typed(bound: bounds.Bound, value: Decimal) -> str:
    """The number as it can be typed again."""
    return working_time(int(value)) if bound.unit == bounds.MINUTES else f"{value.normalize():f}"


def _whole(text: Any, otherwise: int) -> int:
    found = number_in(str(text))
    return otherwise if found is None else found


class ForceForm(Telling):
    """From which day on the draft holds, and why."""

    valid_from = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Today or a later day; what was promised before stays as it was."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Why it changes. Those who read the versions see it."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)
