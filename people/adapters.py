"""How sign-in behaves here."""

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an admin: nobody signs themselves up."""

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
