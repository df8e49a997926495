"""What people type into the pages of outages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from records.forms import MomentField
from services.models import Offering, Service
from services.queries import services_visible_to

from .checks import LONGEST_CAUSE, share_of
from .models import Outage
from .operations import LONGEST_REASON


class OutageForm(Telling):
    """An outage as people tell it. `weight` is asked in percent, because nobody says “0.5 of the service”."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"))
    offering = forms.ModelChoiceField(
        Offering.objects.none(), label=_("Only the offering"), required=False, empty_label=_("the whole service")
    )
    started_at = MomentField(label=_("Down from"), help_text=_("When it failed, not when somebody reported it."))
    ended_at = MomentField(label=_("Up again"), required=False, help_text=_("Leave empty while it goes on."))
    is_planned = forms.BooleanField(label=_("Planned and announced"), required=False)
    weight = forms.IntegerField(
        label=_("Share lost, %"), min_value=0, max_value=100, initial=100,
        help_text=_("100: nothing worked. Less for a degraded service, as the agreement says."),
    )  # fmt: skip
    users_affected = forms.IntegerField(label=_("People affected"), required=False, min_value=0)
    cause = forms.CharField(label=_("Cause"), required=False, max_length=LONGEST_CAUSE)

    def __init__(self, *args: Any, viewer: Any, outage: Outage | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = services_visible_to(viewer).exclude(stage="retired").order_by("name")
        fields["offering"].queryset = Offering.objects.filter(is_active=True).select_related("service")
        if outage is not None:
            del self.fields["service"]
            fields["offering"].queryset = outage.service.offerings.all().select_related("service")

    @classmethod
    def initial_of(cls, outage: Outage) -> dict[str, Any]:
        """The fields as the outage says."""
        said = ("offering", "started_at", "ended_at", "is_planned", "users_affected", "cause")
        return {name: getattr(outage, name) for name in said} | {"weight": outage.weight_percent}

    def values(self) -> dict[str, Any]:
        """What the operations take."""
        return self.cleaned_data | {"weight": share_of(self.cleaned_data["weight"])}

    def changed_values(self, outage: Outage) -> dict[str, Any]:
        """
        What a correction takes. A moment that nobody touched keeps its seconds, which the form does not show.
        """
        values = {
            name: value for name, value in self.values().items() if name not in ("service", "reason", "seen_version")
        }
        for name in ("started_at", "ended_at"):
            known = getattr(outage, name)
            if known is not None and values[name] == known.replace(second=0):
                values[name] = known
        return values


class CorrectionForm(OutageForm):
    """A correction, with its reason."""

    reason = forms.CharField(label=_("Why is it corrected?"), max_length=LONGEST_REASON, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class EndForm(Telling):
    """Since when it works again."""

    ended_at = MomentField(label=_("Up again since"))


class ReasonForm(Telling):
    """Why something is taken away."""

    reason = forms.CharField(label=_("Why?"), max_length=LONGEST_REASON, required=False)


class RedundancyForm(Telling):
    """Of the services needed, which stand in for each other."""

    name = forms.CharField(label=_("Name"), max_length=120)
    needed = forms.IntegerField(label=_("How many suffice"), min_value=1, max_value=99, initial=1)
    members = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=_("Services"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, needed: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["members"].queryset = Service.objects.filter(pk__in=[each.pk for each in needed]).order_by("name")
