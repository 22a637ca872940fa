"""Whether the token of a call is allowed that kind of call: asked once, before every endpoint.

Calls that read take every token. A class that writes says in `writes` which scopes do, any one of
them; one that says nothing refuses tokens, so that what was forgotten is closed.
"""

from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from cjops.core.errors import Forbidden
from cjops.core.scopes import Scope

Scopes = frozenset[Scope]
READING: Scopes = frozenset({Scope.READ})


class AllowedByToken(BasePermission):
    """Refuses a call that the token is not meant for; a signed-in browser needs no token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or `Forbidden` with the scopes of which one is missing."""
        token: Any = request.auth
        if token is None or not hasattr(view, (request.method or "").lower()):
            # What the class does not do at all is refused by itself.
            return True
        needed = scopes_of(view, request.method or "")
        if needed & set(token.scopes):
            return True
        names = [str(scope.label) for scope in Scope if scope in needed]
        raise Forbidden(
            _("This token is not allowed that. It needs the scope: %(scopes)s.")
            % {"scopes": get_text_list(names, _("or"))},
            code="scope_missing",
            scopes=sorted(needed),
        )


def scopes_of(view: Any, method: str) -> Scopes:
    """The scopes that allow a call of that method, any one of them."""
    if method in SAFE_METHODS:
        return READING | frozenset(Scope)
    return view.writing() if hasattr(view, "writing") else frozenset()
