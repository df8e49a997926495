"""Forms of articles: the texts of a version, the audience, a vote."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Organization
from people.queries import organizations_visible_to
from services.models import Service
from services.queries import services_visible_to

from .enums import Audience
from .models import ArticleVersion
from .operations.texts import FIELDS, LONGEST, LONGEST_SECTION, LONGEST_SECTION_HEADING, MOST_SECTIONS

TEXTS = tuple(name for name in FIELDS if name != "sections")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "data-draft-field": ""})


class TextsForm(forms.Form):
    """
    The texts of a version, with one empty section after those that are filled.

    Only lengths are checked here; the rest says the operation, in the same words for every door.
    """

    title = forms.CharField(
        label=_("Title"),
        help_text=_("In the words of those who will look for it."),
        max_length=LONGEST["title"],
        error_messages={"required": _("Give it a title in the words of those who will look for it.")},
        widget=forms.TextInput(attrs={"dir": "auto", "data-draft-field": ""}),
    )
    symptom = forms.CharField(
        label=_("Symptom"),
        help_text=_("How one recognizes it. Needed when it is submitted for review."),
        max_length=LONGEST["symptom"],
        required=False,
        widget=_area(4),
    )
    cause = forms.CharField(
        label=_("Cause"), help_text=_("If it is known."), max_length=LONGEST["cause"], required=False, widget=_area(3)
    )
    fix = forms.CharField(
        label=_("Fix"),
        help_text=_("What to do, step by step. Markdown works: 1. for steps, **bold**, `code`."),
        max_length=LONGEST["fix"],
        required=False,
        widget=_area(8),
    )
    note = forms.CharField(
        label=_("What is new in this version"),
        max_length=LONGEST["note"],
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "data-draft-field": ""}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"data-draft-field": ""}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        count = len(_section_numbers(self.data or self.initial))
        self.section_names: list[tuple[str, str]] = []
        for number in range(min(count + 1, MOST_SECTIONS)):
            names = f"heading_{number}", f"text_{number}"
            self.fields[names[0]] = forms.CharField(
                label=_("Heading of a further section"),
                max_length=LONGEST_SECTION_HEADING,
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto", "data-draft-field": ""}),
            )
            self.fields[names[1]] = forms.CharField(
                label=_("Its text"), max_length=LONGEST_SECTION, required=False, widget=_area(4)
            )
            self.section_names.append(names)

    @property
    def sections(self) -> list[tuple[Any, Any]]:
        """Pairs of bound fields: heading and text."""
        return [(self[heading], self[text]) for heading, text in self.section_names]

    def texts(self) -> dict[str, Any]:
        """What `operations.write` takes."""
        said = self.cleaned_data
        sections = [{"heading": said[heading], "text": said[text]} for heading, text in self.section_names]
        return {name: said[name] for name in TEXTS if name in said} | {"sections": sections}


def _section_numbers(values: Mapping[str, Any]) -> list[int]:
    """Numbers of the sections that hold something, from the first to the last of them."""
    filled = [
        number
        for number in range(MOST_SECTIONS)
        if str(values.get(f"heading_{number}", "")).strip() or str(values.get(f"text_{number}", "")).strip()
    ]
    return list(range(max(filled) + 1)) if filled else []


def initial_of(version: ArticleVersion) -> dict[str, Any]:
    """The values of a form for this version."""
    values: dict[str, Any] = {name: getattr(version, name) for name in TEXTS}
    for number, section in enumerate(version.sections):
        values |= {f"heading_{number}": section["heading"], f"text_{number}": section["text"]}
    return values


class NewArticleForm(TextsForm):
    """A new article: its texts, and the service that it is about."""

    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("no single one")
    )
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    search = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = services_visible_to(viewer).live()
        del fields["note"]
        del fields["revision"]


class AudienceForm(forms.Form):
    """Who reads what is published."""

    audience = forms.ChoiceField(label=_("Who may read it"), choices=Audience.choices, widget=forms.RadioSelect)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label=_("Organizations"),
        help_text=_("For the audience of chosen organizations."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    confirm_nothing_of_customer = forms.BooleanField(
        label=_("I have read it: nothing of a customer is in it"), required=False
    )

    def __init__(self, *args: Any, viewer: Any, chosen: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        # Those chosen by somebody who sees more stay chosen, and are shown.
        visible = organizations_visible_to(viewer).filter(is_active=True).values("pk")
        fields["organizations"].queryset = Organization.objects.filter(pk__in=visible) | Organization.objects.filter(
            pk__in=list(chosen)
        )
