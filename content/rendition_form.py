"""The form for the wording of an asset: a group of fields for each language."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from cjops.documents import Document
from content.definition import said
from content.kinds import KINDS, Written
from content.words import language_name

LANGUAGES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


@dataclass(frozen=True, slots=True)
class Language:
    """The fields of one language."""

    key: str
    name: str
    fields: list[BoundField]


def widget_for(one: Written, language: str) -> forms.Widget:
    """What people write the field with."""
    attrs: dict[str, object] = {"lang": language}
    if one.input == "choice":
        return forms.Select(attrs=attrs, choices=[("", _("Not chosen")), *one.choices])
    if one.input == "moment":
        return forms.DateTimeInput(attrs={"type": "datetime-local", **attrs})
    if one.input == "markup":
        attrs["class"] = "code-input"
    if one.rows > 1:
        return forms.Textarea(attrs={"rows": one.rows, **attrs})
    return forms.TextInput(attrs=attrs)


class RenditionsForm(forms.Form):
    """Every language of an asset document; `document()` is the asset as the form says it.

    Raises nothing itself: lengths and emptiness are for the schema and the checks to say.
    """

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = document
        self.kind = KINDS[document["kind"]]
        for rendition in document["renditions"]:
            for one in self.kind.written:
                self.fields[f"{rendition['key']}.{one.name}"] = forms.CharField(
                    label=str(one.label),
                    help_text=str(one.help),
                    widget=widget_for(one, rendition["language"]),
                    required=False,
                    initial=said(rendition, one.name),
                    strip=False,
                )

    def languages(self) -> list[Language]:
        """The fields by language, for the page."""
        return [
            Language(
                rendition["key"],
                LANGUAGES.get(rendition["key"]) or language_name(rendition["key"]),
                [self[f"{rendition['key']}.{one.name}"] for one in self.kind.written],
            )
            for rendition in self.before["renditions"]
        ]

    def document(self) -> Document:
        """The document with what was written put in."""
        renditions = []
        for rendition in self.before["renditions"]:
            written = {
                one.name: self.cleaned_data[f"{rendition['key']}.{one.name}"].replace("\r\n", "\n")
                for one in self.kind.written
            }
            if self.kind.key == "email":
                is_mjml = written["body"].lstrip()[:6].lower().startswith("<mjml")
                written["format"] = "mjml" if is_mjml else "html"
            renditions.append({**rendition, **written})
        return {**self.before, "renditions": renditions}
