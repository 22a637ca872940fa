"""What a browser has shown of its person's second factor, and how a form asks for it."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import second_factor
from people.models import User

# A confirmation holds for so many seconds: long enough to come back to the form and send it.
HOLDS = 300


def has_proved(request: HttpRequest, user: User) -> bool:
    """Whether the person confirmed with a passkey in this browser a moment ago."""
    since = time.time() - HOLDS
    return any(
        record.get("method") == "mfa"
        and record.get("type") == Authenticator.Type.WEBAUTHN
        and record.get("at", 0) > since
        for record in get_authentication_records(request, user)
    )


def asked_of(request: HttpRequest, user: User) -> forms.CharField | None:
    """The field for a code; None where nothing is set up, or the person has just confirmed."""
    if not second_factor.is_set_up(user) or has_proved(request, user):
        return None
    ways = second_factor.ways(user)
    field = forms.CharField(
        label=gettext_lazy("Code of your authenticator app"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=gettext_lazy("Or one of your recovery codes, which is used up by that."),
    )
    if not ways.passkeys:
        return field
    confirm = f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': request.path})}"
    link = format_html('<a href="{}">{}</a>', confirm, _("Confirm with your passkey instead"))
    if not ways.app:
        field.label = gettext_lazy("Recovery code")
        field.help_text = format_html("{} {}", _("It is used up by that."), link)
    else:
        field.help_text = format_html("{} {}", field.help_text, link)
    return field


class AskingForm(forms.Form):
    """A form that asks those who have a second factor for it, below everything else."""

    def __init__(self, *args: Any, code: forms.CharField | None, **options: Any) -> None:
        super().__init__(*args, **options)
        if code is not None:
            self.fields["code"] = code
