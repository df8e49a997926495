"""Forms of procedures: the editor of a draft with its steps as rows, rules, accountability."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import Telling, tell
from common.numbers import number_in
from common.refusals import Refusal
from people.enums import Role
from people.models import Organization, RoleGrant, Team, User
from records import practices
from records.enums import Priority
from records.field_forms import area
from records.forms import PersonChoice
from records.practices import PROCESSES
from records.processes import STEPS
from services.models import Service

from . import carriers
from .checking import STEPS_AT_MOST
from .enums import Part, Way
from .models import ActivationRule, Duty, Procedure, ProcedureVersion
from .terms import StepTerms, Terms


def _many(rows: Any, label: Any) -> Any:
    return forms.ModelMultipleChoiceField(
        rows, label=label, required=False, widget=forms.SelectMultiple(attrs={"size": "4"})
    )


def step_choices() -> list[Any]:
    """Every step in groups by process, as `process:step`."""
    return [("", _("Choose"))] + [
        (str(PROCESSES[process]), [(f"{process}:{step}", label) for step, label in steps.items()])
        for process, steps in STEPS.items()
    ]


class PlaceForm(Telling):
    """What a new procedure is called, and where it belongs; neither process nor step changes later."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    step = forms.ChoiceField(label=gettext_lazy("Step of a process"), choices=step_choices)
    owner = PersonChoice(
        User.objects.none(), label=gettext_lazy("Owner"), required=False, empty_label=gettext_lazy("nobody yet")
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = writers()  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial.setdefault("owner", viewer.pk)

    def place(self) -> tuple[str, str]:
        process, _colon, step = self.cleaned_data["step"].partition(":")
        return process, step


class NamingForm(Telling):
    """What a procedure is called, and who looks after it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    owner = PersonChoice(
        User.objects.none(), label=gettext_lazy("Owner"), required=False, empty_label=gettext_lazy("nobody")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = writers()  # type: ignore[attr-defined]


def writers() -> Any:
    """People who may look after a procedure: everybody who has a role here."""
    return User.objects.active().filter(pk__in=RoleGrant.objects.values("user")).order_by("name")


class HeadForm(Telling):
    """What a version says beside its steps."""

    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=300, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Done on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Records of these kinds meet it at this step. None: it is done outside of records."),
    )
    services = _many(Service.objects.all(), gettext_lazy("Only for services"))
    teams = _many(Team.objects.all(), gettext_lazy("Only for teams"))
    organizations = _many(Organization.objects.all(), gettext_lazy("Only for customers"))
    priorities = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only for priorities"),
        choices=Priority.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    instructions = forms.CharField(
        label=gettext_lazy("Work instructions"),
        max_length=20_000,
        required=False,
        widget=area(6),
        help_text=gettext_lazy("Tools, links, commands: what changes with the technology. Markdown."),
    )
    what_changed = forms.CharField(
        label=gettext_lazy("What changed and why"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Those who decide about it read this first."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, procedure: Procedure | None, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [
            (each.kind, str(each.label_plural))
            for each in practices.all_practices()
            if procedure is None or (each.process == procedure.process and procedure.step in each.steps.values())
        ]
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        if not kinds:
            self.fields["kinds"].help_text = _("No kind of record ever is at this step: it is done outside of records.")


class StepForm(forms.Form):
    """One step; without a name it is left out."""

    slug = forms.CharField(widget=forms.HiddenInput, required=False)
    order = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=100, required=False)
    name = forms.CharField(
        label=gettext_lazy("What is done"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("By whom"), choices=Role.choices, initial=Role.TECHNICIAN)
    guidance = forms.CharField(
        label=gettext_lazy("How"), max_length=10_000, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    is_mandatory = forms.BooleanField(label=gettext_lazy("Must be done before the record goes on"), required=False)

    def terms(self) -> StepTerms | None:
        said = self.cleaned_data
        if not said.get("name", "").strip() and not said.get("guidance", "").strip():
            return None
        return StepTerms(
            name=said["name"],
            role=said["role"],
            guidance=said["guidance"],
            is_mandatory=said["is_mandatory"],
            slug=said["slug"],
        )


class DraftEditor:
    """
    Every form of the page. How many rows there are stands in a hidden field; `more` adds blank ones.

    :param data: what was sent; None shows the draft, or an empty one for a new procedure.
    """

    def __init__(self, *, viewer: Any, draft: ProcedureVersion | None = None, data: Any = None) -> None:
        self.draft, self.data = draft, data
        self.non_field_errors: list[str] = []
        terms = Terms.of(draft) if draft else Terms()
        procedure = draft.procedure if draft else None
        initial = {name: getattr(terms, name) for name in HeadForm.base_fields if hasattr(terms, name)}
        if draft is not None:
            initial |= {"what_changed": draft.what_changed, "revision": draft.revision}
        self.place = None if draft else PlaceForm(data, viewer=viewer)
        self.head = HeadForm(data, procedure=procedure, initial=initial)
        self.steps = [
            StepForm(data, prefix=f"s{n}", initial=self._initial(terms, n)) for n in range(self._count(terms))
        ]

    def _count(self, terms: Terms) -> int:
        sent = number_in(self.data.get("steps_count")) if self.data is not None else None
        count = len(terms.steps) + (1 if terms.steps else 4) if sent is None else sent
        return min(STEPS_AT_MOST, count + (3 if self.data is not None and "more" in self.data else 0))

    def _initial(self, terms: Terms, number: int) -> dict[str, Any]:
        if number >= len(terms.steps):
            return {"order": number + 1}
        step = terms.steps[number]
        return {name: getattr(step, name) for name in StepForm.base_fields if hasattr(step, name)} | {
            "order": number + 1
        }

    @property
    def forms(self) -> list[forms.Form]:
        return [*([self.place] if self.place else []), self.head, *self.steps]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(anchor, sentence) of everything that does not fit, for the summary."""
        if self.data is None:
            return []
        said: list[tuple[str, str]] = [("procedure-form", each) for each in self.non_field_errors]
        for form in self.forms:
            for name, messages in form.errors.items():
                field = form[name] if name in form.fields else None
                label = f"{field.label}: " if field else ""
                said += [(field.id_for_label if field else "procedure-form", f"{label}{each}") for each in messages]
        return said

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])

    def terms(self) -> Terms:
        """What the acts take; call it after `is_valid`."""
        said = self.head.cleaned_data
        rows = sorted(self.steps, key=lambda form: _order(form.cleaned_data.get("order")))
        return Terms(
            purpose=said["purpose"],
            instructions=said["instructions"],
            kinds=tuple(said["kinds"]),
            services=tuple(each.pk for each in said["services"]),
            teams=tuple(each.pk for each in said["teams"]),
            organizations=tuple(each.pk for each in said["organizations"]),
            priorities=tuple(said["priorities"]),
            steps=tuple(step for form in rows if (step := form.terms()) is not None),
        )

    def tell(self, refusals: Iterable[Refusal]) -> None:
        """Show refusals of the act; those of steps name their number."""
        for each in refusals:
            form = next((form for form in (self.place, self.head) if form and each.field in form.fields), None)
            if form is not None:
                tell(form, [each])
            else:
                self.non_field_errors.append(str(each))


