"""Calls that may be sent twice."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from cjops.core.api import fingerprint, idempotency_key
from governance.services import Repeat

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of your own: a repeat with the same key does nothing twice.",
)


def repeat_of(request: Request) -> Repeat | None:
    """What the request's Idempotency-Key says; None where it has none."""
    key = idempotency_key(request)
    return Repeat(key, fingerprint(request)) if key else None
