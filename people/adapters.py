"""How sign-in behaves here."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records as records_of
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people import ages, devices, encryption, security
from people.models import User
from people.origins import where

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an admin: nobody signs themselves up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many tries failed. Wait some minutes, or choose a new password by mail."
        ),
        "rate_limited": _("You have tried too often. Wait some minutes, then try again."),
        "passkey_refused": _("This passkey was not accepted. Try again, or sign in another way."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose tries the limits count together.

        A request that came past the proxies of `TRUSTED_PROXY_COUNT` counts where it came from.
        """
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            log.warning("fewer_proxies_than_trusted")
            return str(request.META["REMOTE_ADDR"])

    def set_password(self, user: User, password: str) -> None:
        """The password and nothing else of the row, which was read before."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before a password is hashed: one Argon2 check costs 145 ms of CPU."""
        self._login_failed_rl_usage = devices.take_try(request, credentials.get("email", ""))
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write it down: whose account it was, never the address that was tried."""
        security.sign_in_failed(email=credentials.get("email", ""), method="password")

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        """Signed in, second step included: written down, and this browser is known from now on."""
        answer: HttpResponse = super().post_login(request, user, **about)
        security.signed_in(
            user=user,
            key=request.session.session_key or "",
            where=where(request),
            methods=[str(one.get("type") or one["method"]) for one in records_of(request, user)],
        )
        devices.remember(request, user)
        ages.begin(request.session)
        return answer

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and write that down."""
        user, key = request.user, request.session.session_key
        super().logout(request)
        if isinstance(user, User):
            security.signed_out(user=user, key=key or "")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        """What allauth would mail about one's own account is mailed, and more, by us."""
        request = self.request
        if template_prefix == "account/email/password_reset":
            # They read the mail that only they get.
            devices.forget_strangers(request, user.email)
            devices.remember(request, user)
        keep = request.session.session_key if request.user == user else None
        security.changed(
            user=user, what=CHANGES[template_prefix], actor=user, where=where(request), keep=keep
        )


# What allauth says when something has changed.
CHANGES = {
    "account/email/password_changed": security.PASSWORD_CHANGED,
    "account/email/password_set": security.PASSWORD_CHANGED,
    "account/email/password_reset": security.PASSWORD_RESET,
    "mfa/email/totp_activated": security.APP_ADDED,
    "mfa/email/totp_deactivated": security.APP_REMOVED,
    "mfa/email/webauthn_added": security.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": security.PASSKEY_REMOVED,
    "mfa/email/recovery_codes_generated": security.CODES_MADE,
}


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What goes wrong with a second factor, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it was used already. Enter the next one."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        """How keys of apps and the seeds of recovery codes are stored."""
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The same the other way."""
        return encryption.decrypt(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """What a passkey is called that was given no name."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}
