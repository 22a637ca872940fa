"""Forms that may be sent twice: a double click, or a reload of what was sent."""

import hashlib
import re
import secrets

from django.http import HttpRequest

from governance.services import Repeat

FIELD = "form_token"
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def form_token(request: HttpRequest) -> str:
    """The token of the form that was sent; a new one for a form that is shown first."""
    sent = request.POST.get(FIELD, "")
    return sent if TOKEN.fullmatch(sent) else secrets.token_urlsafe(16)


def repeat_of(request: HttpRequest) -> Repeat | None:
    """What makes a form that is sent again, with the same in it, lead to what it led to before.

    Sent again with something else in it, it is another request: somebody went back to it.
    """
    token = request.POST.get(FIELD, "")
    if not TOKEN.fullmatch(token):
        return None
    sent = sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")
    said = hashlib.sha256(repr((request.get_full_path(), sent)).encode()).hexdigest()
    return Repeat(f"form:{token}:{said[:32]}", said)
