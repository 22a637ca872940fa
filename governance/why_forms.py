"""The form that asks why somebody may do something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.delegation_forms import person_field


class WhyForm(forms.Form):
    """Whom and what it is about."""

    person = person_field(label=_("Who"), help_text=_("An e-mail address."))
    subject = forms.CharField(
        label=_("On what"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "subjects"}),
        help_text=_(
            "For example account-opening (the key of a journey), asset:welcome-letter, "
            "taxonomy:topics or CR-135."
        ),
    )

    def __init__(self, *args: Any, about_others: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not about_others:
            del self.fields["person"]
