"""The editor of a policy: conditions, steps and their approvers as rows of one plain form; blank rows say nothing."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.models import Calendar
from common.numbers import number_in
from common.refusals import Refusal
from common.time import hours_and_minutes, parse_duration
from people.enums import Role
from people.models import Team, User

from . import selection, subjects
from .enums import OF_THE_RECORD, ApproverKind, Comparison, Expiry, Quorum
from .forms import PersonField
from .models import ApprovalPolicy, Board
from .purposes import Purpose
from .terms import ApproverTerms, ConditionTerms, StepSpec, Terms

ROWS_AT_MOST = 20


class MinutesField(forms.CharField):
    """An amount of time such as 4 h, 1:30 or 2 d, as whole minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=20, **options)
        self.widget.attrs |= {"autocomplete": "off", "size": "8"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return parse_duration(text) // timedelta(minutes=1)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(
                _("“%(text)s” is no amount of time. Write it as 4 h, 1:30 or 2 d.") % {"text": text}
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return hours_and_minutes(timedelta(minutes=value)) if isinstance(value, int) else value


class HeadForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, error_messages={"required": gettext_lazy("Give it a name.")}
    )
    position = forms.IntegerField(
        label=gettext_lazy("Order"),
        min_value=0,
        max_value=10_000,
        initial=100,
        help_text=gettext_lazy("Among policies with equally many conditions the smaller one is taken."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ConditionForm(forms.Form):
    fact = forms.ChoiceField(label=gettext_lazy("Value"), required=False)
    comparison = forms.ChoiceField(label=gettext_lazy("Comparison"), choices=Comparison.choices, required=False)
    values = forms.CharField(
        label=gettext_lazy("Compared with"), max_length=500, required=False, help_text=gettext_lazy("Commas between")
    )

    def __init__(self, *args: Any, purpose: Purpose, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(each.name, capfirst(str(each.label))) for each in selection.conditions_of(purpose)]
        self.fields["fact"].choices = [("", _("no condition")), *known]  # type: ignore[attr-defined]

    def terms(self) -> ConditionTerms | None:
        said = self.cleaned_data
        if not said.get("fact"):
            return None
        values = tuple(each.strip() for each in said.get("values", "").split(",") if each.strip())
        return ConditionTerms(fact=said["fact"], comparison=said["comparison"] or Comparison.IS, values=values)


class ApproverForm(forms.Form):
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    person = PersonField(label=gettext_lazy("Name of the person"), max_length=200, required=False)
    is_mandatory = forms.BooleanField(label=gettext_lazy("Must approve"), required=False)

    def __init__(self, *args: Any, choices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["who"].choices = choices  # type: ignore[attr-defined]
        self.fields["person"].among = User.objects.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("who") == ApproverKind.PERSON and not said.get("person") and "person" not in self.errors:
            self.add_error("person", _("Write who it is."))
        return said

    def terms(self) -> ApproverTerms | None:
        said = self.cleaned_data
        kind, _colon, key = said.get("who", "").partition(":")
        if not kind:
            return None
        return ApproverTerms(
            kind=kind,
            person=said["person"].pk if kind == ApproverKind.PERSON and said.get("person") else None,
            role=key if kind == ApproverKind.ROLE else "",
            team=int(key) if kind == ApproverKind.TEAM else None,
            board=int(key) if kind == ApproverKind.BOARD else None,
            is_mandatory=said["is_mandatory"],
        )


class StepForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the step"), max_length=120, required=False)
    order = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=100, required=False)
    quorum = forms.ChoiceField(label=gettext_lazy("How many must approve"), choices=Quorum.choices, initial="all")
    needed = forms.IntegerField(label=gettext_lazy("Number or %"), min_value=0, max_value=100, required=False)
    least_votes = forms.IntegerField(label=gettext_lazy("Least votes cast"), min_value=0, max_value=100, required=False)
    deadline_minutes = MinutesField(label=gettext_lazy("Deadline"), help_text=gettext_lazy("4 h, 1:30 or 2 d"))
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label=gettext_lazy("Hours"), required=False, empty_label=gettext_lazy("every minute")
    )
    remind_minutes = MinutesField(label=gettext_lazy("Reminder before it"))
    on_expiry = forms.ChoiceField(label=gettext_lazy("After the deadline"), choices=Expiry.choices, initial="remind")
    escalate_to = PersonField(label=gettext_lazy("Who decides then"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["calendar"].queryset = Calendar.objects.active()
        fields["escalate_to"].among = User.objects.all()
        self.approvers: list[ApproverForm] = []

    def terms(self) -> StepSpec | None:
        said = self.cleaned_data
        asked = tuple(found for each in self.approvers if (found := each.terms()) is not None)
        if not said.get("name") and not asked:
            return None
        return StepSpec(
            name=" ".join((said.get("name") or "").split()),
            approvers=asked,
            quorum=said["quorum"],
            needed=said.get("needed") or 0,
            least_votes=said.get("least_votes") or 0,
            deadline_minutes=said.get("deadline_minutes"),
            calendar=getattr(said.get("calendar"), "pk", None),
            remind_minutes=said.get("remind_minutes"),
            on_expiry=said["on_expiry"],
            escalate_to=getattr(said.get("escalate_to"), "pk", None),
        )


class PolicyEditor:
    """
    Every form of the page. How many rows there are stands in hidden fields of the page; `more` adds blank ones.

    :param data: what was sent; None shows the policy, or an empty one.
    """

    def __init__(self, *, purpose: Purpose, policy: ApprovalPolicy | None = None, data: Any = None) -> None:
        self.purpose, self.policy, self.data = purpose, policy, data
        self.non_field_errors: list[str] = []
        terms = Terms.of(policy) if policy else Terms(steps=())
        self._people = User.objects.in_bulk(_keys(terms))
        extra = 1 if data is not None and "more" in data else 0
        conditions = self._count("conditions", len(terms.conditions) + 1, extra)
        steps = self._count("steps", max(1, len(terms.steps)), extra)
        self.head = HeadForm(
            data,
            initial={
                "name": policy.name if policy else "",
                "position": policy.position if policy else 100,
                "seen_version": policy.version if policy else None,
            },
        )
        self.conditions = [
            ConditionForm(data, purpose=purpose, prefix=f"c{n}", initial=_condition(terms, n))
            for n in range(conditions)
        ]
        choices = approver_choices(purpose)
        self.steps = [self._step(terms, n, choices, extra) for n in range(steps)]

    def _count(self, name: str, otherwise: int, extra: int) -> int:
        sent = number_in(self.data.get(f"{name}_count")) if self.data is not None else None
        return min(ROWS_AT_MOST, (otherwise if sent is None else sent) + extra)

    def _step(self, terms: Terms, number: int, choices: Any, extra: int) -> StepForm:
        spec = terms.steps[number] if number < len(terms.steps) else None
        form = StepForm(self.data, prefix=f"s{number}", initial=self._initial(spec, number))
        asked = spec.approvers if spec else ()
        count = self._count(f"s{number}_approvers", len(asked) + (1 if asked else 2), extra)
        form.approvers = [
            ApproverForm(
                self.data,
                choices=choices,
                prefix=f"s{number}a{n}",
                initial=self._approver(asked[n]) if n < len(asked) else {},
            )
            for n in range(count)
        ]
        return form

    def _initial(self, spec: StepSpec | None, number: int) -> dict[str, Any]:
        if spec is None:
            return {"order": number + 1}
        said = {name: getattr(spec, name) for name in StepForm.base_fields if hasattr(spec, name)}
        return said | {
            "order": number + 1,
            "needed": spec.needed or None,
            "least_votes": spec.least_votes or None,
            "escalate_to": self._people.get(spec.escalate_to or 0),
        }

    def _approver(self, asked: ApproverTerms) -> dict[str, Any]:
        key = asked.role or asked.team or asked.board
        who = f"{asked.kind}:{key}" if key else asked.kind
        return {"who": who, "person": self._people.get(asked.person or 0), "is_mandatory": asked.is_mandatory}

    @property
    def forms(self) -> list[forms.Form]:
        """Every form in the order of the page."""
        found: list[forms.Form] = [self.head, *self.conditions]
        for step in self.steps:
            found += [step, *step.approvers]
        return found

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(anchor, sentence) of everything that does not fit, for the summary."""
        if self.data is None:
            return []
        said: list[tuple[str, str]] = [("policy-form", each) for each in self.non_field_errors]
        for form in self.forms:
            for name, messages in form.errors.items():
                field = form[name] if name in form.fields else None
                label = f"{field.label}: " if field else ""
                said += [(field.id_for_label if field else "policy-form", f"{label}{each}") for each in messages]
        return said

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])

    def terms(self) -> Terms:
        """What the acts take; call it after `is_valid`."""
        steps = sorted(self.steps, key=lambda form: form.cleaned_data.get("order") or ROWS_AT_MOST + 1)
        return Terms(
            conditions=tuple(each for form in self.conditions if (each := form.terms()) is not None),
            steps=tuple(spec for form in steps if (spec := form.terms()) is not None),
        )

    def tell(self, refusals: Iterable[Refusal]) -> None:
        """Show refusals of the act; those of rows name their number."""
        for each in refusals:
            if each.field in self.head.fields:
                self.head.add_error(each.field, str(each.message))
            else:
                self.non_field_errors.append(str(each.message))

    def disable(self) -> None:
        for form in self.forms:
            for field in form.fields.values():
                field.disabled = True


def _keys(terms: Terms) -> set[int]:
    keys = {asked.person for step in terms.steps for asked in step.approvers}
    return {key for key in keys | {step.escalate_to for step in terms.steps} if key}


def _condition(terms: Terms, number: int) -> dict[str, Any]:
    if number >= len(terms.conditions):
        return {}
    each = terms.conditions[number]
    return {"fact": each.fact, "comparison": each.comparison, "values": ", ".join(each.values)}


def approver_choices(purpose: Purpose) -> list[Any]:
    """Everybody who can be asked, in groups; roles, teams and boards by their key."""
    of_record = [] if subjects.is_declared(purpose.kind) else OF_THE_RECORD
    teams = Team.objects.filter(is_active=True).order_by("name")
    boards = Board.objects.filter(is_active=True)
    groups: list[Any] = [
        ("", _("nobody")),
        (ApproverKind.PERSON.value, _("a person, named beside")),
        (_("Of the record"), [(kind.value, capfirst(str(kind.label))) for kind in of_record]),
        (_("Boards"), [(f"board:{board.pk}", board.name) for board in boards]),
        (_("Teams"), [(f"team:{team.pk}", team.name) for team in teams]),
        (_("Everybody with the role"), [(f"role:{role.value}", role.label) for role in Role if role != Role.REQUESTER]),
    ]
    return [group for group in groups if group[1]]
