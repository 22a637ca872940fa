"""Forms around policies; the policy itself is written in a form of its own (`drafting`)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.ruling.nested import MAX_LENGTH


class ReasonForm(forms.Form):
    """Why somebody decides so."""

    comment = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        help_text=_("It stays in the history of the policy."),
    )

    def __init__(self, *args: Any, is_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = is_required


class PolicyImportForm(forms.Form):
    """Policies as YAML, in a file or pasted, and what is to be done with them."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
    )
    text = forms.CharField(
        label=_("Or the text itself"),
        required=False,
        max_length=MAX_LENGTH,
        # Line ends and blanks count in YAML.
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "code", "spellcheck": "false"}),
    )
    comment = forms.CharField(
        label=_("Why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=10_000,
    )
    activate = forms.BooleanField(
        label=_("Put them into force at once"),
        required=False,
        help_text=_("Where a policy asks for a second person, somebody else has to do that."),
    )

    def clean(self) -> dict[str, Any]:
        """The text, from the file where there is one."""
        said: dict[str, Any] = self.cleaned_data
        if file := said.get("file"):
            if file.size > MAX_LENGTH:
                self.add_error("file", _("The file is larger than policies can be."))
                return said
            try:
                said["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not text in UTF-8."))
        elif not said.get("text", "").strip() and not self.errors:
            self.add_error("text", _("Choose a file, or paste the text here."))
        return said
