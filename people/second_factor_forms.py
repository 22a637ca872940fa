"""The forms of the second factor in our words; allauth checks what is entered."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EITHER = _("Six digits from your authenticator app, or one of your recovery codes.")
FROM_APP = _("The six digits that the app shows now.")


class AuthenticateForm(base.AuthenticateForm):  # type: ignore[misc]
    """The code that signs in after the password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _put_in_words(self, EITHER)


class ReauthenticateForm(base.ReauthenticateForm):  # type: ignore[misc]
    """The code that says it is still the same person."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _put_in_words(self, EITHER)


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, which shows that it has the key."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _put_in_words(self, FROM_APP)


def _put_in_words(form: Any, help_text: Promise) -> None:
    field = form.fields["code"]
    field.label, field.help_text = _("One-time code"), help_text
    # Digits on a phone's keyboard; what stands in an empty field is read as if it were filled.
    field.widget.attrs |= {"inputmode": "numeric"}
    field.widget.attrs.pop("placeholder", None)
