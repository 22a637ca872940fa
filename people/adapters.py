"""How sign-in behaves here."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people import encryption

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an admin: nobody signs themselves up."""

    error_messages = DefaultAccountAdapter.error_messages | {
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
