"""What people write the single fields with."""

from collections.abc import Iterable

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.kinds import Kind, Written
from content.models import Picture

# Channels as the form calls them, without asking for rows.
CHANNELS = {
    "web": gettext_lazy("Website"),
    "in-app": gettext_lazy("App"),
    "display": gettext_lazy("Display advertising"),
    "social": gettext_lazy("Social media"),
    "branch": gettext_lazy("Branch"),
}
LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("What it is called"),
    "persona": gettext_lazy("Persona"),
    "segment": gettext_lazy("Segment"),
    "arm": gettext_lazy("Arm of a test"),
    "alt": gettext_lazy("What is on it, in words"),
    "sample": gettext_lazy("Sample"),
    "fallback": gettext_lazy("Fallback"),
    "text": gettext_lazy("Statement"),
    "reference": gettext_lazy("What it rests on"),
    "valid_until": gettext_lazy("True until"),
}
HELP: dict[str, str | Promise] = {
    "persona": gettext_lazy("For whom it is written."),
    "segment": gettext_lazy("Who gets it, in words."),
    "arm": gettext_lazy("Such as B, where it is tested against the main version."),
}


def widget_for(one: Written, language: str) -> forms.Widget:
    """What people write the field with."""
    attrs: dict[str, object] = {"lang": language}
    if one.input == "choice":
        return forms.Select(attrs=attrs, choices=[("", _("Not chosen")), *one.choices])
    if one.input == "moment":
        return forms.DateTimeInput(attrs={"type": "datetime-local", **attrs})
    if one.input == "zone":
        return forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "lang": "en"})
    if one.input == "link":
        attrs |= {"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
    if one.input == "markup":
        attrs |= {"class": "code-input", "spellcheck": "false", "autocapitalize": "none"}
    if one.is_personal:
        attrs["data-write"] = one.input
    if one.rows > 1:
        return forms.Textarea(attrs={"rows": one.rows, **attrs})
    return forms.TextInput(attrs=attrs)


def written_field(one: Written, language: str, *, is_first: bool = False) -> forms.Field:
    """The field for a text of the kind."""
    widget = widget_for(one, language)
    if is_first:
        widget.attrs["autofocus"] = True
    return forms.CharField(
        label=str(one.label), help_text=str(one.help), widget=widget, required=False, strip=False
    )


def line_field(name: str, language: str = "") -> forms.Field:
    """A short field of a variant, a variable, a claim or a file."""
    attrs: dict[str, object] = {"lang": language} if language else {}
    widget: forms.Widget = forms.TextInput(attrs=attrs)
    if name == "valid_until":
        widget = forms.TextInput(attrs={"type": "date"})
    elif name == "text":
        widget = forms.Textarea(attrs={"rows": 2, **attrs})
    return forms.CharField(
        label=str(LABELS[name]),
        help_text=str(HELP.get(name, "")),
        widget=widget,
        required=False,
    )


def file_choices(
    pictures: Iterable[Picture], type_: str, present: str | None
) -> forms.TypedChoiceField:
    """The asset's files of that type, and the one that is there, whosever it was."""
    choices = [("", _("None"))]
    for one in pictures:
        if (one.file.media_type == "application/pdf") == (type_ == "pdf"):
            size = f"{one.file.width} × {one.file.height}, {filesizeformat(one.file.size)}"
            choices.append((one.file.sha256, f"{one.name} ({size})"))
    if present and present not in dict(choices):
        choices.append(
            (present, _("The file of this version (%(digest)s)") % {"digest": present[:8]})
        )
    return forms.TypedChoiceField(
        label=_("File"),
        choices=choices,
        required=False,
        error_messages={
            "invalid_choice": _("The asset has no such file. Choose another, or upload it.")
        },
    )


def choice_of_channel(kind: Kind) -> forms.Field:
    """Where it is sent, for kinds that are sent on several channels."""
    return forms.ChoiceField(
        label=_("Channel"),
        choices=[(key, CHANNELS.get(key, key)) for key in kind.channels],
        required=False,
        help_text=_("The same on another channel is an asset of its own, adapted from this one."),
    )
