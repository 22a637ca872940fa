"""Programs that act for a person: `Authorization: Token ...`."""

from typing import Any

from django.db.models import OuterRef
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from cjops.core.errors import Forbidden
from people.backends import columns_of, read_with
from people.granting import end_due
from people.models import ApiToken, User
from people.tokens import note_use, token_digest


class TokenExpired(AuthenticationFailed):
    """It was right, and its time is over."""

    default_code = "token_expired"


def factor_missing() -> Forbidden:
    """The refusal for whose role takes a second factor that they have not set up."""
    return Forbidden(
        _("Your role takes a second factor. Sign in to the portal and set one up first."),
        code="second_factor_missing",
    )


class TokenAuthentication(BaseAuthentication):
    """The person an API token stands for."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The person and the token; None where the request names no token."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Send the token as “Authorization: Token …”."))
        digest = token_digest(parts[1].decode("latin-1"))
        found = ApiToken.objects.select_related("user").filter(digest=digest)
        token: Any = found.annotate(**columns_of(OuterRef("user"))).first()
        # One refusal for both, so that a token of a closed account tells nothing.
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("The token is not valid."))
        if token.is_expired:
            raise TokenExpired(_("The token has expired. Make a new one in your preferences."))
        if token.misses_second_factor:
            raise factor_missing()
        note_use(token)
        if token.has_overdue:
            # No worker has looked since a grant of theirs came to its end.
            end_due()
            return token.user, token
        return read_with(token.user, token), token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names it."""

    target_class = "people.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and a space before the key. A token allows only its scopes.",
        }
