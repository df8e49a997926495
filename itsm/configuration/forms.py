"""What people type about an item, and how refusals find back to the field they are about."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from people.models import Organization, Team, User
from services import attributes
from services.models import (
    AttributeKind,
    ConfigurationItem,
    Criticality,
    ItemStatus,
    ItemType,
    RelationType,
    Service,
    TypeAttribute,
)
from services.queries import suppliers_for

PREFIX = "attribute_"


class ItemForm(forms.Form):
    """An item with the attributes of its type. The act checks the values; this only reads them."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    type = forms.ModelChoiceField(
        ItemType.objects.none(), label=_("Type"), required=False, empty_label=_("not said"), to_field_name="slug"
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[each for each in ItemStatus.choices if each[0] != ItemStatus.RETIRED]
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("none"),
        help_text=_("What an incident on it is about, unless somebody says otherwise."),
    )  # fmt: skip
    further_services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=_("Further services that it carries"), required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("Hold Ctrl to choose several."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False, empty_label=_("nobody yet"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("none"))
    supplier = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Supplier"), required=False, empty_label=_("none"),
        help_text=_("Who keeps it going for us. A ticket that is handed over goes by the contract with it."),
    )  # fmt: skip
    criticality = forms.TypedChoiceField(
        label=_("Criticality"), choices=Criticality.choices, coerce=int, initial=Criticality.USEFUL
    )
    external_key = forms.CharField(
        label=_("Key in the other tool"), max_length=200, required=False,
        help_text=_("Imports find the item again by it."),
    )  # fmt: skip
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, item: ConfigurationItem | None = None, type: ItemType | None = None, **options: Any):
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["type"].queryset = ItemType.objects.filter(Q(is_active=True) | Q(pk=item.type_id if item else None))
        fields["service"].queryset = fields["further_services"].queryset = Service.objects.order_by("name")
        fields["owner"].queryset = User.objects.filter(organization__is_provider=True, is_active=True).order_by("name")
        fields["team"].queryset = Team.objects.order_by("name")
        fields["supplier"].queryset = suppliers_for(item.supplier_id if item else None)
        if item is not None:
            del fields["status"]
        self.attributes: list[TypeAttribute] = list(type.attributes.all()) if type else []
        for each in self.attributes:
            fields[PREFIX + each.key] = _field_of(each)

    @property
    def attribute_fields(self) -> list[Any]:
        """The bound fields of the type's attributes."""
        return [self[PREFIX + each.key] for each in self.attributes]

    def values(self) -> dict[str, Any]:
        """What was typed, as the operations take it; call it on a sound form."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "seen_version" and not name.startswith(PREFIX)
        }
        said["attributes"] = {each.key: self.cleaned_data.get(PREFIX + each.key) for each in self.attributes}
        return said

    def tell(self, refusals: Iterable[Refusal]) -> None:
        """Put each refusal beside the field that it is about, or above the form."""
        for refusal in refusals:
            name = (refusal.field or "").replace("attributes.", PREFIX)
            self.add_error(name if name in self.fields else None, str(refusal))


def _field_of(attribute: TypeAttribute) -> forms.Field:
    """A field for one attribute; what it holds is read by the act, so that every door says the same."""
    said: dict[str, Any] = {"label": attribute.label, "required": False}
    match attribute.kind:
        case AttributeKind.CHOICE:
            return forms.ChoiceField(choices=[("", "–"), *((each, each) for each in attribute.choices)], **said)
        case AttributeKind.YES_NO:
            return forms.ChoiceField(choices=[("", "–"), ("yes", _("yes")), ("no", _("no"))], **said)
        case AttributeKind.DATE:
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **said)
        case AttributeKind.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **said)
    return forms.CharField(max_length=attributes.LONGEST_TEXT, **said)


def initial_of(item: ConfigurationItem) -> dict[str, Any]:
    """Fill the form from an item."""
    said = {
        name: getattr(item, f"{name}_id" if name in ("service", "owner", "team", "supplier") else name)
        for name in ("name", "service", "owner", "team", "supplier", "criticality", "external_key", "description")
    }
    values = {
        PREFIX + key: {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        for key, value in item.attributes.items()
    }
    return {
        **said,
        **values,
        "type": item.type.slug if item.type else "",
        "further_services": list(item.further_services.values_list("pk", flat=True)),
        "seen_version": item.version,
    }


class RelationForm(forms.Form):
    """How this item hangs together with another one. `type` says the direction too: `runs_on` or `-runs_on`."""

    type = forms.ChoiceField(label=_("This item"))
    other = forms.IntegerField(required=False, widget=forms.HiddenInput)
    other_text = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {each.slug: each for each in RelationType.objects.filter(is_active=True)}
        forward = [(slug, each.label) for slug, each in self.known.items()]
        backward = [
            (f"-{slug}", each.reverse_label) for slug, each in self.known.items() if each.reverse_label != each.label
        ]
        self.fields["type"].choices = sorted([*forward, *backward], key=lambda pair: pair[1])  # type: ignore[attr-defined]

    def relation(self) -> tuple[RelationType, bool]:
        """The type, and whether it is read backward; call it on a sound form."""
        slug: str = self.cleaned_data["type"]
        return self.known[slug.removeprefix("-")], slug.startswith("-")


class RetirementForm(forms.Form):
    """Why an item goes, and that it may although others need it."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, required=False)
    confirm = forms.BooleanField(label=_("Retire it although others need it"), required=False)
