"""The form of a saved table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Telling

from ..dashboards.forms import SharingForm
from .models import Pivot
from .operations import LONGEST_NAME


class ContentForm(Telling):
    """What a saved table is to show, as the page of the table says it."""

    kpi = forms.CharField(required=False)
    rows = forms.CharField(required=False)
    columns = forms.CharField(required=False)
    query = forms.CharField(required=False)
    version = forms.CharField(required=False)


class TableForm(SharingForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["name", "people", "teams", "roles", "organizations"]

    @classmethod
    def of(cls, table: Pivot, viewer: Any) -> "TableForm":
        return cls(viewer=viewer, row=table, initial={"name": table.name, "version": table.version})
