"""The form that brings an e-mail in from a file."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cjops.core.models import KEY_LENGTH
from content.forms import language_choices, offer
from people.models import valid_key


class ImportForm(forms.Form):
    """A file, who owns what is in it, and how it is called."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".html,.htm,.mjml,.zip"}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
        help_text=gettext_lazy(
            "HTML or MJML, or a zip with one page for each language and its pictures."
        ),
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Owner team"),
        help_text=gettext_lazy("Its members write it. You choose among your teams."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Of a page that does not say so itself."),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=KEY_LENGTH,
        help_text=gettext_lazy(
            "Of an asset that there is already, to replace its languages. Empty: a new asset."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, teams: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "team", teams)
        offer(self, "language", language_choices(()))

    def clean_key(self) -> str:
        """A key, or nothing."""
        key: str = self.cleaned_data["key"]
        if key:
            valid_key(key)
        return key
