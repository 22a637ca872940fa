"""The forms of the second factor in our words; allauth checks what is entered."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people import devices, security

EITHER = _("Six digits from your authenticator app, or one of your recovery codes.")
FROM_APP = _("The six digits that the app shows now.")


class _ChecksCode:
    """Counts tries as for passwords, so that nobody uses up those of the person themselves."""

    user: Any
    authenticator: Authenticator
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        usage = devices.take_try(context.request, self.user.email, "code")
        if not usage:
            raise get_adapter().validation_error("too_many_login_attempts")
        for one in Authenticator.objects.filter(user=self.user).exclude(type="webauthn"):
            if one.wrap().validate_code(code):
                one.user = self.user
                self.authenticator = one
                usage.rollback()
                return code
        security.sign_in_failed(email="", user=self.user, method="code")
        raise get_mfa_adapter().validation_error("incorrect_code")


class AuthenticateForm(_ChecksCode, base.AuthenticateForm):  # type: ignore[misc]
    """The code that signs in after the password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _put_in_words(self, EITHER)


class ReauthenticateForm(_ChecksCode, base.ReauthenticateForm):  # type: ignore[misc]
    """The code that says it is still the same person."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _put_in_words(self, EITHER)


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, which shows that it has the key."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _put_in_words(self, FROM_APP)


# What is sent in place of what a passkey says: it falls over deep inside what reads it.
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, AssertionError)


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: it signs in alone, so it has to be unlocked by its person each time."""

    passwordless = None
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=60,
        help_text=_("You tell your passkeys apart by it, such as “work laptop”."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        credential = cleaned.get("credential")
        if not credential:
            return cleaned
        try:
            auth.parse_registration_response(credential)
            if auth.complete_registration(credential).is_user_verified():
                return cleaned
        except UNREADABLE:
            pass
        raise get_adapter().validation_error("passkey_refused")


class EditPasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name"), max_length=60)


class _ReadsPasskey:
    """A form that what is sent in place of a passkey cannot break."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        """Nobody guesses a passkey: tries are counted so that strangers do not fill the log."""
        request = context.request
        usage = devices.take_nameless(request, "passkey")
        if not usage:
            raise get_adapter().validation_error("rate_limited")
        try:
            found = self._read(self.cleaned_data["credential"])
        except forms.ValidationError:
            security.sign_in_failed(email="", method="passkey", user=self.user)
            raise
        usage.rollback()
        return found

    def _read(self, credential: Any) -> Any:
        try:
            auth.parse_authentication_response(credential)
            user = self.user or auth.extract_user_from_response(credential)
            return auth.complete_authentication(user, credential)
        except UNREADABLE:
            raise get_adapter().validation_error("passkey_refused") from None


class SignInPasskeyForm(_ReadsPasskey, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey in place of address, password and code."""


class SecondStepPasskeyForm(
    _ReadsPasskey,
    webauthn.AuthenticateWebAuthnForm,  # type: ignore[misc]
):
    """A passkey in place of the code."""


class ReauthenticatePasskeyForm(
    _ReadsPasskey,
    webauthn.ReauthenticateWebAuthnForm,  # type: ignore[misc]
):
    """A passkey that says it is still the same person."""


def _put_in_words(form: Any, help_text: Promise) -> None:
    field = form.fields["code"]
    field.label, field.help_text = _("One-time code"), help_text
    # Digits on a phone's keyboard; what stands in an empty field is read as if it were filled.
    field.widget.attrs |= {"inputmode": "numeric"}
    field.widget.attrs.pop("placeholder", None)