def _order(number: int | None) -> int:
    return STEPS_AT_MOST + 1 if number is None else number


class RuleForm(Telling):
    """A rule by which drafts come into force."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    processes = forms.MultipleChoiceField(
        label=gettext_lazy("Of processes"), choices=lambda: list(PROCESSES.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None chosen: of any process."),
    )  # fmt: skip
    with_mandatory_steps = forms.BooleanField(
        label=gettext_lazy("Only drafts with a step that must be done"), required=False
    )
    way = forms.ChoiceField(
        label=gettext_lazy("What has to happen"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.APPROVAL
    )
    raises = forms.ChoiceField(
        label=gettext_lazy("Change that is raised"), required=False,
        help_text=gettext_lazy("It decides by the policies of changes. After votes it is raised and waited for."),
    )  # fmt: skip
    position = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=0, max_value=10_000, initial=50,
        help_text=gettext_lazy("The first rule that fits decides."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rule: ActivationRule | None, **options: Any) -> None:
        super().__init__(*args, **options)
        known = carriers.choices()
        if rule is not None and rule.raises:
            known.setdefault(rule.raises, _("%(name)s (not in use any more)") % {"name": rule.raises})
        self.fields["raises"].choices = [("", _("none")), *known.items()]  # type: ignore[attr-defined]


class DutyForm(Telling):
    """Who is accountable for a step, and which other roles have a part in it."""

    accountable = forms.ChoiceField(
        label=gettext_lazy("Accountable"),
        choices=[each for each in Role.choices if each[0] != Role.REQUESTER],
        help_text=gettext_lazy("Exactly one role answers for the step."),
    )
    person = PersonChoice(
        User.objects.none(), label=gettext_lazy("Person"), required=False, empty_label=gettext_lazy("whoever has it"),
        help_text=gettext_lazy("Where several have the role: the one who answers."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, duty: Duty, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = writers()  # type: ignore[attr-defined]
        known = {each.role: each.part for each in duty.parts.all()}
        for role in Role:
            self.fields[f"part_{role.value}"] = forms.ChoiceField(
                label=role.label, choices=[("", _("no part")), *Part.choices], required=False,
                initial=known.get(role.value, ""),
            )  # fmt: skip
        if not self.is_bound:
            self.initial.update(accountable=duty.accountable, person=duty.person_id, version=duty.version)

    def parts(self) -> dict[str, str]:
        """Role -> part, of those that have one."""
        return {role.value: part for role in Role if (part := self.cleaned_data.get(f"part_{role.value}", ""))}

    @property
    def part_fields(self) -> list[forms.BoundField]:
        return [self[f"part_{role.value}"] for role in Role]
