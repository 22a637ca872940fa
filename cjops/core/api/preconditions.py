"""Calls that must not happen twice, or on a document that has moved: ETag, If-Match, repeats."""

import hashlib
import re

import orjson
from django.utils.translation import gettext as _
from rest_framework.request import Request

from cjops.core.errors import Invalid, PreconditionRequired, Stale

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def etag(digest: str) -> str:
    """A digest as a strong entity tag."""
    return f'"{digest}"'


def require_match(request: Request) -> str:
    """The digest that `If-Match` names; raises 428 where it is missing."""
    digest = read_match(request)
    if digest is None:
        raise PreconditionRequired(
            _("Send If-Match with the ETag of the document that you changed.")
        )
    return digest


def read_match(request: Request) -> str | None:
    """The digest that `If-Match` names, "" for `*` (whatever is there), None without the header.

    Raises `Stale` for a tag that is none of ours: it can match no document.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        return None
    if header == "*":
        return ""
    # A proxy that compresses marks tags as weak; the digest in them still says which document.
    tag = header.removeprefix("W/").strip('"')
    if not re.fullmatch(r"[0-9a-f]{64}", tag):
        raise Stale(_("If-Match names no version of this document. Fetch it again."))
    return tag


def is_known(request: Request, digest: str) -> bool:
    """Whether `If-None-Match` says that the client already holds this document."""
    tags = request.headers.get("If-None-Match", "").split(",")
    return any(tag.strip().removeprefix("W/") == etag(digest) for tag in tags)


def idempotency_key(request: Request) -> str:
    """The request's Idempotency-Key, "" where it has none; raises `Invalid` for an odd one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid(
            _("Some values are not right."),
            errors={"Idempotency-Key": [_("Use 1 to 200 visible ASCII characters.")]},
        )
    return key


def fingerprint(request: Request) -> str:
    """What an Idempotency-Key was first used for: method, path and body."""
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
    seed = f"{request.method} {request.path} ".encode() + body
    return hashlib.sha256(seed).hexdigest()
