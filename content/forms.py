"""Forms of the content library: filters, a new asset, and what a version says beside its texts.

The texts themselves are `rendition_form`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from cjops.core.forms import made_key
from cjops.core.models import KEY_LENGTH
from content.definition import MAX_RENDITIONS
from content.models import AssetStatus
from content.words import LANGUAGES, language_name
from people.models import valid_key

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
# What can be added with one press; any other language comes through the API.
OFFERED = (*LANGUAGES, "de", "es", "fr", "it", "ja", "ko", "pt")


class OfferedInput(forms.TextInput):
    """A line with names to choose from, in which another may be written all the same.

    `offered` is asked when the line is shown.
    """

    template_name = "content/widgets/offered.html"

    def __init__(self, offered: Callable[[], Sequence[str]]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.offered = offered

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The line and its list."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-list"
        context["offered"] = self.offered()
        return context


class NewAssetForm(forms.Form):
    """What an asset needs beside its first text."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As colleagues will look for it, such as “Onboarding welcome”."),
    )
    key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=KEY_LENGTH,
        help_text=_(
            "Stands in addresses and never changes. Leave it empty to have it made from the name."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it is to achieve, in a sentence."),
    )
    team = forms.ChoiceField(
        label=_("Owner team"), help_text=_("Its members write it. You choose among your teams.")
    )
    is_restricted = forms.BooleanField(
        label=_("Restricted"),
        required=False,
        help_text=_("Only the owner team, and people with a grant, see that it exists."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        teams: Sequence[tuple[str, str]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        offer(self, "team", teams)

    def clean_name(self) -> str:
        """A name that shows something."""
        return shown_name(self.cleaned_data["name"])

    def clean_key(self) -> str:
        """The key that was typed, or one made from the name."""
        key: str = self.cleaned_data["key"] or made_key(self.cleaned_data.get("name", ""))
        if not key and "name" in self.cleaned_data:
            raise ValidationError(
                _("No key can be made from this name. Type one with the letters a to z.")
            )
        if key:
            valid_key(key)
        return key


class VersionForm(forms.Form):
    """What a version says beside its texts; `base` is the number it was written from."""

    name = forms.CharField(label=_("Name"), max_length=200)
    purpose = forms.CharField(
        label=_("Purpose"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def clean_name(self) -> str:
        """A name that shows something."""
        return shown_name(self.cleaned_data["name"])


class ProposedVersionForm(VersionForm):
    """The same in a change, which can also take the asset out of use or bring it back."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=AssetStatus.choices,
        help_text=_(
            "Retired content is offered to no step any more. Where a step shows it, customers go "
            "on receiving it until that step is changed."
        ),
    )


ACCEPTED = "image/png,image/jpeg,image/gif,image/webp,application/pdf"


class PictureForm(forms.Form):
    """A picture to upload; what is in it, `content.media` looks at."""

    file = forms.FileField(
        label=_("Picture"),
        # A file that is empty has a sentence of its own, said where all files are looked at.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose a file first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = gettext(
            "PNG, JPEG, GIF or WebP, up to %(limit)s MB. It is saved anew: where it was taken and "
            "other hidden data are left out."
        ) % {"limit": settings.CJOPS["PICTURE_BYTES"] >> 20}


def languages_in(values: Iterable[str]) -> list[str]:
    """Those of the values that are keys of languages, once each and in their order."""
    keys = [value.lower() for value in values if len(value) < KEY_LENGTH]
    return [key for key in dict.fromkeys(keys) if LANGUAGE.fullmatch(key)][:MAX_RENDITIONS]


def language_choices(taken: Iterable[str]) -> list[tuple[str, str]]:
    """Languages that can be added to those taken."""
    present = set(taken)
    return [(key, full_name(key)) for key in OFFERED if key not in present]


def full_name(key: str) -> str:
    """What a language is called, also one in which the portal itself does not speak."""
    if key in LANGUAGES:
        return language_name(key)
    return str(get_language_info(key)["name_translated"])


def shown_name(value: str) -> str:
    """A name of one line that shows something."""
    name = " ".join(value.split())
    if not any(character.isalnum() for character in name):
        raise ValidationError(_("A name needs at least one letter."))
    return name


def offer(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Give a choice field its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (narrows the type)
    field.choices = choices


class CollectionForm(forms.Form):
    """A new collection."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(label=_("What it is for"), required=False, max_length=400)
    team = forms.ChoiceField(
        label=_("Whose it is"),
        required=False,
        help_text=_("Members of a team fill its collections together."),
    )
    is_shared = forms.BooleanField(
        label=_("Shared"),
        required=False,
        help_text=_("Everybody finds it, with those of its assets that they see anyway."),
    )
