"""Forms of the journey screens: the filter bar, and a new journey."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cjops.core.forms import made_key
from cjops.core.models import KEY_LENGTH
from journeys.models import Importance
from people.models import valid_key

LIVE, NOT_LIVE, CHANGING = "live", "not-live", "changing"


class JourneyFilterForm(forms.Form):
    """Which journeys the list shows. Markets, product lines and channels are those there are."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name, key or purpose")}),
    )
    owner = forms.ChoiceField(
        label=_("Owner"), required=False, choices=[("", _("Anybody")), ("mine", _("Mine"))]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any")),
            (LIVE, _("Live")),
            (NOT_LIVE, _("Not live yet")),
            (CHANGING, _("With open changes")),
        ],
    )
    market = forms.ChoiceField(label=_("Market"), required=False)
    product_line = forms.ChoiceField(label=_("Product line"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    importance = forms.ChoiceField(
        label=_("Importance"), required=False, choices=[("", _("Any")), *Importance.choices]
    )

    def __init__(
        self,
        data: Any = None,
        *,
        markets: list[str],
        product_lines: list[str],
        channels: list[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        for name, values in (
            ("market", [(value, value) for value in markets]),
            ("product_line", [(value, value) for value in product_lines]),
            ("channel", channels),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (narrows the type)
            field.choices = [("", _("Any")), *values]


class NewJourneyForm(forms.Form):
    """What a journey needs to begin with; everything else is written in its first change."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As colleagues will look for it, such as “Account opening”."),
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
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it is to do for customers, in a sentence or two."),
    )
    market = forms.CharField(
        label=_("Market"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-markets"}),
    )
    product_line = forms.CharField(
        label=_("Product line"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-product-lines"}),
    )
    is_restricted = forms.BooleanField(
        label=_("Restricted"),
        required=False,
        help_text=_("Only people with a role on it see that it exists."),
    )

    def clean_name(self) -> str:
        """A name that shows something."""
        name: str = " ".join(self.cleaned_data["name"].split())
        if not any(character.isalnum() for character in name):
            raise ValidationError(_("A name needs at least one letter."))
        return name

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
