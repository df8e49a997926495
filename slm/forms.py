"""What people type around the text of agreements: who signs, how one ends, and which would match."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from people.models import Organization, Team, User
from people.queries import organizations_visible_to, people_visible_to, teams_visible_to
from records.enums import Priority
from records.forms import MomentField
from records.models import Record
from services.models import ConfigurationItem, Service
from services.queries import items_open_to, services_visible_to

from . import declarations
from .enums import AgreementType
from .fields import PickedItem, PickedPerson
from .models import Agreement


class HandlingForm(forms.Form):
    """Who signs, and when it is reviewed: no part of the text."""

    provider_signatory = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Signs for the provider"), required=False
    )
    partner_signatory = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Signs for the other side"),
        required=False,
        empty_label=gettext_lazy("on paper"),
    )
    review_date = forms.DateField(
        label=gettext_lazy("Next review"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        known = {name: getattr(agreement, name) for name in ("provider_signatory", "partner_signatory", "review_date")}
        options["initial"] = known
        super().__init__(*args, **options)
        people = User.objects.active().select_related("organization").order_by("name")
        fields: dict[str, Any] = self.fields
        fields["provider_signatory"].queryset = people.filter(organization__is_provider=True)
        partners = people
        if agreement.organization_id is not None and agreement.type == AgreementType.CUSTOMER:
            partners = people.filter(organization=agreement.organization_id)
        fields["partner_signatory"].queryset = partners


class PaperForm(forms.Form):
    """A signature that stands on paper."""

    signed_name = forms.CharField(label=gettext_lazy("Who signed"), max_length=200)
    reference = forms.CharField(label=gettext_lazy("Where the paper is kept"), max_length=200)


class ConclusionForm(forms.Form):
    """The end of a review that changes nothing."""

    note = forms.CharField(label=gettext_lazy("What the review found"), max_length=300)
    review_date = forms.DateField(label=gettext_lazy("Next review"), widget=forms.DateInput(attrs={"type": "date"}))


class NoticeForm(forms.Form):
    """Ending an agreement by notice."""

    ends_date = forms.DateField(
        label=gettext_lazy("First day without it"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)
    waives_notice = forms.BooleanField(
        label=gettext_lazy("Both sides agree on this day, however early"), required=False
    )


class HypotheticalForm(forms.Form):
    """A ticket that nobody has logged: which agreement would it fall under?"""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of ticket"))
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=gettext_lazy("Organization"), required=False
    )
    service = forms.ModelChoiceField(Service.objects.none(), label=gettext_lazy("Service"), required=False)
    requester = PickedPerson(User.objects.none(), label=gettext_lazy("Requester"), required=False)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, coerce=int, initial=Priority.P3
    )
    opened_at = MomentField(label=gettext_lazy("Opened"), required=False, help_text=gettext_lazy("Empty: now."))
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team that has it"), required=False,
        help_text=gettext_lazy("For the agreement with the team."),
    )  # fmt: skip
    item = PickedItem(
        ConfigurationItem.objects.none(), label=gettext_lazy("Configuration item"), required=False,
        help_text=gettext_lazy("Its supplier comes before that of the service."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = declarations.kind_choices()
        fields["organization"].queryset = organizations_visible_to(viewer).filter(is_active=True)
        fields["service"].queryset = services_visible_to(viewer).live()
        fields["requester"].queryset = people_visible_to(viewer).active()
        fields["team"].queryset = teams_visible_to(viewer).filter(is_active=True).order_by("name")
        fields["item"].queryset = items_open_to(viewer)


class TesterForm(forms.Form):
    """A record to try: by its reference, or as somebody would log it."""

    reference = forms.CharField(label=gettext_lazy("Ticket"), max_length=30)

    def record(self, user: Any) -> Any:
        """The record named, if the person may see it."""
        digits = "".join(each for each in self.cleaned_data["reference"] if each.isdigit())
        if not digits or len(digits) > 15:
            return None
        return Record.objects.visible_to(user).filter(pk=int(digits)).first()
