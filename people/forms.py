"""Forms about oneself and lists of teams."""

import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cjops.core.scopes import Scope
from people.models import Locale, Mails, TeamKind, User
from people.proving import AskingForm


@cache
def time_zones() -> list[Any]:
    """The IANA zones as choices, grouped by continent; UTC stands first."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "US", "posix", "right"):
            groups[region].append((name, place.replace("_", " ").replace("/", " / ")))
    zones: list[Any] = [("UTC", "UTC"), *groups.items()]
    return zones


class ZoneSelect(forms.Select):
    """The choice among some 600 zones; Django would render a template for each of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The whole control."""
        about = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        groups = [
            format_html('<optgroup label="{}">{}</optgroup>', label, options(inner, value))
            if isinstance(inner, list)
            else options([(str(label), str(inner))], value)
            for label, inner in self.choices
        ]
        return format_html("<select{}>{}</select>", flatatt(about), SafeString("".join(groups)))


def options(choices: Iterable[tuple[str, str]], chosen: Any) -> SafeString:
    """The options of a choice."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value == chosen else "", label)
            for value, label in choices
        ),
    )


class PreferencesForm(forms.Form):
    """What a person may change about their own account."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As colleagues see it beside your decisions."),
    )
    locale = forms.ChoiceField(
        label=_("Language"),
        choices=Locale.choices,
        help_text=_("Of the portal and of the mail it sends you."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        widget=ZoneSelect,
        help_text=_("Times and due dates are shown in it."),
    )
    mails = forms.ChoiceField(
        label=_("E-mails"),
        choices=Mails.choices,
        help_text=_("The digest comes after eight in the morning, on days with something in it."),
    )
    uses_keys = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        required=False,
        help_text=_("The switch in the menu under your name changes it for one browser only."),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(
            data, initial={name: getattr(user, name) for name in PreferencesForm.base_fields}
        )
        # Left out by a form that does not ask for it, the choice stays as it is.
        self.fields["mails"].required = data is None or "mails" in data
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)  # noqa: S101  (narrows the type)
        if not zone.valid_value(user.time_zone):
            # An admin chose it, or it came with the account; saving must not change it.
            zone.choices = [(user.time_zone, user.time_zone), *time_zones()]

    def clean_mails(self) -> str | None:
        """The choice; None where a form was sent that does not ask for it."""
        return self.cleaned_data["mails"] or None

    def clean_name(self) -> str:
        """A name that shows something."""
        name: str = self.cleaned_data["name"]
        if not any(character.isalnum() for character in name):
            raise ValidationError(_("A name needs at least one letter."))
        return name


class TeamFilterForm(forms.Form):
    """Which teams the list shows."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, strip=True)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Any")), *TeamKind.choices]
    )


class TokenForm(AskingForm):
    """A new API token."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=120,
        help_text=_("You tell your tokens apart by it, such as “nightly import”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do besides reading"),
        required=False,
        choices=[(scope.value, scope.label) for scope in Scope if scope is not Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may yourself. Grant only what the program needs."),
    )
    days = forms.TypedChoiceField(
        label=_("It expires after"),
        coerce=int,
        initial=90,
        choices=lambda: [
            (days, ngettext_lazy("%(count)s day", "%(count)s days", days) % {"count": days})
            for days in (7, 30, 90, 180, 365)
            if days <= settings.CJOPS["TOKEN_DAYS"]
        ],
    )
