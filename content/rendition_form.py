"""The form for the wording of an asset: a group of fields for each language."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from cjops.documents import Document

LANGUAGES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}

# What people write for each kind of asset, in order, and how many rows the field has.
WRITTEN: dict[str, tuple[tuple[str, int], ...]] = {
    "email": (("subject", 1), ("preheader", 1), ("sender", 1), ("body", 14), ("text", 6)),
    "sms": (("text", 4),),
    "push": (("title", 1), ("text", 3), ("link", 1)),
}
LABELS = {
    "subject": _("Subject"),
    "preheader": _("Preheader"),
    "sender": _("Sender name"),
    "body": _("Message (HTML or MJML)"),
    "text": _("Text"),
    "title": _("Title"),
    "link": _("Link"),
}


@dataclass(frozen=True, slots=True)
class Language:
    """The fields of one language."""

    key: str
    name: str
    fields: list[BoundField]


class RenditionsForm(forms.Form):
    """Every language of an asset document; `document()` is the asset as the form says it.

    Raises nothing itself: lengths and emptiness are for the schema and the checks to say.
    """

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = document
        for rendition in document["renditions"]:
            for name, rows in WRITTEN[document["kind"]]:
                widget: forms.Widget = (
                    forms.TextInput() if rows == 1 else forms.Textarea(attrs={"rows": rows})
                )
                widget.attrs["lang"] = rendition["language"]
                if name == "body":
                    widget.attrs["class"] = "code-input"
                self.fields[f"{rendition['key']}.{name}"] = forms.CharField(
                    label=LABELS[name],
                    widget=widget,
                    required=False,
                    initial=rendition[name],
                    strip=False,
                )

    def languages(self) -> list[Language]:
        """The fields by language, for the page."""
        return [
            Language(
                rendition["key"],
                LANGUAGES.get(rendition["key"], rendition["language"]),
                [
                    self[f"{rendition['key']}.{name}"]
                    for name, _rows in WRITTEN[self.before["kind"]]
                ],
            )
            for rendition in self.before["renditions"]
        ]

    def document(self) -> Document:
        """The document with what was written put in."""
        renditions = []
        for rendition in self.before["renditions"]:
            written = {
                name: self.cleaned_data[f"{rendition['key']}.{name}"].replace("\r\n", "\n")
                for name, _rows in WRITTEN[self.before["kind"]]
            }
            if "body" in written:
                is_mjml = written["body"].lstrip()[:6].lower().startswith("<mjml")
                written["format"] = "mjml" if is_mjml else "html"
            renditions.append({**rendition, **written})
        return {**self.before, "renditions": renditions}
