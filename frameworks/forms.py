"""Handing in a pack: as a file, or typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from common.plain_yaml import LARGEST_BYTES


class PackForm(Telling):
    """A pack as text. A file, where one is given, goes before what is typed."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Goes before the text."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
    )
    text = forms.CharField(
        label=_("Text"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "input mono"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        file = said.get("file")
        if file is not None:
            if file.size > LARGEST_BYTES:
                size, most = file.size // 1024 + 1, LARGEST_BYTES // 1024
                self.add_error(
                    "file",
                    _("The file has %(size)d KB. A pack has at most %(most)d KB.") % {"size": size, "most": most},
                )
                return said
            said["given"] = file.read()
            # What stood in the file comes back with the page, so that it can be corrected there.
            self.data = {**self.data.dict(), "text": said["given"].decode("utf-8", "replace")}  # type: ignore[attr-defined]
        elif (said.get("text") or "").strip():
            said["given"] = said["text"]
        else:
            self.add_error("text", _("Choose a file, or paste the text of a pack."))
        return said
