"""What forms and refused acts have to do with each other."""

from collections.abc import Iterable
from typing import Any

from django import forms

from .refusals import Refusal


def tell(form: Any, refusals: Iterable[Refusal]) -> None:
    """Show the refusals of an act at the fields that they are about, others above the form."""
    for each in refusals:
        form.add_error(each.field if each.field in form.fields else None, str(each))


class Telling(forms.Form):
    """A form to which an act may answer with refusals."""

    def tell(self, refusals: Iterable[Refusal]) -> None:
        """Show refusals at the fields they are about."""
        tell(self, refusals)
